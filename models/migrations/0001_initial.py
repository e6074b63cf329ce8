"""Written by `tortoise makemigrations`; by hand only the sequence."""
# ruff: noqa: E501  # as generated

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.customers import AddressKind, CustomerLevel, ValueClass
from domain.jobs import JobKind, JobState
from domain.orders.life_cycle import LineKind, OrderStatus, OrderType, Urgency
from models.columns import NumericField, ShapedIndex, TimestampField


class Migration(migrations.Migration):
    initial = True

    operations = [
        # sales_order.number defaults to its next value.
        ops.RunSQL(sql="CREATE SEQUENCE order_number", reverse_sql="DROP SEQUENCE order_number"),
        ops.CreateModel(
            name="Channel",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("code", fields.TextField(unique=False)),
                ("name", fields.TextField(unique=False)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "channel",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("code",), name="channel_code_once")],
                "indexes": [ShapedIndex(fields=["name ASC", "id ASC"], name="channel_by_name")],
                "pk_attr": "id",
                "table_description": "Where orders and customers come from: a managed list.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ExchangeRate",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("currency", fields.CharField(max_length=3)),
                ("date", fields.DateField()),
                ("rate", NumericField(generated=False, null=False, unique=False)),
            ],
            options={
                "table": "exchange_rate",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("currency", "date"), name="exchange_rate_once"),
                    CheckConstraint(check="rate > 0", name="exchange_rate_positive"),
                ],
                "pk_attr": "id",
                "table_description": "How much of the company's currency one unit of `currency` is worth from `date` on.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OutboxEvent",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("aggregate", fields.TextField(unique=False)),
                ("aggregate_id", fields.BigIntField()),
                ("seq", fields.BigIntField()),
                ("type", fields.TextField(unique=False)),
                ("payload", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "outbox_event",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("aggregate", "aggregate_id", "seq"), name="outbox_event_seq_once"),
                    CheckConstraint(check="seq > 0", name="outbox_event_seq_positive"),
                ],
                "pk_attr": "id",
                "table_description": "A business fact that others need, written in the transaction that causes it; `seq` counts in its aggregate.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Product",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("sku", fields.TextField(unique=False)),
                ("name", fields.TextField(unique=False)),
                ("description", fields.TextField(null=True, unique=False)),
                ("category", fields.TextField(null=True, unique=False)),
                ("price", NumericField(null=True, generated=False, unique=False)),
                ("currency", fields.CharField(null=True, max_length=3)),
                ("tax_rate", NumericField(null=True, generated=False, unique=False)),
                ("active", fields.BooleanField(default=True)),
                ("last_seq", fields.BigIntField(default=0)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("updated_at", TimestampField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "product",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("sku",), name="product_sku_once"),
                    CheckConstraint(check="currency ~ '^[A-Z]{3}$'", name="product_currency_code"),
                    CheckConstraint(check="(price IS NULL) = (currency IS NULL)", name="product_price_complete"),
                    CheckConstraint(check="price >= 0", name="product_price_not_negative"),
                    CheckConstraint(check="tax_rate >= 0 AND tax_rate <= 1", name="product_tax_rate_sane"),
                ],
                "indexes": [
                    ShapedIndex(fields=["name ASC", "id ASC"], name="product_by_name"),
                    ShapedIndex(fields=["sku ASC", "id ASC"], name="product_by_sku"),
                    ShapedIndex(fields=["created_at DESC", "id DESC"], name="product_by_created_at"),
                ],
                "pk_attr": "id",
                "table_description": "A product; `sku` is unique with its case kept, `price` is a list price and may be absent.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Region",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("code", fields.TextField(unique=False)),
                ("name", fields.TextField(unique=False)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="parent_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "region",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("code",), name="region_code_once"),
                    CheckConstraint(check="parent_id <> id", name="region_not_own_parent"),
                ],
                "indexes": [
                    ShapedIndex(fields=["name ASC", "id ASC"], name="region_by_name"),
                    ShapedIndex(fields=["parent_id ASC", "name ASC"], name="region_by_parent"),
                ],
                "pk_attr": "id",
                "table_description": "A sales region; regions form a tree (华东 > 上海).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RegionClosure",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "ancestor",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="ancestor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="below",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "descendant",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="descendant_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="above",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("depth", fields.IntField()),
            ],
            options={
                "table": "region_closure",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("ancestor", "descendant"), name="region_closure_once")],
                "indexes": [
                    ShapedIndex(
                        fields=["descendant_id ASC"], name="region_closure_up", include=("ancestor_id", "depth")
                    )
                ],
                "pk_attr": "id",
                "table_description": "Each region with each of its ancestors, itself included at depth 0.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Team",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("name", fields.TextField(unique=False)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="parent_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "team",
                "app": "models",
                "constraints": [CheckConstraint(check="parent_id <> id", name="team_not_own_parent")],
                "indexes": [
                    ShapedIndex(fields=["name ASC", "id ASC"], name="team_by_name"),
                    ShapedIndex(fields=["parent_id ASC", "name ASC"], name="team_by_parent"),
                ],
                "pk_attr": "id",
                "table_description": "A team; teams form a tree.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TeamClosure",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "ancestor",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="ancestor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="below",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "descendant",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="descendant_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="above",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("depth", fields.IntField()),
            ],
            options={
                "table": "team_closure",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("ancestor", "descendant"), name="team_closure_once")],
                "indexes": [
                    ShapedIndex(fields=["descendant_id ASC"], name="team_closure_up", include=("ancestor_id", "depth"))
                ],
                "pk_attr": "id",
                "table_description": "Each team with each of its ancestors, itself included at depth 0.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="User",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("email", fields.TextField(unique=False)),
                ("name", fields.TextField(unique=False)),
                ("phone", fields.TextField(null=True, unique=False)),
                ("password_hash", fields.TextField(null=True, unique=False)),
                ("roles", ArrayField(element_type="TEXT")),
                (
                    "team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="members",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("active", fields.BooleanField(default=True)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "app_user",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("email",), name="app_user_email_once"),
                    CheckConstraint(check="email = lower(email)", name="app_user_email_lower"),
                    CheckConstraint(
                        check="roles <@ ARRAY['REP', 'MANAGER', 'REVIEWER', 'FULFILMENT', 'SERVICE', 'FINANCE', 'ADMIN', 'INTEGRATION']::text[]",
                        name="app_user_roles_known",
                    ),
                ],
                "indexes": [
                    ShapedIndex(fields=["name ASC", "id ASC"], name="app_user_by_name"),
                    ShapedIndex(fields=["team_id ASC", "name ASC", "id ASC"], name="app_user_team"),
                ],
                "pk_attr": "id",
                "table_description": "Somebody, or a machine, that signs in. `email` is kept in lower case; `roles` add up.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Customer",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("name", fields.TextField(unique=False)),
                (
                    "level",
                    fields.CharEnumField(
                        default=CustomerLevel.REGULAR,
                        description="REGULAR: REGULAR\nVIP: VIP\nKEY_ACCOUNT: KEY_ACCOUNT",
                        enum_type=CustomerLevel,
                        max_length=20,
                    ),
                ),
                (
                    "value_class",
                    fields.CharEnumField(
                        default=ValueClass.GENERAL,
                        description="IMPORTANT: IMPORTANT\nGENERAL: GENERAL\nPOTENTIAL: POTENTIAL",
                        enum_type=ValueClass,
                        max_length=20,
                    ),
                ),
                ("industry", fields.TextField(null=True, unique=False)),
                ("email", fields.TextField(null=True, unique=False)),
                ("phone", fields.TextField(null=True, unique=False)),
                ("tax_id", fields.TextField(null=True, unique=False)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "channel",
                    fields.ForeignKeyField(
                        "models.Channel",
                        source_field="channel_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("external_id", fields.TextField(null=True, unique=False)),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("preferences", fields.TextField(null=True, unique=False)),
                ("tags", ArrayField(default=list, element_type="TEXT")),
                ("birthday", fields.DateField(null=True)),
                ("contract_day", fields.DateField(null=True)),
                ("last_seq", fields.BigIntField(default=0)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("updated_at", TimestampField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "customer",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("channel", "external_id"), name="customer_external_once"),
                    CheckConstraint(check="level IN ('REGULAR', 'VIP', 'KEY_ACCOUNT')", name="customer_level_known"),
                    CheckConstraint(
                        check="value_class IN ('IMPORTANT', 'GENERAL', 'POTENTIAL')", name="customer_value_class_known"
                    ),
                    CheckConstraint(check="owner_id IS NULL OR team_id IS NOT NULL", name="customer_owned_in_team"),
                    CheckConstraint(
                        check="external_id IS NULL OR channel_id IS NOT NULL", name="customer_external_has_channel"
                    ),
                ],
                "indexes": [
                    ShapedIndex(
                        fields=["created_at DESC", "id DESC"],
                        name="customer_by_created_at",
                        include=("owner_id", "team_id"),
                    ),
                    ShapedIndex(
                        fields=["owner_id ASC", "created_at DESC", "id DESC"], name="customer_owner_created_at"
                    ),
                    ShapedIndex(fields=["team_id ASC", "created_at DESC", "id DESC"], name="customer_team_created_at"),
                    ShapedIndex(
                        fields=["name ASC", "id ASC"], name="customer_by_name", include=("owner_id", "team_id")
                    ),
                    ShapedIndex(fields=["owner_id ASC", "name ASC", "id ASC"], name="customer_owner_name"),
                    ShapedIndex(fields=["team_id ASC", "name ASC", "id ASC"], name="customer_team_name"),
                    ShapedIndex(fields=["region_id ASC", "name ASC", "id ASC"], name="customer_region"),
                ],
                "pk_attr": "id",
                "table_description": "A customer; `external_id` is its number in the source channel, `last_seq` the outbox's newest number for it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CustomerAddress",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="addresses",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="SHIPPING: SHIPPING\nBILLING: BILLING", enum_type=AddressKind, max_length=20
                    ),
                ),
                ("recipient", fields.TextField(null=True, unique=False)),
                ("phone", fields.TextField(null=True, unique=False)),
                ("street", fields.TextField(unique=False)),
                ("city", fields.TextField(null=True, unique=False)),
                ("province", fields.TextField(null=True, unique=False)),
                ("postcode", fields.TextField(null=True, unique=False)),
                ("country", fields.CharField(max_length=2)),
            ],
            options={
                "table": "customer_address",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="kind IN ('SHIPPING', 'BILLING')", name="customer_address_kind_known")
                ],
                "indexes": [ShapedIndex(fields=["customer_id ASC", "id ASC"], name="customer_address_of")],
                "pk_attr": "id",
                "table_description": "A place where a customer receives goods or bills.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CustomerContact",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="contacts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.TextField(unique=False)),
                ("title", fields.TextField(null=True, unique=False)),
                ("email", fields.TextField(null=True, unique=False)),
                ("phone", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "customer_contact",
                "app": "models",
                "indexes": [ShapedIndex(fields=["customer_id ASC", "id ASC"], name="customer_contact_of")],
                "pk_attr": "id",
                "table_description": "A person at a customer.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CustomerShare",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shares",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shared_customers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "customer_share",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("customer", "user"), name="customer_share_once")],
                "indexes": [ShapedIndex(fields=["user_id ASC", "customer_id ASC"], name="customer_share_user")],
                "pk_attr": "id",
                "table_description": "A customer shared with a user, who may read, comment and follow up.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "principal",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="principal_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="idempotency_keys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("mutation", fields.TextField(unique=False)),
                ("key", fields.TextField(unique=False)),
                ("request_hash", fields.BinaryField()),
                ("outcome", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "idempotency_key",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("principal", "mutation", "key"), name="idempotency_key_once")],
                "indexes": [ShapedIndex(fields=["created_at ASC"], name="idempotency_key_age")],
                "pk_attr": "id",
                "table_description": "A request that a principal made under a key: what was asked (`request_hash`) and what came of it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Job",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(description="ORDER_IMPORT: ORDER_IMPORT", enum_type=JobKind, max_length=30),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=JobState.QUEUED,
                        description="QUEUED: QUEUED\nRUNNING: RUNNING\nSUCCEEDED: SUCCEEDED\nFAILED: FAILED\nCANCELLED: CANCELLED",
                        enum_type=JobState,
                        max_length=20,
                    ),
                ),
                (
                    "started_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="started_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="jobs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("parameters", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("total", fields.BigIntField(null=True)),
                ("done", fields.BigIntField(default=0)),
                ("failed", fields.BigIntField(default=0)),
                ("attempts", fields.IntField(default=0, db_default=0)),
                ("message", fields.TextField(null=True, unique=False)),
                ("report", fields.TextField(null=True, unique=False)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("started_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("heartbeat_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("finished_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "job",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="kind IN ('ORDER_IMPORT')", name="job_kind_known"),
                    CheckConstraint(
                        check="state IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')",
                        name="job_state_known",
                    ),
                ],
                "indexes": [
                    ShapedIndex(fields=["created_at DESC", "id DESC"], name="job_by_created_at"),
                    ShapedIndex(fields=["started_by_id ASC", "created_at DESC", "id DESC"], name="job_started_by"),
                    ShapedIndex(fields=["heartbeat_at ASC"], name="job_open", where="state IN ('QUEUED', 'RUNNING')"),
                ],
                "pk_attr": "id",
                "table_description": "Work that outlives a request.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Order",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                (
                    "number",
                    fields.TextField(
                        db_default=SqlDefault("('SO-' || lpad(nextval('order_number')::text, 8, '0'))"), unique=False
                    ),
                ),
                (
                    "type",
                    fields.CharEnumField(
                        default=OrderType.NEW,
                        description="NEW: NEW\nRENEWAL: RENEWAL\nRETURN: RETURN\nEXCHANGE: EXCHANGE",
                        enum_type=OrderType,
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    fields.CharEnumField(
                        default=OrderStatus.DRAFT,
                        description="DRAFT: DRAFT\nPENDING_REVIEW: PENDING_REVIEW\nNEEDS_INFO: NEEDS_INFO\nAPPROVED: APPROVED\nPICKING: PICKING\nBACKORDERED: BACKORDERED\nPACKED: PACKED\nSHIPPED: SHIPPED\nCOMPLETED: COMPLETED\nCANCELLED: CANCELLED\nREJECTED: REJECTED\nREQUESTED: REQUESTED\nAUTHORISED: AUTHORISED\nRECEIVED: RECEIVED\nREFUNDED: REFUNDED\nEXCHANGED: EXCHANGED\nDECLINED: DECLINED",
                        enum_type=OrderStatus,
                        max_length=20,
                    ),
                ),
                (
                    "channel",
                    fields.ForeignKeyField(
                        "models.Channel",
                        source_field="channel_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="orders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("external_id", fields.TextField(null=True, unique=False)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="orders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("customer_name", fields.TextField(null=True, unique=False)),
                (
                    "customer_level",
                    fields.CharEnumField(
                        null=True,
                        description="REGULAR: REGULAR\nVIP: VIP\nKEY_ACCOUNT: KEY_ACCOUNT",
                        enum_type=CustomerLevel,
                        max_length=20,
                    ),
                ),
                ("contact_name", fields.TextField(null=True, unique=False)),
                ("contact_email", fields.TextField(null=True, unique=False)),
                ("contact_phone", fields.TextField(null=True, unique=False)),
                ("ship_to", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("bill_to", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="orders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="orders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="orders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "reviewed_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="reviewed_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reviewed_orders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "original_order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="original_order_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="returns",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("currency", fields.CharField(max_length=3)),
                ("tax_included", fields.BooleanField(default=False)),
                ("discount", NumericField(generated=False, null=False, unique=False)),
                ("net_total", NumericField(generated=False, null=False, unique=False)),
                ("tax_total", NumericField(generated=False, null=False, unique=False)),
                ("total", NumericField(generated=False, null=False, unique=False)),
                ("base_total", NumericField(generated=False, null=False, unique=False)),
                (
                    "urgency",
                    fields.CharEnumField(
                        default=Urgency.NORMAL,
                        description="LOW: LOW\nNORMAL: NORMAL\nHIGH: HIGH\nCRITICAL: CRITICAL",
                        enum_type=Urgency,
                        max_length=20,
                    ),
                ),
                ("required_by", fields.DateField(null=True)),
                ("placed_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("tags", ArrayField(default=list, element_type="TEXT")),
                ("notes", fields.TextField(null=True, unique=False)),
                ("content_hash", fields.BinaryField(null=True)),
                ("last_seq", fields.BigIntField(default=0)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("updated_at", TimestampField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "sales_order",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("number",), name="sales_order_number_once"),
                    UniqueConstraint(fields=("channel", "external_id"), name="sales_order_external_once"),
                    CheckConstraint(check="currency ~ '^[A-Z]{3}$'", name="sales_order_currency_code"),
                    CheckConstraint(
                        check="type IN ('NEW', 'RENEWAL', 'RETURN', 'EXCHANGE')", name="sales_order_type_known"
                    ),
                    CheckConstraint(
                        check="status IN ('DRAFT', 'PENDING_REVIEW', 'NEEDS_INFO', 'APPROVED', 'PICKING', 'BACKORDERED', 'PACKED', 'SHIPPED', 'COMPLETED', 'CANCELLED', 'REJECTED', 'REQUESTED', 'AUTHORISED', 'RECEIVED', 'REFUNDED', 'EXCHANGED', 'DECLINED')",
                        name="sales_order_status_known",
                    ),
                    CheckConstraint(
                        check="urgency IN ('LOW', 'NORMAL', 'HIGH', 'CRITICAL')", name="sales_order_urgency_known"
                    ),
                    CheckConstraint(
                        check="customer_level IN ('REGULAR', 'VIP', 'KEY_ACCOUNT')",
                        name="sales_order_customer_level_known",
                    ),
                    CheckConstraint(check="total = net_total + tax_total", name="sales_order_total_adds_up"),
                    CheckConstraint(check="owner_id IS NULL OR team_id IS NOT NULL", name="sales_order_owned_in_team"),
                    CheckConstraint(
                        check="external_id IS NULL OR channel_id IS NOT NULL", name="sales_order_external_has_channel"
                    ),
                ],
                "indexes": [
                    ShapedIndex(
                        fields=["placed_at DESC", "id DESC"],
                        name="sales_order_by_placed_at",
                        include=("owner_id", "team_id"),
                    ),
                    ShapedIndex(
                        fields=["owner_id ASC", "placed_at DESC", "id DESC"], name="sales_order_owner_placed_at"
                    ),
                    ShapedIndex(fields=["team_id ASC", "placed_at DESC", "id DESC"], name="sales_order_team_placed_at"),
                    ShapedIndex(
                        fields=["base_total DESC", "id DESC"],
                        name="sales_order_by_base_total",
                        include=("owner_id", "team_id"),
                    ),
                    ShapedIndex(
                        fields=["owner_id ASC", "base_total DESC", "id DESC"], name="sales_order_owner_base_total"
                    ),
                    ShapedIndex(
                        fields=["team_id ASC", "base_total DESC", "id DESC"], name="sales_order_team_base_total"
                    ),
                    ShapedIndex(
                        fields=["required_by DESC NULLS LAST", "id DESC"],
                        name="sales_order_by_required_by",
                        include=("owner_id", "team_id"),
                    ),
                    ShapedIndex(
                        fields=["owner_id ASC", "required_by DESC NULLS LAST", "id DESC"],
                        name="sales_order_owner_required_by",
                    ),
                    ShapedIndex(
                        fields=["team_id ASC", "required_by DESC NULLS LAST", "id DESC"],
                        name="sales_order_team_required_by",
                    ),
                    ShapedIndex(
                        fields=["required_by ASC NULLS LAST", "id ASC"],
                        name="sales_order_by_required_by_asc",
                        include=("owner_id", "team_id"),
                    ),
                    ShapedIndex(
                        fields=["owner_id ASC", "required_by ASC NULLS LAST", "id ASC"],
                        name="sales_order_owner_required_by_asc",
                    ),
                    ShapedIndex(
                        fields=["team_id ASC", "required_by ASC NULLS LAST", "id ASC"],
                        name="sales_order_team_required_by_asc",
                    ),
                    ShapedIndex(
                        fields=["customer_id ASC", "placed_at DESC", "id DESC"],
                        name="sales_order_customer",
                        include=("owner_id", "team_id"),
                    ),
                    ShapedIndex(
                        fields=["customer_level ASC", "placed_at DESC", "id DESC"],
                        name="sales_order_level",
                        include=("region_id",),
                    ),
                    ShapedIndex(fields=["status ASC", "placed_at DESC", "id DESC"], name="sales_order_status"),
                    ShapedIndex(
                        fields=["reviewed_by_id ASC", "placed_at DESC", "id DESC"],
                        name="sales_order_reviewer",
                        where="reviewed_by_id IS NOT NULL",
                    ),
                    ShapedIndex(
                        fields=["original_order_id ASC"],
                        name="sales_order_original",
                        where="original_order_id IS NOT NULL",
                    ),
                ],
                "pk_attr": "id",
                "table_description": "An order, return or exchange.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "kind",
                    fields.CharEnumField(
                        default=LineKind.PRODUCT,
                        description="PRODUCT: PRODUCT\nSHIPPING: SHIPPING",
                        enum_type=LineKind,
                        max_length=20,
                    ),
                ),
                (
                    "product",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="product_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="order_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sku", fields.TextField(null=True, unique=False)),
                ("name", fields.TextField(unique=False)),
                ("quantity", NumericField(generated=False, null=False, unique=False)),
                ("unit_price", NumericField(generated=False, null=False, unique=False)),
                ("discount", NumericField(generated=False, null=False, unique=False)),
                ("tax_rate", NumericField(generated=False, null=False, unique=False)),
                ("net", NumericField(generated=False, null=False, unique=False)),
                ("tax", NumericField(generated=False, null=False, unique=False)),
                ("gross", NumericField(generated=False, null=False, unique=False)),
            ],
            options={
                "table": "order_line",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="kind IN ('PRODUCT', 'SHIPPING')", name="order_line_kind_known"),
                    CheckConstraint(check="gross = net + tax", name="order_line_adds_up"),
                    CheckConstraint(
                        check="kind <> 'PRODUCT' OR product_id IS NOT NULL", name="order_line_product_known"
                    ),
                    CheckConstraint(check="quantity <> 0", name="order_line_quantity_not_zero"),
                    CheckConstraint(check="unit_price >= 0", name="order_line_price_not_negative"),
                    CheckConstraint(check="tax_rate >= 0 AND tax_rate <= 1", name="order_line_tax_rate_sane"),
                ],
                "indexes": [
                    ShapedIndex(
                        fields=["order_id ASC", "position ASC", "id ASC"],
                        name="order_line_of",
                        include=("product_id", "sku", "name", "quantity", "unit_price", "net", "tax", "gross"),
                    ),
                    ShapedIndex(fields=["product_id ASC", "order_id ASC"], name="order_line_product"),
                ],
                "pk_attr": "id",
                "table_description": "A line of an order; `sku` and `name` are the product's when it was sold. `net` + `tax` = `gross`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderShare",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shares",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shared_orders",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "order_share",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("order", "user"), name="order_share_once")],
                "indexes": [ShapedIndex(fields=["user_id ASC", "order_id ASC"], name="order_share_user")],
                "pk_attr": "id",
                "table_description": "An order shared with a user, who may read, comment and follow up.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderStatusChange",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="status_changes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "from_status",
                    fields.CharEnumField(
                        null=True,
                        description="DRAFT: DRAFT\nPENDING_REVIEW: PENDING_REVIEW\nNEEDS_INFO: NEEDS_INFO\nAPPROVED: APPROVED\nPICKING: PICKING\nBACKORDERED: BACKORDERED\nPACKED: PACKED\nSHIPPED: SHIPPED\nCOMPLETED: COMPLETED\nCANCELLED: CANCELLED\nREJECTED: REJECTED\nREQUESTED: REQUESTED\nAUTHORISED: AUTHORISED\nRECEIVED: RECEIVED\nREFUNDED: REFUNDED\nEXCHANGED: EXCHANGED\nDECLINED: DECLINED",
                        enum_type=OrderStatus,
                        max_length=20,
                    ),
                ),
                (
                    "to_status",
                    fields.CharEnumField(
                        description="DRAFT: DRAFT\nPENDING_REVIEW: PENDING_REVIEW\nNEEDS_INFO: NEEDS_INFO\nAPPROVED: APPROVED\nPICKING: PICKING\nBACKORDERED: BACKORDERED\nPACKED: PACKED\nSHIPPED: SHIPPED\nCOMPLETED: COMPLETED\nCANCELLED: CANCELLED\nREJECTED: REJECTED\nREQUESTED: REQUESTED\nAUTHORISED: AUTHORISED\nRECEIVED: RECEIVED\nREFUNDED: REFUNDED\nEXCHANGED: EXCHANGED\nDECLINED: DECLINED",
                        enum_type=OrderStatus,
                        max_length=20,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="status_changes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(null=True, unique=False)),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "order_status_change",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="from_status IN ('DRAFT', 'PENDING_REVIEW', 'NEEDS_INFO', 'APPROVED', 'PICKING', 'BACKORDERED', 'PACKED', 'SHIPPED', 'COMPLETED', 'CANCELLED', 'REJECTED', 'REQUESTED', 'AUTHORISED', 'RECEIVED', 'REFUNDED', 'EXCHANGED', 'DECLINED')",
                        name="order_status_change_from_status_known",
                    ),
                    CheckConstraint(
                        check="to_status IN ('DRAFT', 'PENDING_REVIEW', 'NEEDS_INFO', 'APPROVED', 'PICKING', 'BACKORDERED', 'PACKED', 'SHIPPED', 'COMPLETED', 'CANCELLED', 'REJECTED', 'REQUESTED', 'AUTHORISED', 'RECEIVED', 'REFUNDED', 'EXCHANGED', 'DECLINED')",
                        name="order_status_change_to_status_known",
                    ),
                ],
                "indexes": [ShapedIndex(fields=["order_id ASC", "at ASC", "id ASC"], name="order_status_change_of")],
                "pk_attr": "id",
                "table_description": "One step in an order's life: who, when, from, to, why. `from_status` is null for its making.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("generation", fields.IntField(default=1)),
                ("token_hash", fields.BinaryField()),
                ("rotations", ArrayField(element_type="TIMESTAMPTZ(3)")),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("expires_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("ended_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "session",
                "app": "models",
                "constraints": [CheckConstraint(check="generation > 0", name="session_generation_positive")],
                "indexes": [ShapedIndex(fields=["expires_at ASC"], name="session_expiry")],
                "pk_attr": "id",
                "table_description": "A family of refresh tokens: one sign-in on one device. The newest token is number `generation`.",
            },
            bases=["Model"],
        ),
    ]
