from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0018_count_orders")]

    operations = [
        AddIndexConcurrently(
            "Order",
            ShapedIndex(
                fields=["tier_id ASC", "placed_at DESC", "id DESC"],
                name="sales_order_tier",
                where="tier_id IS NOT NULL",
            ),
        ),
    ]
