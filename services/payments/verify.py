"""Whether what orders have received and refunded is what their ledgers add up to."""

from dataclasses import dataclass
from decimal import Decimal

import asyncpg

MOST_DIFFERENCES = 50
_DIFFERENCES = """
WITH moved AS (
    SELECT p.order_id, CASE WHEN p.kind IN ('REVERSAL', 'TRANSFER_OUT') THEN -p.amount ELSE p.amount END AS amount,
           coalesce(u.kind, p.kind) AS kind
    FROM payment p LEFT JOIN payment u ON u.id = p.reverses_id
), own AS (
    SELECT order_id, coalesce(sum(amount) FILTER (WHERE kind <> 'REFUND'), 0) AS received,
           coalesce(sum(amount) FILTER (WHERE kind = 'REFUND'), 0) AS refunded
    FROM moved GROUP BY order_id
), of_returns AS (
    SELECT o.original_order_id AS order_id, sum(own.refunded - own.received) AS refunded
    FROM own JOIN sales_order o ON o.id = own.order_id WHERE o.original_order_id IS NOT NULL
    GROUP BY o.original_order_id
)
SELECT o.id, ARRAY[o.received, o.refunded, o.returns_refunded] AS told,
       ARRAY[coalesce(own.received, 0), coalesce(own.refunded, 0), coalesce(r.refunded, 0)] AS exact
FROM sales_order o LEFT JOIN own ON own.order_id = o.id LEFT JOIN of_returns r ON r.order_id = o.id
WHERE (o.received, o.refunded, o.returns_refunded)
    IS DISTINCT FROM (coalesce(own.received, 0), coalesce(own.refunded, 0), coalesce(r.refunded, 0))
ORDER BY o.id LIMIT $1
"""


@dataclass(frozen=True)
class Difference:
    """An order of which what it received, refunded, and refunded for its returns is not what ledgers come to."""

    order_id: int
    told: tuple[Decimal, ...]
    exact: tuple[Decimal, ...]


async def payment_differences(connection: "asyncpg.Connection[asyncpg.Record]") -> list[Difference]:
    """The first orders that differ, by one statement, and so as of one moment; none if all is well."""
    rows = await connection.fetch(_DIFFERENCES, MOST_DIFFERENCES)
    return [Difference(row["id"], tuple(row["told"]), tuple(row["exact"])) for row in rows]
