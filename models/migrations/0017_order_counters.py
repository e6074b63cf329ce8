from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

# Counts and sums of orders. No model, since only set-based SQL uses them. None is 0 or '' here, so that keys compare.
# `cuboid` says which dimensions the row tells apart (`rows.counting`); the others are 0 or ''. A row that is
# `rolled_up` is of its team with all teams below it, or of all orders (team 0); one that is not, of the team's own.
# Half of each page is left free: a row that is counted up finds room beside itself, and no index changes.
COUNTER = """
CREATE TABLE order_counter (
    rolled_up boolean NOT NULL,
    team_id bigint NOT NULL,
    cuboid smallint NOT NULL,
    status text NOT NULL,
    type text NOT NULL,
    channel_id bigint NOT NULL,
    region_id bigint NOT NULL,
    tier_id bigint NOT NULL,
    customer_level text NOT NULL,
    orders bigint NOT NULL,
    amount numeric NOT NULL,
    PRIMARY KEY (rolled_up, team_id, cuboid, status, type, channel_id, region_id, tier_id, customer_level)
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0
)
"""

# What statements have changed of the counts, until it is folded into them. Without an index: rows are appended, read
# as a whole, and removed as a whole. They come and go all the time: clean up by number, not by share, and soon, but
# do not take the empty end of the table away, which would keep writers out.
DELTA = """
CREATE TABLE order_count_delta (
    team_id bigint NOT NULL,
    status text NOT NULL,
    type text NOT NULL,
    channel_id bigint NOT NULL,
    region_id bigint NOT NULL,
    tier_id bigint NOT NULL,
    customer_level text NOT NULL,
    orders bigint NOT NULL,
    amount numeric NOT NULL
) WITH (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000, vacuum_truncate = off
)
"""

_GRAIN = """
    coalesce(team_id, 0), status, type, coalesce(channel_id, 0), coalesce(region_id, 0), coalesce(tier_id, 0),
    coalesce(customer_level, '')
"""
FUNCTION = f"""
CREATE FUNCTION count_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO order_count_delta SELECT {_GRAIN}, count(*), sum(base_total)
        FROM entered GROUP BY 1, 2, 3, 4, 5, 6, 7;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO order_count_delta SELECT {_GRAIN}, -count(*), -sum(base_total)
        FROM removed GROUP BY 1, 2, 3, 4, 5, 6, 7;
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

_ENTERED, _REMOVED = "NEW TABLE AS entered", "OLD TABLE AS removed"
TRIGGERS = [
    f"CREATE TRIGGER sales_order_counted_{event.lower()} AFTER {event} ON sales_order"
    f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION count_orders()"
    for event, tables in (("INSERT", _ENTERED), ("UPDATE", f"{_REMOVED} {_ENTERED}"), ("DELETE", _REMOVED))
]


class Migration(migrations.Migration):
    dependencies = [("models", "0016_personal_data_export")]

    initial = False

    operations = [
        # A new column that is null everywhere needs no look at the rows, nor does its foreign key.
        ops.AddField(
            model_name="Order",
            name="tier",
            field=fields.ForeignKeyField(
                "models.Tier",
                source_field="tier_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="orders",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.RunSQL(
            sql=[COUNTER, DELTA, FUNCTION, *TRIGGERS],
            reverse_sql="DROP FUNCTION count_orders CASCADE; DROP TABLE order_counter, order_count_delta",
        ),
    ]
