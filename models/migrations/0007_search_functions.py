from tortoise import migrations
from tortoise.migrations import operations as ops

# What counts when texts are searched: neither width nor case nor how a letter is composed.
SEARCH_TEXT = """
CREATE FUNCTION search_text(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN normalize(casefold(normalize($1, NFKC) COLLATE pg_unicode_fast), NFKC)
"""

# The pieces by which an index finds a text that contains another one: all of the other's pieces are among its own.
# Three ASCII characters, or two of which one is not, since two Chinese characters are a word; none with a space.
SEARCH_GRAMS = """
CREATE FUNCTION search_grams(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(
    SELECT piece
    FROM (
        SELECT substr(t, i, CASE octet_length(substr(t, i, 2)) WHEN 2 THEN 3 ELSE 2 END) AS piece
        FROM (SELECT search_text($1) AS t OFFSET 0) once, generate_series(1, length(t) - 1) i
    ) pieces
    WHERE octet_length(piece) > 2 AND position(' ' IN piece) = 0
)
"""

# The digits of a phone number from its end on: people say the last ones, and write them in groups of all kinds.
SEARCH_END = """
CREATE FUNCTION search_end(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN reverse(regexp_replace(normalize($1, NFKC), '[^0-9]+', '', 'g'))
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0006_event_feed")]

    operations = [
        ops.RunSQL(
            sql=[SEARCH_TEXT, SEARCH_GRAMS, SEARCH_END],
            reverse_sql="DROP FUNCTION search_end(text), search_grams(text), search_text(text)",
        ),
    ]
