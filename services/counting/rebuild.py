"""Counters compared with the orders, and made anew from them."""

from dataclasses import dataclass

import asyncpg

from rows.cuboids import GRAIN, KEY, OWN, rolled_up
from services.counting.fold import hold_counters
from services.transaction import transaction

MOST_DIFFERENCES = 100

# One statement, so that what it takes off the deltas is what it sees of the orders.
COUNT = f"""
WITH counted AS (DELETE FROM order_count_delta), own AS ({OWN})
INSERT INTO order_counter ({", ".join(KEY)}, orders, amount) {rolled_up("own")}
"""  # noqa: S608  # of names of the code
"""Fills the counters, which have to be empty, from the orders."""

_KEY = ", ".join(KEY)
_VERIFY = f"""
WITH own AS ({OWN}),
     pending AS (SELECT team_id, {", ".join(GRAIN)}, orders, amount FROM order_count_delta),
     told AS (
         SELECT {_KEY}, sum(orders) AS orders, sum(amount) AS amount
         FROM (SELECT {_KEY}, orders, amount FROM order_counter UNION ALL ({rolled_up("pending")})) both_of_them
         GROUP BY {_KEY} HAVING sum(orders) <> 0 OR sum(amount) <> 0
     ),
     exact AS ({rolled_up("own")})
SELECT {_KEY}, coalesce(told.orders, 0) AS told_orders, coalesce(exact.orders, 0) AS exact_orders,
       coalesce(told.amount, 0) AS told_amount, coalesce(exact.amount, 0) AS exact_amount
FROM told FULL JOIN exact USING ({_KEY})
WHERE told.orders IS DISTINCT FROM exact.orders OR told.amount IS DISTINCT FROM exact.amount
ORDER BY {_KEY} LIMIT $1
"""  # noqa: S608  # of names of the code


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A counter, by the columns of its key, that tells other orders or another amount than there are."""

    key: dict[str, bool | int | str]
    told: tuple[int, str]
    exact: tuple[int, str]


async def rebuild_counters() -> int:
    """Make all counters anew, while others write; how many there are.

    One transaction. Locks: the tree of teams, then the counters; nobody folds or moves a team until it ends, and
    readers see the counters as they were.
    """
    async with transaction() as client:
        await hold_counters(client)
        await client.connection.execute("SET LOCAL work_mem = '256MB'")
        await client.connection.execute("DELETE FROM order_counter", timeout=None)
        made = await client.connection.execute(COUNT, timeout=None)
    return int(made.rsplit(" ", 1)[1])


async def differences(connection: asyncpg.Connection) -> list[Difference]:
    """Up to MOST_DIFFERENCES counters that, with what is pending, are not what the orders add up to."""
    rows = await connection.fetch(_VERIFY, MOST_DIFFERENCES)
    return [
        Difference(
            key={column: row[column] for column in KEY},
            told=(int(row["told_orders"]), str(row["told_amount"])),
            exact=(int(row["exact_orders"]), str(row["exact_amount"])),
        )
        for row in rows
    ]
