"""Whether balances are what the ledger adds up to."""

from dataclasses import dataclass
from decimal import Decimal

import asyncpg

MOST_DIFFERENCES = 50
_DIFFERENCES = """
SELECT l.id, l.warehouse_id, l.product_id, l.on_hand, l.reserved,
       coalesce(m.on_hand, 0) AS on_hand_moved, coalesce(m.reserved, 0) AS reserved_moved
FROM stock_level l LEFT JOIN (
    SELECT level_id, sum(on_hand_change) AS on_hand, sum(reserved_change) AS reserved
    FROM stock_movement GROUP BY level_id
) m ON m.level_id = l.id
WHERE (l.on_hand, l.reserved) IS DISTINCT FROM (coalesce(m.on_hand, 0), coalesce(m.reserved, 0))
ORDER BY l.id LIMIT $1
"""


@dataclass(frozen=True)
class Difference:
    """A level whose balance, (on hand, reserved) as `told`, is not what its movements add up to, `exact`."""

    level_id: int
    warehouse_id: int
    product_id: int
    told: tuple[Decimal, Decimal]
    exact: tuple[Decimal, Decimal]


async def stock_differences(connection: asyncpg.Connection) -> list[Difference]:
    """The first levels that differ, by one statement, and so as of one moment; none if all is well."""
    return [
        Difference(
            row["id"],
            row["warehouse_id"],
            row["product_id"],
            (row["on_hand"], row["reserved"]),
            (row["on_hand_moved"], row["reserved_moved"]),
        )
        for row in await connection.fetch(_DIFFERENCES, MOST_DIFFERENCES)
    ]
