"""Orders with their lines and history, and their counts."""

import models
from domain.custom_fields.kinds import CustomFieldEntity
from domain.customers import CustomerLevel
from domain.orders.finding_messages import finding_texts
from domain.orders.labels import status_labels
from domain.orders.life_cycle import STATUS_GROUPS, HistoryKind, OrderStatus, OrderType, StatusGroup
from domain.scopes import TokenScope
from rows import visibility
from rows.declarations.payments import PAYMENT_AMOUNTS, PAYMENT_COLUMNS
from rows.declarations.remainders import FOR_BUTTONS, LINE_RETURNABLE, REFUND_AMOUNTS
from rows.declarations.shared import HANDS
from rows.declarations.shipments import LINE_FULFILMENT, LINE_SHIPPED, ORDER_FULFILMENT, ORDER_LATE
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
from rows.order_buttons import ACTION, ACTION_FACTS, STEP_FACTS, TRANSITION, available_actions, available_transitions


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


_TO_OVERRIDE = (
    "EXISTS (SELECT FROM order_finding finding WHERE finding.order_id = {t}.id AND finding.overridden_at IS NULL)"
)

_HISTORY_KIND = (
    "coalesce({t}.kind,"
    f" CASE WHEN {{t}}.from_status IS NULL THEN '{HistoryKind.ENTERED}' ELSE '{HistoryKind.STEP}' END)"
)

ORDER = Entity(
    name="Order",
    prefix="ord",
    table="sales_order",
    scope=visibility.orders,
    columns={
        **columns_of(
            models.Order,
            *("version", "number", "type", "status", "external_id", "customer_name", "currency", "tax_included"),
            *(
                "urgency",
                "required_by",
                "expected_on",
                "delivered_at",
                "placed_at",
                "tags",
                "notes",
                "created_at",
                "updated_at",
                "base_total",
            ),
            *("priority", "respond_by", "tier_version"),
            unfiltered=("version", "notes"),
        ),
        "status_group": _status_group(),
        "fulfilment": ORDER_FULFILMENT,
        "late": ORDER_LATE,
        **PAYMENT_COLUMNS,
        "owner_number": Column("{t}.owner_id", Kind.INTEGER, null=True, filtered=False),
        "team_number": Column("{t}.team_id", Kind.INTEGER, null=True, filtered=False),
        **FOR_BUTTONS,
        "to_override": Column(_TO_OVERRIDE, Kind.BOOLEAN, filtered=False),
    },
    composites={
        "total": money("total"),
        "net_total": money("net_total"),
        "tax_total": money("tax_total"),
        "discount": money("discount"),
        "base_total": money("base_total", "{currency}"),
        "stated_total": money("stated_total", null=True),
        **PAYMENT_AMOUNTS,
        **REFUND_AMOUNTS,
        "contact": _CONTACT,
        "ship_to": _address("ship_to"),
        "bill_to": _address("bill_to"),
    },
    to_one={
        "customer": ToOne("Customer", "customer_id", copies={"level": "customer_level"}),
        "channel": ToOne("Channel", "channel_id"),
        "region": ToOne("Region", "region_id"),
        "tier": ToOne("Tier", "tier_id"),
        "tier_rule": ToOne("TierRule", "tier_rule_id"),
        "tier_override": ToOne("OrderTierOverride", "tier_override_id"),
        "owner": ToOne("User", "owner_id"),
        "team": ToOne("Team", "team_id"),
        "original_order": ToOne("Order", "original_order_id"),
        "delay_reason": ToOne("Reason", "delay_reason_id"),
        "split_from": ToOne("Order", "split_from_id"),
        "return_reason": ToOne("Reason", "return_reason_id"),
        "feedback": ToOne("Feedback", "feedback_id"),
    },
    to_many={
        "lines": ToMany("OrderLine", "order_id", inverse="order", order="{t}.position, {t}.id"),
        "status_changes": ToMany("OrderStatusChange", "order_id", inverse="order", order="{t}.at, {t}.id"),
        "findings": ToMany("OrderFinding", "order_id", inverse="order"),
        "owner_changes": ToMany("OrderOwnerChange", "order_id", inverse="order", order="{t}.at, {t}.id"),
        "tier_overrides": ToMany("OrderTierOverride", "order_id", inverse="order", order="{t}.at, {t}.id"),
        "shipments": ToMany("Shipment", "order_id", inverse="order", order="{t}.shipped_at, {t}.id"),
        "complaints": ToMany("Complaint", "order_id", inverse="order"),
        "payments": ToMany("Payment", "order_id", inverse="order"),
    },
    paged={"returns": Paged("Order", "original_order_id"), "split_into": Paged("Order", "split_from_id")},
    computed={
        "status_label": in_words(("status",), status_labels),
        "available_transitions": Computed(STEP_FACTS, available_transitions, TRANSITION),
        "available_actions": Computed(ACTION_FACTS, available_actions, ACTION),
    },
    sorts={
        "placed_at": Sort("placed_at", descending=True),
        "base_total": Sort("base_total", descending=True),
        "required_by": Sort("required_by"),
    },
    total="base_total",
    token_scope=TokenScope.ORDERS_READ,
    custom=CustomFieldEntity.ORDER,
    frequency=True,
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
        "status_group": Column("{t}.status_group", Kind.ENUM, null=True, enum=StatusGroup),
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
    columns={
        **columns_of(models.OrderLine, "kind", "sku", "name", "quantity", "unit_price", "tax_rate"),
        "shipped": LINE_SHIPPED,
        "fulfilment": LINE_FULFILMENT,
        "returnable": LINE_RETURNABLE,
    },
    composites={name: money(name, "{via}.currency", via="order") for name in ("discount", "net", "tax", "gross")},
    to_one={"order": ToOne("Order", "order_id"), "product": ToOne("Product", "product_id")},
)

ORDER_STATUS_CHANGE = Entity(
    name="OrderStatusChange",
    prefix="osc",
    table="order_status_change",
    scope=visibility.with_order,
    columns={
        **columns_of(models.OrderStatusChange, "from_status", "to_status", "reason", "at"),
        "kind": Column(_HISTORY_KIND, Kind.ENUM, enum=HistoryKind),
    },
    to_one={
        "order": ToOne("Order", "order_id"),
        "actor": ToOne("User", "by_id"),
        "other_order": ToOne("Order", "other_order_id"),
    },
)


ORDER_OWNER_CHANGE = Entity(
    name="OrderOwnerChange",
    prefix="ooc",
    table="order_owner_change",
    scope=visibility.with_order,
    columns=columns_of(models.OrderOwnerChange, "reason", "at"),
    to_one={"order": ToOne("Order", "order_id"), **HANDS},
)


ORDER_TIER_OVERRIDE = Entity(
    name="OrderTierOverride",
    prefix="oto",
    table="order_tier_override",
    scope=visibility.with_order,
    columns=columns_of(models.OrderTierOverride, "priority", "reason", "at", "expires_at", "ended_at"),
    to_one={
        "order": ToOne("Order", "order_id"),
        "tier": ToOne("Tier", "tier_id"),
        "actor": ToOne("User", "by_id"),
        "ended_by": ToOne("User", "ended_by_id"),
    },
)


ORDER_FINDING = Entity(
    name="OrderFinding",
    prefix="ofi",
    table="order_finding",
    scope=visibility.with_order,
    columns={
        **columns_of(models.OrderFinding, "kind", "severity", "found_at", "overridden_at"),
        "facts": Column("{t}.facts", Kind.JSON, null=True, filtered=False, mask=visibility.credit),
    },
    computed={"message": in_words(("kind", "facts"), finding_texts)},
    to_one={
        "order": ToOne("Order", "order_id"),
        "line": ToOne("OrderLine", "line_id"),
        "other_order": ToOne("Order", "other_order_id"),
        "overridden_by": ToOne("User", "overridden_by_id"),
    },
)
