from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently

WAITING = "owner_id IS NULL AND status IN ('NEW', 'CONTACTED', 'QUALIFIED')"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0068_lead_standings")]

    operations = [
        AddIndexConcurrently(
            "Lead",
            ShapedIndex(
                name=f"lead_waiting_by_{column}",
                fields=[f"{column} DESC", "id DESC"],
                include=("pool_id",),
                where=WAITING,
            ),
        )
        for column in ("entered_at", "score")
    ]
