from tortoise import migrations
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops

from models.columns import TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0031_tier_rules")]

    initial = False

    operations = [
        ops.AddField(
            model_name="StaleTiers",
            name="written_at",
            field=TimestampField(db_default=SqlDefault("now()"), auto_now=False, auto_now_add=False),
        ),
    ]
