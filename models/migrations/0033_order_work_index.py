from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0032_tier_overrides")]

    operations = [
        AddIndexConcurrently(
            "Order",
            ShapedIndex(
                fields=[
                    "status ASC",
                    "coalesce(priority, 10) ASC",
                    "coalesce(respond_by, 'infinity') ASC",
                    "placed_at ASC",
                    "id ASC",
                ],
                name="sales_order_work",
                where="status NOT IN ('CANCELLED', 'COMPLETED', 'DECLINED', 'EXCHANGED', 'REFUNDED', 'REJECTED')",
            ),
        ),
    ]
