from tortoise import migrations
from tortoise.migrations import operations as ops

# They give what they gave before: what is indexed stays right. A text of ASCII alone, as most are, has one form, and
# its lower case is quickly found. Neither this nor `search_grams` is STRICT: PostgreSQL would call it instead of
# writing out what it does.
SEARCH_TEXT = """
CREATE OR REPLACE FUNCTION search_text(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE octet_length($1)
    WHEN length($1) THEN lower($1 COLLATE "C") COLLATE pg_unicode_fast
    ELSE normalize(casefold(normalize($1, NFKC) COLLATE pg_unicode_fast), NFKC)
END
"""

# A query inside of a function costs more to begin and to end than what it does; most of a write's search was that.
# What is called in here is PostgreSQL's own, since indexes are made and analysed with a search_path without ours.
# The cost tells the planner what calling it is like, so that it asks the index instead.
SEARCH_PIECES = """
CREATE FUNCTION search_pieces(folded text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS $$
DECLARE
    ascii CONSTANT boolean := octet_length(folded) = length(folded);
    pieces text[] := '{}';
    piece text;
BEGIN
    FOR place IN 1 .. length(folded) - CASE WHEN ascii THEN 2 ELSE 1 END LOOP
        piece := substr(folded, place, CASE WHEN ascii OR octet_length(substr(folded, place, 2)) = 2 THEN 3 ELSE 2 END);
        IF octet_length(piece) > 2 AND position(' ' IN piece) = 0 THEN
            pieces := pieces || piece;
        END IF;
    END LOOP;
    RETURN pieces;
END
$$
"""
SEARCH_GRAMS = """
CREATE OR REPLACE FUNCTION search_grams(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN search_pieces(search_text($1))
"""

# As before, and where there are two pieces with digits, these alone: they are rare beside those of words, and each
# further list is one more for an index to go through.
SEARCH_KEYS = """
CREATE OR REPLACE FUNCTION search_keys(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(
    SELECT piece
    FROM (
        SELECT piece, piece ~ '[0-9]' AS telling, count(*) FILTER (WHERE piece ~ '[0-9]') OVER () AS telling_ones
        FROM (SELECT search_grams($1) AS pieces OFFSET 0) once, unnest(pieces) WITH ORDINALITY AS listed(piece, place)
        WHERE place % 2 = 1 OR place = cardinality(pieces) OR octet_length(piece) > length(piece)
    ) chosen
    WHERE telling OR telling_ones < 2 OR octet_length(piece) > length(piece)
)
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0019_order_tier_index")]

    operations = [
        ops.RunSQL(sql=[SEARCH_TEXT, SEARCH_PIECES, SEARCH_GRAMS, SEARCH_KEYS], reverse_sql=ops.RunSQL.noop),
    ]
