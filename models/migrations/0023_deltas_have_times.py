from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0022_personal_data_traces")]

    initial = False

    # When its transaction began, so that somebody can see how long a delta waits. The table is not written anew: rows
    # that are there get the time of this statement.
    operations = [
        ops.RunSQL(
            sql="ALTER TABLE order_count_delta ADD COLUMN written_at timestamptz NOT NULL DEFAULT now()",
            reverse_sql="ALTER TABLE order_count_delta DROP COLUMN written_at",
        ),
    ]
