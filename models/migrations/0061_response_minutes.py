from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0060_calendars")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Order",
            name="response_minutes",
            field=fields.IntField(null=True),
        ),
    ]
