from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently, Analyse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0070_reminders")]

    operations = [
        AddIndexConcurrently(
            "Lead",
            ShapedIndex(
                fields=["next_follow_up_at ASC"],
                name="lead_planned",
                where="owner_id IS NOT NULL AND next_follow_up_at IS NOT NULL"
                " AND status IN ('NEW', 'CONTACTED', 'QUALIFIED')",
            ),
        ),
        Analyse("Lead"),
    ]
