from tortoise import migrations
from tortoise.migrations import operations as ops

# Values of custom fields, as a line says them, and as its invoice does. No plan asks what is in them.
ADD = [
    "ALTER TABLE import_line ADD COLUMN custom_fields jsonb",
    "ALTER TABLE import_line ALTER COLUMN custom_fields SET STATISTICS 0",
    "ALTER TABLE import_order ADD COLUMN custom_fields jsonb",
]
REMOVE = [
    "ALTER TABLE import_line DROP COLUMN custom_fields",
    "ALTER TABLE import_order DROP COLUMN custom_fields",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0012_import_statistics")]

    operations = [ops.RunSQL(sql=ADD, reverse_sql=REMOVE)]
