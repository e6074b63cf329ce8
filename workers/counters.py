"""Folds what writes have changed of counts into the counters, for as long as the worker lives."""

import asyncio
from contextlib import suppress

import structlog

from services.counting.fold import BATCH, fold_counts
from workers.long_jobs import FAULTS_OF_THE_MACHINE

PAUSE = 1.0
SHORT_PAUSE = 0.2
"""Seconds between two looks at the deltas: usually, and while there are MANY."""
MANY = 500
_AFTER_A_FAULT = 2.0

_log = structlog.get_logger(__name__)


async def fold_counters(stopping: asyncio.Event) -> None:
    """Fold again and again, until `stopping` is set. Of several workers, one at a time gets to work.

    Readers add up what is pending, so a worker that is late makes counts slower, never wrong: nobody has to be woken.
    """
    while not stopping.is_set():
        pause = await _pause_after()
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)


async def _pause_after() -> float:
    """Fold once; how long to pause now."""
    try:
        folded = await fold_counts()
    except FAULTS_OF_THE_MACHINE as fault:
        _log.warning("counts not folded", fault=repr(fault))
        return _AFTER_A_FAULT
    except Exception:
        _log.exception("counts not folded")
        return _AFTER_A_FAULT
    if folded is None or folded < MANY:
        return PAUSE
    return 0.0 if folded == BATCH else SHORT_PAUSE
