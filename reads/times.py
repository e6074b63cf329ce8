"""How long orders stood where they stood: figures over the history of those that a viewer sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.orders.life_cycle import OrderStatus
from reads.pools import ReadPools
from rows.conditions import Filter
from rows.entities import ORDER
from rows.parameters import Context, fill
from rows.sql import Compiler, ViewerShape

# A row in which the status stays tells of changed lines, and ends no stay.
_TIMES = """
WITH steps AS (
    SELECT h.to_status, h.at, lead(h.at) OVER (PARTITION BY h.order_id ORDER BY h.at, h.id) AS left_at
    FROM sales_order t JOIN order_status_change h ON h.order_id = t.id
    WHERE t.placed_at >= {begin} AND t.placed_at < {end} AND {seen} AND {holds}
      AND h.from_status IS DISTINCT FROM h.to_status
)
SELECT to_status, count(*) AS stays,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM left_at - at)) AS seconds
FROM steps WHERE left_at IS NOT NULL GROUP BY to_status
"""


@dataclass(frozen=True)
class TimeInStatus:
    """How many stays of orders in `status` have ended, and how many seconds half, and nine of ten, took at most."""

    status: OrderStatus
    stays: int
    median: int
    p90: int


async def times_in_status(
    pools: ReadPools, context: Context, shape: ViewerShape, of: Filter, *, begin: datetime, end: datetime
) -> list[TimeInStatus]:
    """The figures of orders placed from `begin` until `end`, in the order of an order's life."""
    compiler = Compiler(shape)
    sql = _TIMES.format(
        begin=compiler.parameters.value(1, 0, "timestamptz"),
        end=compiler.parameters.value(1, 1, "timestamptz"),
        seen=compiler.visible(ORDER, "t") or "true",
        holds=compiler.condition(of.condition, ORDER, "t", 0),
    )
    values: Sequence[Sequence[object]] = (of.values, (begin, end))
    rows = await pools.fetch(sql, fill(compiler.parameters.sources, context, values), selective=True)
    found = {row["to_status"]: row for row in rows}
    return [
        TimeInStatus(status, found[status]["stays"], *map(round, found[status]["seconds"]))
        for status in OrderStatus
        if status in found
    ]
