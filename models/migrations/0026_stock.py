# ruff: noqa: E501  # as generated, but for the triggers
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.stock.movements import MovementKind
from models.columns import NumericField, ShapedIndex, TimestampField

# The ledger is added to, and that is all: balances could not be proved otherwise.
APPEND_ONLY = """
CREATE FUNCTION stock_movement_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'movements of stock are not changed or removed' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
TRIGGERS = [
    "CREATE TRIGGER stock_movement_kept BEFORE UPDATE OR DELETE ON stock_movement"
    " FOR EACH ROW EXECUTE FUNCTION stock_movement_append_only()",
    "CREATE TRIGGER stock_movement_not_emptied BEFORE TRUNCATE ON stock_movement"
    " FOR EACH STATEMENT EXECUTE FUNCTION stock_movement_append_only()",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0025_job_messages")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Warehouse",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("code", fields.TextField(unique=False)),
                ("name", fields.TextField(unique=False)),
                ("position", fields.IntField(default=0)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "warehouse",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("code",), name="warehouse_code_once")],
                "indexes": [ShapedIndex(fields=["position ASC", "id ASC"], name="warehouse_by_position")],
                "pk_attr": "id",
                "table_description": "A place to pick goods from, the smallest `position` first: a managed list. An inactive one only empties.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StockLevel",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "warehouse",
                    fields.ForeignKeyField(
                        "models.Warehouse",
                        source_field="warehouse_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="stock",
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
                        related_name="stock",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("on_hand", NumericField(generated=False, null=False, unique=False)),
                ("reserved", NumericField(generated=False, null=False, unique=False)),
                ("reorder_point", NumericField(null=True, generated=False, unique=False)),
                ("low", fields.BooleanField(default=False)),
                ("last_seq", fields.BigIntField(default=0)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("updated_at", TimestampField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "stock_level",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("product", "warehouse"), name="stock_level_once"),
                    CheckConstraint(check="on_hand >= 0", name="stock_level_on_hand_not_negative"),
                    CheckConstraint(
                        check="reserved >= 0 AND reserved <= on_hand", name="stock_level_reserved_is_there"
                    ),
                    CheckConstraint(check="reorder_point >= 0", name="stock_level_reorder_point_not_negative"),
                    CheckConstraint(
                        check="low = coalesce(on_hand - reserved < reorder_point, false)", name="stock_level_low_told"
                    ),
                ],
                "indexes": [
                    ShapedIndex(fields=["updated_at DESC", "id DESC"], name="stock_level_by_updated_at"),
                    ShapedIndex(fields=["on_hand DESC", "id DESC"], name="stock_level_by_on_hand"),
                    ShapedIndex(fields=["updated_at DESC", "id DESC"], name="stock_level_low", where="low"),
                    ShapedIndex(
                        fields=["warehouse_id ASC", "updated_at DESC", "id DESC"], name="stock_level_warehouse"
                    ),
                ],
                "pk_attr": "id",
                "table_description": "What a warehouse has of a product: what its movements add up to.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StockMovement",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "level",
                    fields.ForeignKeyField(
                        "models.StockLevel",
                        source_field="level_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="movements",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("warehouse_id", fields.BigIntField()),
                ("product_id", fields.BigIntField()),
                (
                    "kind",
                    fields.CharEnumField(
                        description="RECEIPT: RECEIPT\nADJUSTMENT: ADJUSTMENT\nTRANSFER: TRANSFER\nRESERVATION: RESERVATION\nRELEASE: RELEASE\nISSUE: ISSUE",
                        enum_type=MovementKind,
                        max_length=20,
                    ),
                ),
                ("on_hand_change", NumericField(generated=False, null=False, unique=False)),
                ("reserved_change", NumericField(generated=False, null=False, unique=False)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="movements",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "order_line",
                    fields.ForeignKeyField(
                        "models.OrderLine",
                        source_field="order_line_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="movements",
                        on_delete=OnDelete.RESTRICT,
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
                        related_name="movements",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(null=True, unique=False)),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "stock_movement",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="kind IN ('RECEIPT', 'ADJUSTMENT', 'TRANSFER', 'RESERVATION', 'RELEASE', 'ISSUE')",
                        name="stock_movement_kind_known",
                    ),
                    CheckConstraint(check="on_hand_change <> 0 OR reserved_change <> 0", name="stock_movement_moves"),
                    CheckConstraint(
                        check="order_line_id IS NULL OR order_id IS NOT NULL", name="stock_movement_line_in_order"
                    ),
                ],
                "indexes": [
                    ShapedIndex(fields=["at DESC", "id DESC"], name="stock_movement_by_at"),
                    ShapedIndex(fields=["level_id ASC"], name="stock_movement_level"),
                    ShapedIndex(fields=["product_id ASC", "at DESC", "id DESC"], name="stock_movement_product"),
                    ShapedIndex(
                        fields=["order_id ASC", "id ASC"], name="stock_movement_order", where="order_id IS NOT NULL"
                    ),
                    ShapedIndex(
                        fields=["order_line_id ASC"], name="stock_movement_line", where="order_line_id IS NOT NULL"
                    ),
                ],
                "pk_attr": "id",
                "table_description": "An entry of the ledger: what was added to what is on hand, and to what of it is reserved.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Order",
            name="expected_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Product",
            name="stocked",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.RunSQL(sql=[APPEND_ONLY, *TRIGGERS], reverse_sql="DROP FUNCTION stock_movement_append_only CASCADE"),
    ]
