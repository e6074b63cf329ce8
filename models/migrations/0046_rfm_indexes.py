from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently, Analyse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0045_rfm")]

    initial = False

    operations = [
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(
                fields=["last_order_at DESC NULLS LAST", "id DESC"],
                name="customer_by_last_order_at",
                include=("owner_id", "team_id"),
            ),
        ),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(
                fields=["owner_id ASC", "last_order_at DESC NULLS LAST", "id DESC"], name="customer_owner_last_order_at"
            ),
        ),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(
                fields=["team_id ASC", "last_order_at DESC NULLS LAST", "id DESC"], name="customer_team_last_order_at"
            ),
        ),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(
                fields=["last_order_at ASC NULLS LAST", "id ASC"],
                name="customer_by_last_order_at_asc",
                include=("owner_id", "team_id"),
            ),
        ),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(
                fields=["owner_id ASC", "last_order_at ASC NULLS LAST", "id ASC"],
                name="customer_owner_last_order_at_asc",
            ),
        ),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(
                fields=["team_id ASC", "last_order_at ASC NULLS LAST", "id ASC"], name="customer_team_last_order_at_asc"
            ),
        ),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(
                fields=["frequency DESC", "id DESC"], name="customer_by_frequency", include=("owner_id", "team_id")
            ),
        ),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(fields=["owner_id ASC", "frequency DESC", "id DESC"], name="customer_owner_frequency"),
        ),
        AddIndexConcurrently(
            "Customer", ShapedIndex(fields=["team_id ASC", "frequency DESC", "id DESC"], name="customer_team_frequency")
        ),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(
                fields=["monetary DESC", "id DESC"], name="customer_by_monetary", include=("owner_id", "team_id")
            ),
        ),
        AddIndexConcurrently(
            "Customer", ShapedIndex(fields=["owner_id ASC", "monetary DESC", "id DESC"], name="customer_owner_monetary")
        ),
        AddIndexConcurrently(
            "Customer", ShapedIndex(fields=["team_id ASC", "monetary DESC", "id DESC"], name="customer_team_monetary")
        ),
        Analyse("Customer"),
    ]
