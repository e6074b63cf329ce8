from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently, Analyse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0048_payment_state")]

    operations = [
        AddIndexConcurrently(
            "Order",
            ShapedIndex(
                fields=[
                    "order_payment_state(status, total, received, refunded, returns_refunded) ASC",
                    "placed_at DESC",
                    "id DESC",
                ],
                name="sales_order_payment_state",
            ),
        ),
        AddIndexConcurrently(
            "Order",
            ShapedIndex(
                fields=["order_due(status, total, received, refunded) ASC"],
                name="sales_order_due",
            ),
        ),
        Analyse("Order"),
    ]
