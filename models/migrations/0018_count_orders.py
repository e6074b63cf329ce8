# ruff: noqa: E501  # long lists of columns
from tortoise import migrations
from tortoise.migrations import operations as ops

# The orders that there are, while others are written: what is visible to one statement is counted by it, and taken off
# what is still to be counted. Readers come when all migrations are applied.
COUNT = """
WITH counted AS (DELETE FROM order_count_delta),
own AS (
    SELECT coalesce(team_id, 0) AS team_id, status, type, coalesce(channel_id, 0) AS channel_id,
           coalesce(region_id, 0) AS region_id, coalesce(tier_id, 0) AS tier_id,
           coalesce(customer_level, '') AS customer_level, count(*) AS orders, sum(base_total) AS amount
    FROM sales_order GROUP BY 1, 2, 3, 4, 5, 6, 7
), cubed AS (
    SELECT team_id,
           CASE WHEN GROUPING(type, channel_id) = 0 THEN 0 WHEN GROUPING(region_id) = 0 THEN 1
                WHEN GROUPING(type) = 0 THEN 2 WHEN GROUPING(channel_id) = 0 THEN 3 WHEN GROUPING(tier_id) = 0 THEN 4
                ELSE 5 END AS cuboid,
           status, coalesce(type, '') AS type, coalesce(channel_id, 0) AS channel_id,
           coalesce(region_id, 0) AS region_id, coalesce(tier_id, 0) AS tier_id,
           coalesce(customer_level, '') AS customer_level, sum(orders) AS orders, sum(amount) AS amount
    FROM own
    GROUP BY team_id, GROUPING SETS (
        (status, type, channel_id, tier_id, customer_level), (status, type, region_id),
        (status, type), (status, channel_id), (status, tier_id), (status, customer_level)
    )
), placed AS (
    SELECT false AS rolled_up, * FROM cubed
    UNION ALL SELECT true, 0, cuboid, status, type, channel_id, region_id, tier_id, customer_level, orders, amount
    FROM cubed
    UNION ALL SELECT true, ancestor_id, cuboid, status, type, channel_id, region_id, tier_id, customer_level, orders, amount
    FROM cubed JOIN team_closure ON descendant_id = team_id
)
INSERT INTO order_counter
SELECT rolled_up, team_id, cuboid, status, type, channel_id, region_id, tier_id, customer_level, sum(orders), sum(amount)
FROM placed GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0017_order_counters")]

    initial = False

    operations = [ops.RunSQL(sql=[COUNT], reverse_sql="DELETE FROM order_counter")]
