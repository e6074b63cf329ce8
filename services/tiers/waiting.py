"""What waits to be classified again: for those who operate Sluice."""

from dataclasses import dataclass
from datetime import timedelta

import asyncpg

MOST_COUNTED = 100_000

_WAITING = """
SELECT count(*) AS waiting, greatest(now() - min(written_at), '0') AS oldest
FROM (SELECT written_at FROM stale_tiers ORDER BY id LIMIT $1) waiting
"""


@dataclass(frozen=True, kw_only=True)
class StaleEntries:
    """Customers whose orders wait: how many entries (no more than MOST_COUNTED are counted), and since when."""

    waiting: int
    oldest: timedelta


async def stale_entries(connection: asyncpg.Pool | asyncpg.Connection) -> StaleEntries:
    """What waits at this moment; since the writers' transactions began."""
    [row] = await connection.fetch(_WAITING, MOST_COUNTED)
    return StaleEntries(waiting=row["waiting"], oldest=row["oldest"] or timedelta())
