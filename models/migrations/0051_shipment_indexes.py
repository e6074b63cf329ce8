from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently, Analyse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0050_payments_transferred")]

    operations = [
        AddIndexConcurrently(
            "Shipment",
            ShapedIndex(
                fields=[
                    "(CASE WHEN delivered_at IS NULL THEN 'IN_TRANSIT' ELSE 'DELIVERED' END) ASC",
                    "shipped_at DESC",
                    "id DESC",
                ],
                name="shipment_state",
            ),
        ),
        AddIndexConcurrently(
            "Shipment",
            ShapedIndex(fields=["carrier ASC", "shipped_at DESC", "id DESC"], name="shipment_carrier"),
        ),
        AddIndexConcurrently(
            "Shipment",
            ShapedIndex(
                fields=["tracking_number ASC"], name="shipment_tracking_number", where="tracking_number IS NOT NULL"
            ),
        ),
        Analyse("Shipment"),
    ]
