# ruff: noqa: E501  # as generated
from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.assignment import AssignmentStrategy
from domain.orders.review import FindingKind, FindingSeverity
from models.columns import NumericField, ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0033_order_work_index")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AssignmentRule",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("code", fields.TextField(unique=False)),
                ("rank", fields.IntField(default=0)),
                (
                    "channel",
                    fields.ForeignKeyField(
                        "models.Channel",
                        source_field="channel_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="assignment_rules",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="assignment_rules",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="team_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="assignment_rules",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "strategy",
                    fields.CharEnumField(
                        description="LEAST_LOADED: LEAST_LOADED\nROUND_ROBIN: ROUND_ROBIN",
                        enum_type=AssignmentStrategy,
                        max_length=20,
                    ),
                ),
                (
                    "last_given",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="last_given_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="assigned_last",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("active", fields.BooleanField(default=True)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "assignment_rule",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("code",), name="assignment_rule_code_once"),
                    CheckConstraint(
                        check="strategy IN ('LEAST_LOADED', 'ROUND_ROBIN')", name="assignment_rule_strategy_known"
                    ),
                ],
                "indexes": [ShapedIndex(fields=["rank ASC", "id ASC"], name="assignment_rule_by_rank")],
                "pk_attr": "id",
                "table_description": "Orders of a channel, and of a region or one below it, go to active REPs of the team, last to `last_given`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ChannelPrice",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                (
                    "channel",
                    fields.ForeignKeyField(
                        "models.Channel",
                        source_field="channel_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="prices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "product",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="product_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="channel_prices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("currency", fields.CharField(max_length=3)),
                ("promotion", fields.BooleanField(default=False)),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField(null=True)),
                ("price", NumericField(generated=False, null=False, unique=False)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "channel_price",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("channel", "product", "currency", "promotion", "starts_on"), name="channel_price_once"
                    ),
                    CheckConstraint(check="currency ~ '^[A-Z]{3}$'", name="channel_price_currency_code"),
                    CheckConstraint(check="price >= 0", name="channel_price_not_negative"),
                    CheckConstraint(check="ends_on >= starts_on", name="channel_price_ends_later"),
                    CheckConstraint(check="NOT promotion OR ends_on IS NOT NULL", name="channel_price_promotion_ends"),
                ],
                "indexes": [
                    ShapedIndex(fields=["starts_on DESC", "id DESC"], name="channel_price_by_starts_on"),
                    ShapedIndex(
                        fields=["product_id ASC", "currency ASC", "channel_id ASC", "starts_on DESC"],
                        name="channel_price_of",
                    ),
                ],
                "pk_attr": "id",
                "table_description": "The price of a product in a channel from the day `starts_on` to `ends_on`, both included; for good if null.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderFinding",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="findings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="ADDRESS_MISSING: ADDRESS_MISSING\nCONTACT_MISSING: CONTACT_MISSING\nUNKNOWN_SKU: UNKNOWN_SKU\nQUANTITY_BEYOND_POLICY: QUANTITY_BEYOND_POLICY\nPRICE_DEVIATES: PRICE_DEVIATES\nCREDIT_EXCEEDED: CREDIT_EXCEEDED\nPOSSIBLE_DUPLICATE: POSSIBLE_DUPLICATE\nTOTAL_MISMATCH: TOTAL_MISMATCH",
                        enum_type=FindingKind,
                        max_length=30,
                    ),
                ),
                (
                    "severity",
                    fields.CharEnumField(
                        description="WARNING: WARNING\nERROR: ERROR", enum_type=FindingSeverity, max_length=20
                    ),
                ),
                (
                    "line",
                    fields.ForeignKeyField(
                        "models.OrderLine",
                        source_field="line_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="findings",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "other_order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="other_order_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="found_twins",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("facts", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("found_at", TimestampField(auto_now=False, auto_now_add=False)),
                (
                    "overridden_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="overridden_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="overridden_findings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("overridden_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "order_finding",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="kind IN ('ADDRESS_MISSING', 'CONTACT_MISSING', 'UNKNOWN_SKU', 'QUANTITY_BEYOND_POLICY', 'PRICE_DEVIATES', 'CREDIT_EXCEEDED', 'POSSIBLE_DUPLICATE', 'TOTAL_MISMATCH')",
                        name="order_finding_kind_known",
                    ),
                    CheckConstraint(check="severity IN ('WARNING', 'ERROR')", name="order_finding_severity_known"),
                ],
                "indexes": [
                    ShapedIndex(
                        fields=["order_id ASC", "id ASC"], name="order_finding_of", include=("kind", "severity")
                    ),
                    ShapedIndex(fields=["line_id ASC"], name="order_finding_line", where="line_id IS NOT NULL"),
                ],
                "pk_attr": "id",
                "table_description": "Something that was wrong with an order when it was last handed in, and who approved it all the same.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReviewPolicy",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("code", fields.TextField(unique=False)),
                ("rank", fields.IntField(default=0)),
                (
                    "channel",
                    fields.ForeignKeyField(
                        "models.Channel",
                        source_field="channel_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="review_policies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("approve_clean", fields.BooleanField(default=True)),
                ("address_needed", fields.BooleanField(default=True)),
                ("contact_needed", fields.BooleanField(default=True)),
                ("most_per_line", NumericField(null=True, generated=False, unique=False)),
                ("price_tolerance", NumericField(null=True, generated=False, unique=False)),
                ("duplicate_hours", fields.IntField(null=True)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "review_policy",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("code",), name="review_policy_code_once"),
                    CheckConstraint(check="most_per_line > 0", name="review_policy_most_positive"),
                    CheckConstraint(check="price_tolerance BETWEEN 0 AND 1", name="review_policy_tolerance_sane"),
                    CheckConstraint(check="duplicate_hours > 0", name="review_policy_hours_positive"),
                ],
                "indexes": [ShapedIndex(fields=["rank ASC", "id ASC"], name="review_policy_by_rank")],
                "pk_attr": "id",
                "table_description": "What is checked of orders of a channel, or of all; the smallest `rank` that fits counts. Null: not checked.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Customer",
            name="credit_limit",
            field=NumericField(null=True, generated=False, unique=False),
        ),
        ops.AddConstraint(
            model_name="Customer",
            constraint=CheckConstraint(check="credit_limit >= 0", name="customer_credit_not_negative"),
        ),
        ops.AddField(
            model_name="Order",
            name="stated_total",
            field=NumericField(null=True, generated=False, unique=False),
        ),
    ]
