"""Classifies orders whose customers changed or whose override is over, for as long as the worker lives."""

import asyncio
from contextlib import suppress

import structlog

from services.tiers.override import BATCH as MOST_ENDED
from services.tiers.override import end_expired
from services.tiers.stale import BATCH, classify_stale
from workers.long_jobs import FAULTS_OF_THE_MACHINE

PAUSE = 1.0
_AFTER_A_FAULT = 2.0

_log = structlog.get_logger(__name__)


async def classify_orders(stopping: asyncio.Event) -> None:
    """Classify again and again, until `stopping` is set. Workers share what there is to do."""
    while not stopping.is_set():
        pause = await _pause_after()
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)


async def _pause_after() -> float:
    """Classify once; how long to pause now."""
    try:
        ended, taken = await end_expired(), await classify_stale()
    except FAULTS_OF_THE_MACHINE as fault:
        _log.warning("orders not classified", fault=repr(fault))
        return _AFTER_A_FAULT
    except Exception:
        _log.exception("orders not classified")
        return _AFTER_A_FAULT
    return 0.0 if taken >= BATCH or ended >= MOST_ENDED else PAUSE
