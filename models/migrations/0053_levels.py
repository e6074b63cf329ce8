# ruff: noqa: E501  # as generated
from decimal import Decimal

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.customers import CustomerLevel
from domain.levels import LevelConfirmation, LevelProposalState
from models.columns import NumericField, ShapedIndex, TimestampField

# What is marked too much costs a look; what is not marked would wait for the next day. Measuring raises no last_seq.
# Changes are looked at row by row: most statements change one row, of which the trigger's condition tells in no time.
MARK = """
CREATE FUNCTION mark_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stale_customer (customer_id) SELECT id FROM entered;
    RETURN NULL;
END
$$
"""
MARK_ONE = """
CREATE FUNCTION mark_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stale_customer (customer_id) VALUES (NEW.id);
    RETURN NULL;
END
$$
"""
MARK_OF_ORDER = """
CREATE FUNCTION mark_customers_of_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stale_customer (customer_id)
    SELECT DISTINCT id FROM (VALUES (OLD.customer_id), (NEW.customer_id)) side (id) WHERE id IS NOT NULL;
    RETURN NULL;
END
$$
"""
_COUNTED = "('COMPLETED', 'REFUNDED', 'EXCHANGED')"
_OLD, _NEW = (
    f"({', '.join(f'{side}.{column}' for column in ('customer_id', 'status', 'base_total', 'placed_at'))})"
    for side in ("OLD", "NEW")
)
TRIGGERS = [
    "CREATE TRIGGER customer_measured_insert AFTER INSERT ON customer"
    " REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION mark_customers()",
    "CREATE TRIGGER customer_measured_update AFTER UPDATE ON customer FOR EACH ROW"
    " WHEN (OLD.last_seq <> NEW.last_seq) EXECUTE FUNCTION mark_customer()",
    "DROP TRIGGER sales_order_measured_update ON sales_order",
    "CREATE TRIGGER sales_order_measured_update AFTER UPDATE ON sales_order FOR EACH ROW"
    f" WHEN ((OLD.status IN {_COUNTED} OR NEW.status IN {_COUNTED}) AND {_NEW} IS DISTINCT FROM {_OLD})"
    " EXECUTE FUNCTION mark_customers_of_order()",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0052_price_imports")]

    initial = False

    operations = [
        ops.CreateModel(
            name="LevelRule",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("code", fields.TextField(unique=False)),
                ("rank", fields.IntField(default=0)),
                ("condition", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                (
                    "level",
                    fields.CharEnumField(
                        description="REGULAR: REGULAR\nVIP: VIP\nKEY_ACCOUNT: KEY_ACCOUNT",
                        enum_type=CustomerLevel,
                        max_length=20,
                    ),
                ),
                (
                    "confirm",
                    fields.CharEnumField(
                        default=LevelConfirmation.BY_PERSON,
                        description="BY_PERSON: BY_PERSON\nAUTOMATICALLY: AUTOMATICALLY",
                        enum_type=LevelConfirmation,
                        max_length=20,
                    ),
                ),
                ("active", fields.BooleanField(default=True)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "level_rule",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("code",), name="level_rule_code_once"),
                    CheckConstraint(check="level IN ('REGULAR', 'VIP', 'KEY_ACCOUNT')", name="level_rule_level_known"),
                    CheckConstraint(check="confirm IN ('BY_PERSON', 'AUTOMATICALLY')", name="level_rule_confirm_known"),
                ],
                "indexes": [ShapedIndex(fields=["rank ASC", "id ASC"], name="level_rule_by_rank")],
                "pk_attr": "id",
                "table_description": "Customers for whom `condition` holds, and that of no active rule of a smaller `rank`, should have the level.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LevelProposal",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="level_proposals",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "rule",
                    fields.ForeignKeyField(
                        "models.LevelRule",
                        source_field="rule_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="proposals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("rules_version", fields.BigIntField()),
                (
                    "from_level",
                    fields.CharEnumField(
                        description="REGULAR: REGULAR\nVIP: VIP\nKEY_ACCOUNT: KEY_ACCOUNT",
                        enum_type=CustomerLevel,
                        max_length=20,
                    ),
                ),
                (
                    "to_level",
                    fields.CharEnumField(
                        description="REGULAR: REGULAR\nVIP: VIP\nKEY_ACCOUNT: KEY_ACCOUNT",
                        enum_type=CustomerLevel,
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=LevelProposalState.OPEN,
                        description="OPEN: OPEN\nCONFIRMED: CONFIRMED\nDECLINED: DECLINED\nWITHDRAWN: WITHDRAWN",
                        enum_type=LevelProposalState,
                        max_length=20,
                    ),
                ),
                ("sole", fields.BooleanField(null=True, default=True)),
                ("last_order_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("frequency", fields.IntField(default=0)),
                ("monetary", NumericField(default=Decimal("0"), generated=False, null=False, unique=False)),
                ("recency_score", fields.IntField(null=True)),
                ("frequency_score", fields.IntField(null=True)),
                ("monetary_score", fields.IntField(null=True)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("decided_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="level_proposals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "level_proposal",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("customer", "sole"), name="level_proposal_one_open"),
                    CheckConstraint(
                        check="from_level IN ('REGULAR', 'VIP', 'KEY_ACCOUNT')", name="level_proposal_from_level_known"
                    ),
                    CheckConstraint(
                        check="to_level IN ('REGULAR', 'VIP', 'KEY_ACCOUNT')", name="level_proposal_to_level_known"
                    ),
                    CheckConstraint(
                        check="state IN ('OPEN', 'CONFIRMED', 'DECLINED', 'WITHDRAWN')",
                        name="level_proposal_state_known",
                    ),
                    CheckConstraint(
                        check="sole IS NOT FALSE AND (state = 'OPEN') = (sole IS NOT NULL)", name="level_proposal_sole"
                    ),
                    CheckConstraint(check="(state = 'OPEN') = (decided_at IS NULL)", name="level_proposal_decided"),
                    CheckConstraint(check="from_level <> to_level", name="level_proposal_moves"),
                ],
                "indexes": [
                    ShapedIndex(fields=["created_at DESC", "id DESC"], name="level_proposal_by_created_at"),
                    ShapedIndex(fields=["customer_id ASC", "id ASC"], name="level_proposal_of"),
                    ShapedIndex(
                        fields=["created_at DESC", "id DESC"], name="level_proposal_open", where="state = 'OPEN'"
                    ),
                ],
                "pk_attr": "id",
                "table_description": "A rule, of the rules as they were in `rules_version`, proposed a level on what the customer's figures were then.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CustomerLevelChange",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="level_changes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "from_level",
                    fields.CharEnumField(
                        description="REGULAR: REGULAR\nVIP: VIP\nKEY_ACCOUNT: KEY_ACCOUNT",
                        enum_type=CustomerLevel,
                        max_length=20,
                    ),
                ),
                (
                    "to_level",
                    fields.CharEnumField(
                        description="REGULAR: REGULAR\nVIP: VIP\nKEY_ACCOUNT: KEY_ACCOUNT",
                        enum_type=CustomerLevel,
                        max_length=20,
                    ),
                ),
                (
                    "proposal",
                    fields.ForeignKeyField(
                        "models.LevelProposal",
                        source_field="proposal_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="changes",
                        on_delete=OnDelete.SET_NULL,
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
                        related_name="level_changes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(null=True, unique=False)),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "customer_level_change",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="from_level IN ('REGULAR', 'VIP', 'KEY_ACCOUNT')",
                        name="customer_level_change_from_level_known",
                    ),
                    CheckConstraint(
                        check="to_level IN ('REGULAR', 'VIP', 'KEY_ACCOUNT')",
                        name="customer_level_change_to_level_known",
                    ),
                ],
                "indexes": [
                    ShapedIndex(fields=["customer_id ASC", "at ASC", "id ASC"], name="customer_level_change_of")
                ],
                "pk_attr": "id",
                "table_description": "A customer came to another level: who, when, from, to, why. `proposal` is what was confirmed, if anything was.",
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="StaleCustomer",
            options={
                "table": "stale_customer",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A customer waits to be measured again, and asked for the level that rules say.",
            },
        ),
        ops.RunSQL(
            sql=[MARK, MARK_ONE, MARK_OF_ORDER, *TRIGGERS],
            reverse_sql="DROP FUNCTION mark_customers, mark_customer, mark_customers_of_order CASCADE",
        ),
    ]
