"""How jobs go through many rows while others write them: in chunks, and again when whoever had begun has committed."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from models.connection import pool

FIRST_CHUNK, MOST = 100, 1_000
"""Rows: how many are looked at in one transaction at first, and at the most."""
CHUNK_SECONDS = 1.0
"""What a chunk should take: writers of its rows wait for it."""
LONGEST_WAIT = 900.0
"""Seconds: a transaction that is older is none of a request, and none of an import."""
# A number of its own, which is larger than that of whoever is under way.
_BEGUN = "SELECT pg_current_xact_id()::text"
_ENDED = "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8"


async def everybody_under_way() -> str:
    """Stands for every transaction that has a number now, for `wait_for`."""
    begun: str = await pool().fetchval(_BEGUN)
    return begun


async def wait_for(begun: str, tell: Callable[[], Awaitable[None]]) -> None:
    """Until all of these have ended. `tell` is called while it lasts; what it raises ends the wait."""
    until = time.monotonic() + LONGEST_WAIT
    while not await pool().fetchval(_ENDED, begun) and time.monotonic() < until:
        await tell()
        await asyncio.sleep(0.2)


def next_size(size: int, seconds: float) -> int:
    """How many rows the next chunk has if the last one had `size` and took so long."""
    fits = size * CHUNK_SECONDS / max(seconds, 0.001)
    return int(min(max(fits, 1), 2 * size, MOST))
