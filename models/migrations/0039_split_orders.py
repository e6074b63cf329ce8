from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0038_delivered_orders")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Order",
            name="split_from",
            field=fields.ForeignKeyField(
                "models.Order",
                source_field="split_from_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="split_into",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
    ]
