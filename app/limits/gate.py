"""So many operations at once, so many that wait, and an answer without delay for the rest."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from types import TracebackType

from telemetry.observed import note_aside


class Busy(Exception):
    """As many operations run and wait as may: come again shortly."""


class Gate:
    """Lets `at_once` operations in, while up to `waiting` others stand in line; counts how many of both there are."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most_waiting = waiting
        self.running = 0
        self.waiting = 0

    def place(self, *, until: float = inf) -> "Place":
        """A place, to be entered: raises Busy then where there is none to be had, at once."""
        return Place(self, until)

    async def enter(self) -> None:
        """Take a place. Raises Busy."""
        if self._places.locked():
            await self._stand_in_line()
        else:
            await self._places.acquire()
        self.running += 1

    async def enter_again(self) -> None:
        """Take a place, however long that takes."""
        await self._places.acquire()
        self.running += 1

    def leave(self) -> None:
        """Give a place to the next."""
        self.running -= 1
        self._places.release()

    async def _stand_in_line(self) -> None:
        if self.waiting >= self._most_waiting:
            raise Busy
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1


class Place:
    """An operation's place; `until`, by the event loop's clock, its time is over."""

    def __init__(self, gate: Gate, until: float) -> None:
        self.until = until
        self._gate = gate
        self._held = False

    async def __aenter__(self) -> "Place":
        await self._gate.enter()
        self._held = True
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._leave()

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Let others have it for the length of the block, in which one waits for something to happen."""
        if not self._held:  # between the events of a subscription
            yield
            return
        self._leave()
        began = time.perf_counter()
        yield
        note_aside(time.perf_counter() - began)
        await self._gate.enter_again()
        self._held = True

    def _leave(self) -> None:
        if self._held:
            self._held = False
            self._gate.leave()
