from tortoise import migrations
from tortoise.migrations import operations as ops

# Lines are found by the invoices of a job, and no plan asks what is in their other columns. So ANALYZE, which every
# import does once its lines are staged, need look at a few of them only.
COUNTED = ("job_id", "invoice", "problem")
NOT_COUNTED = (
    *("file", "line", "is_return", "sku", "name", "quantity", "unit_price", "placed_at", "customer", "region"),
)
FEW, NONE = 10, 0

# Room for what is found out of an invoice after its row was made: such a change need not touch the index.
ROOM = "ALTER TABLE import_order SET (fillfactor = 50)"


def _looked_at(columns: tuple[str, ...], target: int) -> str:
    return "ALTER TABLE import_line " + ", ".join(f"ALTER COLUMN {name} SET STATISTICS {target}" for name in columns)


class Migration(migrations.Migration):
    dependencies = [("models", "0011_users")]

    operations = [
        ops.RunSQL(
            sql=[_looked_at(COUNTED, FEW), _looked_at(NOT_COUNTED, NONE), ROOM],
            reverse_sql=[_looked_at((*COUNTED, *NOT_COUNTED), -1), "ALTER TABLE import_order RESET (fillfactor)"],
        ),
    ]
