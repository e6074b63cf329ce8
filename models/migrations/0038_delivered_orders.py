from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0037_shipments")]

    operations = [
        AddIndexConcurrently(
            "Order",
            ShapedIndex(
                fields=["delivered_at ASC"],
                name="sales_order_delivered",
                where="status = 'SHIPPED' AND delivered_at IS NOT NULL",
            ),
        ),
    ]
