from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0039_split_orders")]

    operations = [
        AddIndexConcurrently(
            "Order",
            ShapedIndex(fields=["split_from_id ASC"], name="sales_order_split", where="split_from_id IS NOT NULL"),
        ),
    ]
