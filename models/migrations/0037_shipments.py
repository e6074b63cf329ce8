# ruff: noqa: E501  # as generated
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.columns import NumericField, ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0036_orders_reviewed")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Shipment",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shipments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("carrier", fields.TextField(null=True, unique=False)),
                ("tracking_number", fields.TextField(null=True, unique=False)),
                ("shipped_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("delivered_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="shipments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "shipment",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="delivered_at >= shipped_at", name="shipment_delivered_after_shipped")
                ],
                "indexes": [
                    ShapedIndex(fields=["shipped_at DESC", "id DESC"], name="shipment_by_shipped_at"),
                    ShapedIndex(fields=["order_id ASC", "shipped_at ASC", "id ASC"], name="shipment_of"),
                    ShapedIndex(
                        fields=["search_grams(tracking_number)"],
                        name="shipment_searched",
                        using="gin",
                        options="gin_pending_list_limit = 512",
                    ),
                    ShapedIndex(fields=["search_text(tracking_number)"], name="shipment_tracking_number_whole"),
                ],
                "pk_attr": "id",
                "table_description": "Goods of an order that were sent together. Orders that came with an import as sent have none.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ShipmentLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "shipment",
                    fields.ForeignKeyField(
                        "models.Shipment",
                        source_field="shipment_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "order_line",
                    fields.ForeignKeyField(
                        "models.OrderLine",
                        source_field="order_line_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shipment_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("quantity", NumericField(generated=False, null=False, unique=False)),
            ],
            options={
                "table": "shipment_line",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("shipment", "order_line"), name="shipment_line_once"),
                    CheckConstraint(check="quantity > 0", name="shipment_line_quantity_positive"),
                ],
                "indexes": [ShapedIndex(fields=["order_line_id ASC"], name="shipment_line_of", include=("quantity",))],
                "pk_attr": "id",
                "table_description": "How many pieces of a line of the order went with a shipment.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Order",
            name="delivered_at",
            field=TimestampField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
