"""Waiting for events: one look at the database for all who wait in this process."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

EVERY = 0.1
"""Seconds between two looks, while anybody waits."""

_log = structlog.get_logger(__name__)


class Tail:
    """`newest` gives the newest position. Nothing is asked while nobody waits."""

    def __init__(self, newest: Callable[[], Awaitable[int]]) -> None:
        self._newest = newest
        self._waiting: dict[asyncio.Future[bool], int] = {}
        self._watching: asyncio.Task[None] | None = None
        self._ended = False

    async def wait(self, position: int, seconds: float) -> bool:
        """Whether there is an event behind `position`, waiting `seconds` for one at the most. Holds no connection."""
        if self._ended:
            return False
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[told] = position
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    return await told
            return False
        finally:
            del self._waiting[told]

    def let_go(self) -> None:
        """Let everybody go who waits, now and later: the process is about to end."""
        self._ended = True
        for told in self._waiting:
            if not told.done():
                told.set_result(False)

    async def close(self) -> None:
        """Let everybody go, and stop looking."""
        self.let_go()
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait([self._watching])

    async def _watch(self) -> None:
        while self._waiting:
            try:
                self._tell(await self._newest())
            except Exception as fault:
                # Whoever waits asks again in the end, and is told then.
                _log.warning("no look at the feed", fault=repr(fault))
            await asyncio.sleep(EVERY)

    def _tell(self, newest: int) -> None:
        for told, position in self._waiting.items():
            if newest > position and not told.done():
                told.set_result(True)
