from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

# Tortoise leaves the constraint where it is.
DROP = """
DO $$
DECLARE found text;
BEGIN
    SELECT conname INTO STRICT found FROM pg_constraint
    WHERE conrelid = 'stock_movement'::regclass AND confrelid = 'order_line'::regclass AND contype = 'f';
    EXECUTE format('ALTER TABLE stock_movement DROP CONSTRAINT %I', found);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0026_stock")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="StockMovement",
            name="order_line",
            field=fields.ForeignKeyField(
                "models.OrderLine",
                source_field="order_line_id",
                null=True,
                db_constraint=False,
                to_field="id",
                related_name="movements",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.RunSQL(sql=DROP, reverse_sql="SELECT 1"),
    ]
