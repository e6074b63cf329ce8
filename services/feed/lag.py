"""How far the feed is behind what was committed: for those who operate Sluice."""

from dataclasses import dataclass
from datetime import timedelta

from models.connection import pool

MOST_COUNTED = 100_000

_LAG = """
SELECT count(*) AS waiting, greatest(now() - min(created_at), '0') AS oldest
FROM (SELECT created_at FROM outbox_event ORDER BY id LIMIT $1) waiting
"""


@dataclass(frozen=True, kw_only=True)
class Lag:
    """Committed events without a position: how many (no more than MOST_COUNTED are counted), and since when."""

    waiting: int
    oldest: timedelta


async def sequencer_lag() -> Lag:
    """The lag at this moment; of the writers' clocks, so it counts the length of their transactions as well."""
    row = await pool().fetchrow(_LAG, MOST_COUNTED)
    assert row is not None  # noqa: S101  # an aggregate has a row
    return Lag(waiting=row["waiting"], oldest=row["oldest"] or timedelta())
