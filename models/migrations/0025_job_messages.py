from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0024_segments")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Job",
            name="language",
            field=fields.TextField(default="en", db_default="en", unique=False),
        ),
        ops.AddField(
            model_name="Job",
            name="message_code",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Job",
            name="message_facts",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="Job",
            name="unchanged",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AlterField(
            model_name="JobReportRow",
            name="reason",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="JobReportRow",
            name="problems",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
