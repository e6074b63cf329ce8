from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0041_stock_scopes")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Order",
            name="delay_reason",
            field=fields.ForeignKeyField(
                "models.Reason",
                source_field="delay_reason_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="delayed_orders",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
    ]
