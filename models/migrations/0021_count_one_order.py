from tortoise import migrations
from tortoise.migrations import operations as ops

_GRAIN = """
    coalesce(team_id, 0), status, type, coalesce(channel_id, 0), coalesce(region_id, 0), coalesce(tier_id, 0),
    coalesce(customer_level, '')
"""
_COUNTED = ("team_id", "status", "type", "channel_id", "region_id", "tier_id", "customer_level", "base_total")
_ENTERED, _REMOVED = (", ".join(f"{row}.{column}" for column in _COUNTED) for row in ("entered", "removed"))

# Most statements change one order, and many of these nothing that is counted: not to group takes half the time.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION count_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO order_count_delta SELECT {_GRAIN}, count(*), sum(base_total)
        FROM entered GROUP BY 1, 2, 3, 4, 5, 6, 7;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO order_count_delta SELECT {_GRAIN}, -count(*), -sum(base_total)
        FROM removed GROUP BY 1, 2, 3, 4, 5, 6, 7;
    ELSIF (SELECT count(*) = 1 FROM entered) THEN
        IF EXISTS (SELECT FROM entered, removed WHERE ({_ENTERED}) IS DISTINCT FROM ({_REMOVED})) THEN
            INSERT INTO order_count_delta SELECT {_GRAIN}, 1, base_total FROM entered
            UNION ALL SELECT {_GRAIN}, -1, -base_total FROM removed;
        END IF;
    ELSE
        INSERT INTO order_count_delta SELECT {_GRAIN}, sum(one), sum(amount)
        FROM (SELECT *, 1 AS one, base_total AS amount FROM entered
              UNION ALL SELECT *, -1, -base_total FROM removed) changed
        GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(one) <> 0 OR sum(amount) <> 0;
    END IF;
    RETURN NULL;
END
$$
"""  # noqa: S608  # of columns of ours


class Migration(migrations.Migration):
    dependencies = [("models", "0020_faster_search_functions")]

    initial = False

    operations = [ops.RunSQL(sql=[FUNCTION], reverse_sql=ops.RunSQL.noop)]
