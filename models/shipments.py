"""Shipments: what of an order went to the carrier at once."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.columns import NumericField, ShapedIndex, TimestampField, searched, sorted_by, wholes_of
from models.orders import Order, OrderLine
from models.people import User


class Shipment(Model):
    """Goods of an order that were sent together. Orders that came with an import as sent have none."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="shipments", on_delete=OnDelete.RESTRICT
    )
    order_id: int
    carrier = fields.TextField(null=True)
    tracking_number = fields.TextField(null=True)
    shipped_at = TimestampField()
    delivered_at = TimestampField(null=True)
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="shipments", null=True, on_delete=OnDelete.RESTRICT
    )
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "shipment"
        indexes = [
            *sorted_by("shipment", "shipped_at"),
            ShapedIndex(name="shipment_of", fields=("order_id ASC", "shipped_at ASC", "id ASC")),
            ShapedIndex(
                name="shipment_state",
                fields=(
                    "(CASE WHEN delivered_at IS NULL THEN 'IN_TRANSIT' ELSE 'DELIVERED' END) ASC",
                    "shipped_at DESC",
                    "id DESC",
                ),
            ),
            ShapedIndex(name="shipment_carrier", fields=("carrier ASC", "shipped_at DESC", "id DESC")),
            ShapedIndex(
                name="shipment_tracking_number",
                fields=("tracking_number ASC",),
                where="tracking_number IS NOT NULL",
            ),
            searched("shipment", "tracking_number"),
            *wholes_of("shipment", "tracking_number"),
        ]
        constraints = [CheckConstraint(name="shipment_delivered_after_shipped", check="delivered_at >= shipped_at")]


class ShipmentLine(Model):
    """How many pieces of a line of the order went with a shipment."""

    id = fields.BigIntField(primary_key=True)
    shipment: fields.ForeignKeyRelation[Shipment] = fields.ForeignKeyField(
        "models.Shipment", related_name="lines", on_delete=OnDelete.CASCADE
    )
    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="shipment_lines", on_delete=OnDelete.RESTRICT
    )
    quantity = NumericField()

    class Meta:
        table = "shipment_line"
        indexes = [ShapedIndex(name="shipment_line_of", fields=("order_line_id ASC",), include=("quantity",))]
        constraints = [
            UniqueConstraint(fields=("shipment", "order_line"), name="shipment_line_once"),
            CheckConstraint(name="shipment_line_quantity_positive", check="quantity > 0"),
        ]
