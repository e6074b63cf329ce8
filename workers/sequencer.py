"""Gives events their positions, for as long as the worker lives."""

import asyncio
from contextlib import suppress

import structlog

from services.feed.positions import BATCH, position_events
from workers.long_jobs import FAULTS_OF_THE_MACHINE
from workers.metrics import WorkerMetrics

SHORTEST_PAUSE = 0.02
LONGEST_PAUSE = 0.2
"""Seconds between two looks at the outbox: while events come in, and when none have come for a while."""
_AFTER_A_FAULT = 2.0
_LONGER = 1.5

_log = structlog.get_logger(__name__)


async def give_positions(stopping: asyncio.Event, metrics: WorkerMetrics) -> None:
    """Look for events again and again, until `stopping` is set. Of several workers, one at a time gets to work.

    A look that finds nothing costs PostgreSQL a tenth of a millisecond, so nobody has to be woken: writers owe Redis
    nothing, and Redis can lose nothing.
    """
    pause = SHORTEST_PAUSE
    while not stopping.is_set():
        pause = await _pause_after(pause, metrics)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)


async def _pause_after(pause: float, metrics: WorkerMetrics) -> float:
    """Give positions once; how long to pause now, after a pause of `pause` seconds."""
    try:
        moved = await position_events()
    except FAULTS_OF_THE_MACHINE as fault:
        _log.warning("no positions given", fault=repr(fault))
        return _AFTER_A_FAULT
    except Exception:
        _log.exception("no positions given")
        return _AFTER_A_FAULT
    metrics.positioned.add(amount=moved or 0)
    if moved:
        return 0.0 if moved == BATCH else SHORTEST_PAUSE
    return min(max(pause, SHORTEST_PAUSE) * _LONGER, LONGEST_PAUSE)
