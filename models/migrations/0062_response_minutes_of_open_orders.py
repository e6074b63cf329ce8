from tortoise import migrations
from tortoise.migrations import operations as ops

# Until now they were minutes of the clock: that of the deadline tells them. Orders that are over keep theirs as it is.
FILL = """
UPDATE sales_order SET response_minutes = round(extract(epoch FROM respond_by - placed_at) / 60)
WHERE respond_by IS NOT NULL AND response_minutes IS NULL
  AND status NOT IN ('CANCELLED', 'COMPLETED', 'DECLINED', 'EXCHANGED', 'REFUNDED', 'REJECTED')
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0061_response_minutes")]

    operations = [ops.RunSQL(sql=FILL, reverse_sql="")]
