from tortoise import migrations
from tortoise.migrations import operations as ops

# The pieces by which a text is looked up that others are to contain: of three ASCII characters every second one and the
# last. Two that follow each other say where words meet, so one of them says it too; all of them would cost an index
# twice as many lists to compare. Of two characters all: only one says where two words meet.
SEARCH_KEYS = """
CREATE FUNCTION search_keys(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(
    SELECT piece
    FROM (SELECT search_grams($1) AS pieces OFFSET 0) once, unnest(pieces) WITH ORDINALITY AS listed(piece, place)
    WHERE place % 2 = 1 OR place = cardinality(pieces) OR octet_length(piece) > length(piece)
)
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0013_import_custom_fields")]

    operations = [
        ops.RunSQL(sql=SEARCH_KEYS, reverse_sql="DROP FUNCTION search_keys(text)"),
    ]
