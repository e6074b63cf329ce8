"""Counters follow the tree of teams: who moves a team holds the tree alone, and nobody folds meanwhile."""

from models.connection import TransactionClient
from rows.cuboids import BY_REGION, GRAIN, KEY

_GRAIN = ", ".join(GRAIN)
_SAME = " AND ".join(f"c.{column} = d.{column}" for column in KEY)

# Of a team with all below it: off from the teams above it, or on to them. The company is above it in any case. What is
# still pending is folded later, by the tree of that time.
_ROLL = f"""
MERGE INTO order_counter c USING (
    SELECT cuboid, ancestor_id AS team_id, true AS below, {_GRAIN},
           $2::int * sum(orders) AS orders, $2::int * sum(amount) AS amount
    FROM order_counter JOIN team_closure ON descendant_id = team_id AND depth > 0
    WHERE team_id = $1 AND cuboid <> {BY_REGION} GROUP BY cuboid, ancestor_id, {_GRAIN}
) d ON {_SAME}
WHEN MATCHED AND c.orders + d.orders = 0 AND c.amount + d.amount = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET orders = c.orders + d.orders, amount = c.amount + d.amount
WHEN NOT MATCHED THEN
    INSERT ({", ".join(KEY)}, orders, amount) VALUES ({", ".join(f"d.{column}" for column in KEY)}, d.orders, d.amount)
"""  # noqa: S608  # of names of the code


async def take_off(client: TransactionClient, *, team_id: int) -> None:
    """Before a team leaves its place: those above it lose what is counted of it and of all below it."""
    await client.connection.execute(_ROLL, team_id, -1)


async def put_on(client: TransactionClient, *, team_id: int) -> None:
    """After a team came to its place: those above it gain what is counted of it and of all below it."""
    await client.connection.execute(_ROLL, team_id, 1)
