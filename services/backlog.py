"""What was committed and is worked off a little later: how much of it waits, for those who operate Sluice."""

from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from models.connection import pool

MOST_COUNTED = 100_000

_BACKLOG = """
SELECT count(*) AS waiting, greatest(now() - min(moment), '0') AS oldest
FROM (SELECT {moment} AS moment FROM {rows} LIMIT $1) waiting
"""
_EVENTS = _BACKLOG.format(moment="created_at", rows="outbox_event ORDER BY id")
_DELTAS = _BACKLOG.format(moment="written_at", rows="order_count_delta")
_UNMEASURED = _BACKLOG.format(moment="written_at", rows="stale_customer ORDER BY id")
_STALE = _BACKLOG.format(moment="written_at", rows="stale_tiers ORDER BY id")


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """How many rows wait (no more than MOST_COUNTED are counted), and since when.

    The moments are those of the writers, so they count the length of their transactions as well.
    """

    waiting: int
    oldest: timedelta


async def sequencer_lag() -> Backlog:
    """Events without a position."""
    return await _backlog(pool(), _EVENTS)


async def pending_deltas(connection: asyncpg.Pool | asyncpg.Connection) -> Backlog:
    """Deltas that are not folded into counters."""
    return await _backlog(connection, _DELTAS)


async def stale_entries(connection: asyncpg.Pool | asyncpg.Connection) -> Backlog:
    """Customers whose orders are to be classified again, an entry for each time that was asked for."""
    return await _backlog(connection, _STALE)


async def unmeasured_customers(connection: asyncpg.Pool | asyncpg.Connection) -> Backlog:
    """Customers to be measured again, an entry for each time that was asked for."""
    return await _backlog(connection, _UNMEASURED)


async def _backlog(connection: asyncpg.Pool | asyncpg.Connection, statement: str) -> Backlog:
    [row] = await connection.fetch(statement, MOST_COUNTED)
    return Backlog(waiting=row["waiting"], oldest=row["oldest"] or timedelta())
