"""Warehouses, what they hold, and the ledger that it follows from."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.stock.movements import MovementKind
from models.columns import NumericField, ShapedIndex, TimestampField, one_of, sorted_by
from models.orders import Order, OrderLine
from models.people import User
from models.products import Product


class Warehouse(Model):
    """A place to pick goods from, the smallest `position` first: a managed list. An inactive one only empties."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    code = fields.TextField()
    name = fields.TextField()
    position = fields.IntField(default=0)
    active = fields.BooleanField(default=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "warehouse"
        indexes = [ShapedIndex(name="warehouse_by_position", fields=("position ASC", "id ASC"))]
        constraints = [UniqueConstraint(fields=("code",), name="warehouse_code_once")]


class StockLevel(Model):
    """What a warehouse has of a product: what its movements add up to.

    `low` is whether less than `reorder_point` is neither gone nor reserved; the alert is raised when it becomes true.
    `last_seq` is the outbox's newest number for this stock.
    """

    id = fields.BigIntField(primary_key=True)
    warehouse: fields.ForeignKeyRelation[Warehouse] = fields.ForeignKeyField(
        "models.Warehouse", related_name="stock", on_delete=OnDelete.RESTRICT
    )
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="stock", on_delete=OnDelete.RESTRICT
    )
    on_hand = NumericField()
    reserved = NumericField()
    reorder_point = NumericField(null=True)
    low = fields.BooleanField(default=False)
    last_seq = fields.BigIntField(default=0)
    created_at = TimestampField(auto_now_add=True)
    updated_at = TimestampField(auto_now=True)

    class Meta:
        table = "stock_level"
        indexes = [
            *sorted_by("stock_level", "updated_at"),
            *sorted_by("stock_level", "on_hand"),
            ShapedIndex(name="stock_level_low", fields=("updated_at DESC", "id DESC"), where="low"),
            ShapedIndex(name="stock_level_warehouse", fields=("warehouse_id ASC", "updated_at DESC", "id DESC")),
        ]
        constraints = [
            UniqueConstraint(fields=("product", "warehouse"), name="stock_level_once"),
            CheckConstraint(name="stock_level_on_hand_not_negative", check="on_hand >= 0"),
            CheckConstraint(name="stock_level_reserved_is_there", check="reserved >= 0 AND reserved <= on_hand"),
            CheckConstraint(name="stock_level_reorder_point_not_negative", check="reorder_point >= 0"),
            CheckConstraint(
                name="stock_level_low_told", check="low = coalesce(on_hand - reserved < reorder_point, false)"
            ),
        ]


class StockMovement(Model):
    """An entry of the ledger: what was added to what is on hand, and to what of it is reserved.

    Triggers let nobody change or remove it. `warehouse_id` and `product_id` are those of `level`, repeated so that
    lists find them; a foreign key would lock the product's row while an order is held, and an import takes the two the
    other way round. `order_line` is the line for which it was reserved, released or issued; it may be
    gone since.
    """

    id = fields.BigIntField(primary_key=True)
    level: fields.ForeignKeyRelation[StockLevel] = fields.ForeignKeyField(
        "models.StockLevel", related_name="movements", on_delete=OnDelete.RESTRICT
    )
    warehouse_id = fields.BigIntField()
    product_id = fields.BigIntField()
    kind = fields.CharEnumField(MovementKind, max_length=20)
    on_hand_change = NumericField()
    reserved_change = NumericField()
    order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="movements", null=True, on_delete=OnDelete.RESTRICT
    )
    order_line: fields.ForeignKeyNullableRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="movements", null=True, db_constraint=False, on_delete=OnDelete.RESTRICT
    )
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="movements", null=True, on_delete=OnDelete.RESTRICT
    )
    reason = fields.TextField(null=True)
    at = TimestampField()

    class Meta:
        table = "stock_movement"
        indexes = [
            *sorted_by("stock_movement", "at"),
            ShapedIndex(name="stock_movement_level", fields=("level_id ASC",)),
            ShapedIndex(name="stock_movement_product", fields=("product_id ASC", "at DESC", "id DESC")),
            ShapedIndex(name="stock_movement_order", fields=("order_id ASC", "id ASC"), where="order_id IS NOT NULL"),
            ShapedIndex(name="stock_movement_line", fields=("order_line_id ASC",), where="order_line_id IS NOT NULL"),
        ]
        constraints = [
            one_of("kind", MovementKind, table="stock_movement"),
            CheckConstraint(name="stock_movement_moves", check="on_hand_change <> 0 OR reserved_change <> 0"),
            CheckConstraint(name="stock_movement_line_in_order", check="order_line_id IS NULL OR order_id IS NOT NULL"),
        ]
