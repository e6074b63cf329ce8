"""What waits to be folded: for those who operate Sluice."""

from dataclasses import dataclass
from datetime import timedelta

import asyncpg

MOST_COUNTED = 100_000

_PENDING = """
SELECT count(*) AS waiting, greatest(now() - min(written_at), '0') AS oldest
FROM (SELECT written_at FROM order_count_delta LIMIT $1) waiting
"""


@dataclass(frozen=True, kw_only=True)
class PendingDeltas:
    """Committed deltas that are not folded: how many (no more than MOST_COUNTED are counted), and since when."""

    waiting: int
    oldest: timedelta


async def pending_deltas(connection: asyncpg.Pool | asyncpg.Connection) -> PendingDeltas:
    """What is pending at this moment; since the writers' transactions began, so it counts their length as well."""
    [row] = await connection.fetch(_PENDING, MOST_COUNTED)
    return PendingDeltas(waiting=row["waiting"], oldest=row["oldest"] or timedelta())
