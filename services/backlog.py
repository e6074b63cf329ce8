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

_REMINDERS = _BACKLOG.format(
    moment="due_at", rows="reminder WHERE state IN ('SCHEDULED', 'SNOOZED') AND due_at <= now() ORDER BY due_at"
)
_LETTERS = _BACKLOG.format(
    moment="next_try_at",
    rows="reminder_delivery WHERE state = 'WAITING' AND next_try_at <= now() ORDER BY next_try_at",
)
_PARKED = "SELECT count(*) FROM (SELECT FROM reminder_delivery WHERE state = 'PARKED' LIMIT $1) p"


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


async def due_reminders(connection: asyncpg.Pool | asyncpg.Connection) -> Backlog:
    """Reminders that should have fired."""
    return await _backlog(connection, _REMINDERS)


async def due_letters(connection: asyncpg.Pool | asyncpg.Connection) -> Backlog:
    """Letters that should have been sent, or tried again."""
    return await _backlog(connection, _LETTERS)


async def parked_letters(connection: asyncpg.Pool | asyncpg.Connection) -> int:
    """How many letters were given up, of at most MOST_COUNTED."""
    return int(await connection.fetchval(_PARKED, MOST_COUNTED))


async def _backlog(connection: asyncpg.Pool | asyncpg.Connection, statement: str) -> Backlog:
    [row] = await connection.fetch(statement, MOST_COUNTED)
    return Backlog(waiting=row["waiting"], oldest=row["oldest"] or timedelta())
