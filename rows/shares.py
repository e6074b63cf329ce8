"""How much of the orders each team has, by the planner's own statistics: no row is counted for it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

_COMMON = """
SELECT unnest(most_common_vals::text::bigint[]) AS team, unnest(most_common_freqs) AS share
FROM pg_stats
WHERE schemaname = current_schema AND tablename = 'sales_order' AND attname = 'team_id'
"""


async def team_shares(fetch: Callable[[str], Awaitable[Sequence[Any]]]) -> dict[int, float]:
    """The part of all orders (0 to 1) of each team that has many; `fetch` runs a query. Empty before any ANALYZE."""
    return {row["team"]: row["share"] for row in await fetch(_COMMON)}
