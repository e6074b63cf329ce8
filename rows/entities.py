"""One declaration per entity: what can be read, filtered and sorted, and who sees it."""

import models
from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldType
from domain.customers import CustomerLevel
from domain.files import DOWNLOAD_SECONDS
from domain.labels import labels_in
from domain.orders.labels import status_labels
from domain.orders.life_cycle import STATUS_GROUPS, OrderStatus, OrderType, StatusGroup
from domain.people import Role
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import (
    Column,
    Composite,
    Computed,
    Entity,
    Kind,
    Paged,
    Search,
    Sort,
    ToMany,
    ToOne,
    columns_of,
    in_words,
    money,
)
from rows.order_steps import available_transitions


def _status_group() -> Column:
    cases = " ".join(
        f"WHEN {{t}}.status IN ({', '.join(sorted(repr(status.value) for status in statuses))}) THEN '{group.value}'"
        for group, statuses in STATUS_GROUPS.items()
    )
    return Column(f"(CASE {cases} END)", Kind.ENUM, enum=StatusGroup)


def _address(column: str) -> Composite:
    names = ("recipient", "phone", "street", "city", "province", "postcode", "country")
    parts = {name: Column(f"{{t}}.{column}->>'{name}'", Kind.TEXT, null=True) for name in names}
    return Composite("PostalAddress", parts, present=f"{{t}}.{column} IS NOT NULL")


_CONTACT = Composite(
    "ContactDetails",
    {name: Column(f"{{t}}.contact_{name}", Kind.TEXT, null=True) for name in ("name", "email", "phone")},
    present="num_nonnulls({t}.contact_name, {t}.contact_email, {t}.contact_phone) > 0",
)

_LABELS = Composite(
    "Labels",
    {
        language: Column(f"{{t}}.labels->>'{language}'", Kind.TEXT, null=True, filtered=False)
        for language in ("en", "zh")
    },
)
_LABEL = in_words(("en", "zh"), labels_in)


def _seconds_left() -> Column:
    """At the pace so far; null while that cannot be said."""
    elapsed = "extract(epoch FROM statement_timestamp() - {t}.started_at)"
    left = f"ceil({elapsed} * ({{t}}.total - {{t}}.done) / {{t}}.done)"
    known = "{t}.state = 'RUNNING' AND {t}.done > {t}.failed"
    return Column(
        f"(CASE WHEN {known} THEN least({left}, 2147483647)::int END)", Kind.INTEGER, null=True, filtered=False
    )


def _address_for_download() -> Column:
    """Where the file can be fetched for a few minutes; `services.files.download` says what it is made of."""
    until = f"(floor(extract(epoch FROM statement_timestamp()))::bigint + {DOWNLOAD_SECONDS})::text"
    key = "encode(sha256({t}.secret || sha256({t}.secret || convert_to(link.until, 'UTF8'))), 'hex')"
    made = f"'/files/fil_' || {{t}}.id || '?until=' || link.until || '&key=' || {key}"
    return Column(f"(SELECT {made} FROM (SELECT {until} AS until) link)", Kind.TEXT, filtered=False)


ORDER = Entity(
    name="Order",
    prefix="ord",
    table="sales_order",
    scope=visibility.orders,
    columns={
        **columns_of(
            models.Order,
            *("version", "number", "type", "status", "external_id", "customer_name", "currency", "tax_included"),
            *("urgency", "required_by", "placed_at", "tags", "notes", "created_at", "updated_at", "base_total"),
            unfiltered=("version", "notes"),
        ),
        "status_group": _status_group(),
        "owner_number": Column("{t}.owner_id", Kind.INTEGER, null=True, filtered=False),
        "team_number": Column("{t}.team_id", Kind.INTEGER, null=True, filtered=False),
    },
    composites={
        "total": money("total"),
        "net_total": money("net_total"),
        "tax_total": money("tax_total"),
        "discount": money("discount"),
        "base_total": money("base_total", "{currency}"),
        "contact": _CONTACT,
        "ship_to": _address("ship_to"),
        "bill_to": _address("bill_to"),
    },
    to_one={
        "customer": ToOne("Customer", "customer_id", copies={"level": "customer_level"}),
        "channel": ToOne("Channel", "channel_id"),
        "region": ToOne("Region", "region_id"),
        "tier": ToOne("Tier", "tier_id"),
        "owner": ToOne("User", "owner_id"),
        "team": ToOne("Team", "team_id"),
        "original_order": ToOne("Order", "original_order_id"),
    },
    to_many={
        "lines": ToMany("OrderLine", "order_id", inverse="order", order="{t}.position, {t}.id"),
        "status_changes": ToMany("OrderStatusChange", "order_id", inverse="order", order="{t}.at, {t}.id"),
        "owner_changes": ToMany("OrderOwnerChange", "order_id", inverse="order", order="{t}.at, {t}.id"),
    },
    paged={"returns": Paged("Order", "original_order_id")},
    computed={
        "status_label": in_words(("status",), status_labels),
        "available_transitions": Computed(
            ("status", "type", "owner_number", "team_number"),
            available_transitions,
            type="OrderTransition",
            parts=("transition", "label", "allowed", "blockedBy", "reasonNeeded"),
        ),
    },
    sorts={
        "placed_at": Sort("placed_at", descending=True),
        "base_total": Sort("base_total", descending=True),
        "required_by": Sort("required_by"),
    },
    total="base_total",
    token_scope=TokenScope.ORDERS_READ,
    custom=CustomFieldEntity.ORDER,
    search=Search(
        parts={
            "number": "number",
            "externalId": "external_id",
            "customerName": "customer_name",
            "contact.name": "contact_name",
            "contact.email": "contact_email",
        },
        wholes=("number", "external_id", "contact_email"),
        ends={"contact.phone": "contact_phone"},
        newest="placed_at",
    ),
)

ORDER_COUNT = Entity(
    name="OrderCount",
    prefix="",
    table="",  # added up by `rows.counting`
    scope=visibility.everything,  # the viewer's own counts
    columns={
        "status": Column("{t}.status", Kind.ENUM, null=True, enum=OrderStatus),
        "type": Column("{t}.type", Kind.ENUM, null=True, enum=OrderType),
        "level": Column("{t}.customer_level", Kind.ENUM, null=True, enum=CustomerLevel),
        "count": Column("{t}.orders", Kind.INTEGER),
    },
    composites={"amount": money("amount", "{currency}")},
    to_one={
        "channel": ToOne("Channel", "channel_id"),
        "region": ToOne("Region", "region_id"),
        "tier": ToOne("Tier", "tier_id"),
        "team": ToOne("Team", "team_id"),
    },
)

ORDER_LINE = Entity(
    name="OrderLine",
    prefix="oln",
    table="order_line",
    scope=visibility.with_order,
    columns=columns_of(models.OrderLine, "kind", "sku", "name", "quantity", "unit_price", "tax_rate"),
    composites={name: money(name, "{via}.currency", via="order") for name in ("discount", "net", "tax", "gross")},
    to_one={"order": ToOne("Order", "order_id"), "product": ToOne("Product", "product_id")},
)

ORDER_STATUS_CHANGE = Entity(
    name="OrderStatusChange",
    prefix="osc",
    table="order_status_change",
    scope=visibility.with_order,
    columns=columns_of(models.OrderStatusChange, "from_status", "to_status", "reason", "at"),
    to_one={"order": ToOne("Order", "order_id"), "by": ToOne("User", "by_id")},
)

_HANDS = {
    "from_owner": ToOne("User", "from_owner_id"),
    "from_team": ToOne("Team", "from_team_id"),
    "to_owner": ToOne("User", "to_owner_id"),
    "to_team": ToOne("Team", "to_team_id"),
    "by": ToOne("User", "by_id"),
}

ORDER_OWNER_CHANGE = Entity(
    name="OrderOwnerChange",
    prefix="ooc",
    table="order_owner_change",
    scope=visibility.with_order,
    columns=columns_of(models.OrderOwnerChange, "reason", "at"),
    to_one={"order": ToOne("Order", "order_id"), **_HANDS},
)

CUSTOMER = Entity(
    name="Customer",
    prefix="cus",
    table="customer",
    scope=visibility.customers,
    columns=columns_of(
        models.Customer,
        *("version", "name", "level", "value_class", "industry", "email", "phone", "tax_id", "external_id"),
        *("preferences", "tags", "birthday", "contract_day", "created_at", "updated_at"),
        unfiltered=("version", "preferences"),
    ),
    to_one={
        "region": ToOne("Region", "region_id"),
        "channel": ToOne("Channel", "channel_id"),
        "owner": ToOne("User", "owner_id"),
        "team": ToOne("Team", "team_id"),
    },
    to_many={
        "contacts": ToMany("CustomerContact", "customer_id", inverse="customer"),
        "addresses": ToMany("CustomerAddress", "customer_id", inverse="customer"),
        "owner_changes": ToMany("CustomerOwnerChange", "customer_id", inverse="customer", order="{t}.at, {t}.id"),
    },
    paged={"orders": Paged("Order", "customer_id")},
    sorts={"name": Sort("name"), "created_at": Sort("created_at", descending=True)},
    token_scope=TokenScope.CUSTOMERS_READ,
    custom=CustomFieldEntity.CUSTOMER,
    search=Search(
        parts={"name": "name", "externalId": "external_id", "email": "email", "phone": "phone", "taxId": "tax_id"},
        wholes=("name", "external_id", "email", "tax_id"),
        ends={"phone": "phone"},
        newest="created_at",
    ),
)

CUSTOMER_OWNER_CHANGE = Entity(
    name="CustomerOwnerChange",
    prefix="coc",
    table="customer_owner_change",
    scope=visibility.with_customer,
    columns=columns_of(models.CustomerOwnerChange, "reason", "at"),
    to_one={"customer": ToOne("Customer", "customer_id"), **_HANDS},
)

CUSTOMER_CONTACT = Entity(
    name="CustomerContact",
    prefix="con",
    table="customer_contact",
    scope=visibility.with_customer,
    columns=columns_of(models.CustomerContact, "name", "title", "email", "phone"),
    to_one={"customer": ToOne("Customer", "customer_id")},
)

CUSTOMER_ADDRESS = Entity(
    name="CustomerAddress",
    prefix="adr",
    table="customer_address",
    scope=visibility.with_customer,
    columns=columns_of(
        models.CustomerAddress, "kind", "recipient", "phone", "street", "city", "province", "postcode", "country"
    ),
    to_one={"customer": ToOne("Customer", "customer_id")},
)

PRODUCT = Entity(
    name="Product",
    prefix="prd",
    table="product",
    scope=visibility.everything,
    columns=columns_of(
        models.Product,
        *("version", "sku", "name", "description", "category", "tax_rate", "active", "created_at", "updated_at"),
        unfiltered=("version", "description"),
    ),
    composites={"price": money("price", null=True)},
    sorts={"name": Sort("name"), "sku": Sort("sku"), "created_at": Sort("created_at", descending=True)},
    token_scope=TokenScope.PRODUCTS_READ,
    custom=CustomFieldEntity.PRODUCT,
    search=Search(parts={"sku": "sku", "name": "name"}, wholes=("sku", "name"), ends={}, newest="created_at"),
)

REGION = Entity(
    name="Region",
    prefix="reg",
    table="region",
    scope=visibility.everything,
    columns=columns_of(models.Region, "version", "code", "name", "created_at", unfiltered=("version",)),
    to_one={"parent": ToOne("Region", "parent_id")},
    to_many={"children": ToMany("Region", "parent_id", order="{t}.name, {t}.id")},
    paged={"customers": Paged("Customer", "region_id")},
    sorts={"name": Sort("name")},
    tree="region_closure",
    any_token=True,
)

TEAM = Entity(
    name="Team",
    prefix="tem",
    table="team",
    scope=visibility.everything,
    columns=columns_of(models.Team, "version", "name", "created_at", unfiltered=("version",)),
    to_one={"parent": ToOne("Team", "parent_id")},
    to_many={"children": ToMany("Team", "parent_id", order="{t}.name, {t}.id")},
    paged={
        "members": Paged("User", "team_id"),
        "orders": Paged("Order", "team_id"),
        "customers": Paged("Customer", "team_id"),
    },
    sorts={"name": Sort("name")},
    tree="team_closure",
    any_token=True,
)

USER = Entity(
    name="User",
    prefix="usr",
    table="app_user",
    scope=visibility.everything,
    columns={
        **columns_of(models.User, "version", "name", "active", "created_at", unfiltered=("version",)),
        "roles": Column("{t}.roles", Kind.TEXTS, enum=Role),
        "email": Column("{t}.email", Kind.TEXT, null=True, mask=visibility.personal_data),
        "phone": Column("{t}.phone", Kind.TEXT, null=True, mask=visibility.personal_data),
    },
    to_one={"team": ToOne("Team", "team_id")},
    paged={"orders": Paged("Order", "owner_id"), "customers": Paged("Customer", "owner_id")},
    sorts={"name": Sort("name")},
    any_token=True,
)

CHANNEL = Entity(
    name="Channel",
    prefix="chn",
    table="channel",
    scope=visibility.everything,
    columns=columns_of(models.Channel, "version", "code", "name", "created_at", unfiltered=("version",)),
    sorts={"name": Sort("name")},
    any_token=True,
)

EXCHANGE_RATE = Entity(
    name="ExchangeRate",
    prefix="rat",
    table="exchange_rate",
    scope=visibility.everything,
    columns=columns_of(models.ExchangeRate, "version", "currency", "date", "rate", unfiltered=("version",)),
    sorts={"date": Sort("date", descending=True)},
    any_token=True,
)

TIER = Entity(
    name="Tier",
    prefix="tie",
    table="tier",
    scope=visibility.everything,
    columns={
        **columns_of(models.Tier, "version", "code", "rank", "colour", "active", "created_at", unfiltered=("version",)),
        **_LABELS.parts,
    },
    composites={"labels": _LABELS},
    computed={"label": _LABEL},
    sorts={"rank": Sort("rank")},
    any_token=True,
)

REASON = Entity(
    name="Reason",
    prefix="rsn",
    table="reason",
    scope=visibility.everything,
    columns={
        **columns_of(
            models.Reason, "version", "kind", "code", "position", "active", "created_at", unfiltered=("version",)
        ),
        **_LABELS.parts,
    },
    composites={"labels": _LABELS},
    computed={"label": _LABEL},
    sorts={"position": Sort("position")},
    any_token=True,
)

TAG = Entity(
    name="Tag",
    prefix="tag",
    table="tag",
    scope=visibility.everything,
    columns={
        **columns_of(models.Tag, "version", "code", "position", "active", "created_at", unfiltered=("version",)),
        **_LABELS.parts,
    },
    composites={"labels": _LABELS},
    computed={"label": _LABEL},
    sorts={"position": Sort("position")},
    any_token=True,
)

JOB = Entity(
    name="Job",
    prefix="job",
    table="job",
    scope=visibility.jobs,
    columns={
        **columns_of(
            models.Job,
            *("kind", "state", "total", "done", "failed", "message", "created_at", "started_at", "finished_at"),
            *("cancel_asked_at",),
            unfiltered=("total", "done", "failed", "message"),
        ),
        "seconds_left": _seconds_left(),
    },
    to_one={
        "started_by": ToOne("User", "started_by_id"),
        "download": ToOne("File", "result_file_id"),
        "report_download": ToOne("File", "report_file_id"),
    },
    paged={"report": Paged("JobReportRow", "job_id")},
    sorts={"created_at": Sort("created_at", descending=True)},
    token_scope=TokenScope.JOBS,
)

JOB_REPORT_ROW = Entity(
    name="JobReportRow",
    prefix="jrr",
    table="job_report_row",
    scope=visibility.with_job,
    columns=columns_of(models.JobReportRow, "position", "file", "line", "subject", "reason", unfiltered=("position",)),
    to_one={"job": ToOne("Job", "job_id")},
    sorts={"position": Sort("position")},
)

FILE = Entity(
    name="File",
    prefix="fil",
    table="stored_file",
    scope=visibility.files,
    columns={
        **columns_of(models.File, "kind", "name", "media_type", "size", "created_at", "expires_at"),
        "sha256": Column("encode({t}.sha256, 'hex')", Kind.TEXT, null=True),
        "url": _address_for_download(),
    },
    sorts={"created_at": Sort("created_at", descending=True)},
    token_scope=TokenScope.FILES,
)

API_TOKEN = Entity(
    name="ApiToken",
    prefix="tok",
    table="api_token",
    scope=visibility.api_tokens,
    columns={
        **columns_of(
            models.ApiToken,
            "name",
            "hint",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
            unfiltered=("hint",),
        ),
        "scopes": Column("{t}.scopes", Kind.TEXTS, enum=TokenScope),
    },
    to_one={"user": ToOne("User", "user_id"), "created_by": ToOne("User", "created_by_id")},
    sorts={"created_at": Sort("created_at", descending=True)},
)

AUDIT_ENTRY = Entity(
    name="AuditEntry",
    prefix="aud",
    table="audit_entry",
    scope=visibility.audit,
    columns=columns_of(
        models.AuditEntry,
        *("at", "action", "subject_kind", "subject_id", "facts", "request_id", "address"),
        unfiltered=("facts",),
    ),
    to_one={"actor": ToOne("User", "actor_id")},
    sorts={"at": Sort("at", descending=True)},
)

CUSTOM_FIELD = Entity(
    name="CustomField",
    prefix="cfd",
    table="custom_field",
    scope=visibility.custom_fields,
    columns={
        **columns_of(
            models.CustomField,
            *("version", "entity", "key", "type", "description", "required", "longest", "minimum", "maximum"),
            *("decimals", "currency", "position", "index_state", "created_at", "updated_at"),
            unfiltered=("version", "description", "longest", "minimum", "maximum", "decimals", "currency", "position"),
        ),
        "archived": Column("({t}.archived_at IS NOT NULL)", Kind.BOOLEAN),
        **_LABELS.parts,
    },
    composites={"labels": _LABELS},
    computed={"label": _LABEL},
    to_one={"index_job": ToOne("Job", "index_job_id")},
    to_many={
        "choices": ToMany("CustomFieldChoice", "field_id", inverse="field", order="{t}.position, {t}.id"),
    },
    sorts={"position": Sort("position")},
    any_token=True,
)

CUSTOM_FIELD_CHOICE = Entity(
    name="CustomFieldChoice",
    prefix="cfc",
    table="custom_field_choice",
    scope=visibility.with_field,
    columns={**columns_of(models.CustomFieldChoice, "code", "active"), **_LABELS.parts},
    composites={"labels": _LABELS},
    computed={"label": _LABEL},
    to_one={"field": ToOne("CustomField", "field_id")},
)


def _value(of: CustomFieldType, kind: Kind) -> Column:
    """The value of a custom field of type `of`; `value` is its text."""
    sql = f"CASE WHEN {{t}}.type = '{of.value}' THEN {{t}}.value{'' if kind is Kind.TEXT else '::' + kind.value} END"
    return Column(f"({sql})", kind, null=True)


CUSTOM_FIELD_VALUE = Entity(
    name="CustomFieldValue",
    prefix="",
    table="",  # made of a row's own column, by `reads.objects`
    scope=visibility.everything,
    columns={
        "key": Column("{t}.key", Kind.TEXT),
        "type": Column("{t}.type", Kind.ENUM, enum=CustomFieldType),
        "text": _value(CustomFieldType.TEXT, Kind.TEXT),
        "number": _value(CustomFieldType.NUMBER, Kind.DECIMAL),
        "date": _value(CustomFieldType.DATE, Kind.DATE),
        "yes_no": _value(CustomFieldType.YES_NO, Kind.BOOLEAN),
        "choice": _value(CustomFieldType.CHOICE, Kind.TEXT),
        **_LABELS.parts,
        "choice_en": Column("{t}.choice_labels->>'en'", Kind.TEXT, null=True),
        "choice_zh": Column("{t}.choice_labels->>'zh'", Kind.TEXT, null=True),
    },
    composites={
        "money": Composite(
            "Money",
            {"amount": Column("{t}.value", Kind.MONEY), "currency": Column("{t}.currency", Kind.ENUM)},
            present="{t}.type = 'MONEY'",
        )
    },
    computed={
        "label": _LABEL,
        "choice_label": in_words(("choice_en", "choice_zh"), labels_in),
    },
    to_one={"field": ToOne("CustomField", "field_id"), "person": ToOne("User", "person_id")},
)

ENTITIES = {
    entity.name: entity
    for entity in (
        ORDER,
        ORDER_COUNT,
        ORDER_LINE,
        ORDER_STATUS_CHANGE,
        ORDER_OWNER_CHANGE,
        CUSTOMER,
        CUSTOMER_CONTACT,
        CUSTOMER_ADDRESS,
        CUSTOMER_OWNER_CHANGE,
        PRODUCT,
        REGION,
        TEAM,
        USER,
        CHANNEL,
        JOB,
        AUDIT_ENTRY,
        API_TOKEN,
        EXCHANGE_RATE,
        TIER,
        REASON,
        TAG,
        CUSTOM_FIELD,
        CUSTOM_FIELD_CHOICE,
        CUSTOM_FIELD_VALUE,
        JOB_REPORT_ROW,
        FILE,
    )
}
