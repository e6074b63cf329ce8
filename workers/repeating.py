"""What a worker does again and again, for as long as it lives."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from workers.long_jobs import FAULTS_OF_THE_MACHINE
from workers.queue import REDIS_FAULTS

_AFTER_A_FAULT = 2.0

_log = structlog.get_logger(__name__)


async def repeat(act: Callable[[float], Awaitable[float]], stopping: asyncio.Event, *, failed: str) -> None:
    """Do `act` until `stopping` is set. It takes and gives seconds: the pause before it, and that after it.

    Of what it raises the log has a line, `failed`, and it is done again two seconds later.
    """
    pause = 0.0
    while not stopping.is_set():
        try:
            pause = await act(pause)
        except (*FAULTS_OF_THE_MACHINE, *REDIS_FAULTS) as fault:
            _log.warning(failed, fault=repr(fault))
            pause = _AFTER_A_FAULT
        except Exception:
            _log.exception(failed)
            pause = _AFTER_A_FAULT
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
