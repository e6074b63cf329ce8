from tortoise import migrations
from tortoise.migrations import operations as ops

# As services.counting holds them: the tree of teams keeps its shape, and nobody folds.
HOLD = "SELECT pg_advisory_xact_lock_shared(7083602), pg_advisory_xact_lock(7083605)"

# `below` are all teams below the team, else it is the team by itself; team 0 is the company. What was kept before by
# channel, tier or level alone is among what is kept by all of them, and regions are not kept for teams in between.
# Half of each page is left free: a row that is counted up finds room beside itself, and no index changes.
COUNTER = """
CREATE TABLE order_counter_0028 (
    cuboid smallint NOT NULL,
    team_id bigint NOT NULL,
    below boolean NOT NULL,
    status text NOT NULL,
    type text NOT NULL,
    channel_id bigint NOT NULL,
    region_id bigint NOT NULL,
    tier_id bigint NOT NULL,
    customer_level text NOT NULL,
    orders bigint NOT NULL,
    amount numeric NOT NULL,
    CONSTRAINT order_counter_key
        PRIMARY KEY (cuboid, team_id, below, status, type, channel_id, region_id, tier_id, customer_level)
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0
)
"""

# From what teams have by themselves; what is pending stays so.
FILL = """
WITH own AS (SELECT * FROM order_counter WHERE NOT rolled_up AND cuboid <= 2)
INSERT INTO order_counter_0028
SELECT cuboid, team_id, below, status, type, channel_id, region_id, tier_id, customer_level, sum(orders), sum(amount)
FROM (
    SELECT own.team_id, false AS below, cuboid, status, type, channel_id, region_id, tier_id, customer_level, orders,
           amount
    FROM own
    UNION ALL
    SELECT 0, true, cuboid, status, type, channel_id, region_id, tier_id, customer_level, orders, amount
    FROM own WHERE team_id <> 0
    UNION ALL
    SELECT ancestor_id, true, cuboid, status, type, channel_id, region_id, tier_id, customer_level, orders, amount
    FROM own JOIN team_closure ON descendant_id = team_id AND depth > 0 WHERE cuboid <> 1
) placed
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(orders) <> 0 OR sum(amount) <> 0
"""


# Last of all the lock that readers wait for. A process of the version before finds no counters as it knows them: it
# fails to count instead of counting wrongly.
STATEMENTS = [
    HOLD,
    COUNTER,
    FILL,
    "ANALYZE order_counter_0028",
    "DROP TABLE order_counter",
    "ALTER TABLE order_counter_0028 RENAME TO order_counter",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0027_stock_lines_may_go")]

    initial = False

    operations = [ops.RunSQL(sql=STATEMENTS, reverse_sql=ops.RunSQL.noop)]
