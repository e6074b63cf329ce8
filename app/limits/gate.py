"""So many operations at once, so many that wait, and an answer without delay for the rest."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from types import TracebackType

from telemetry.observed import note_aside


class Busy(Exception):
    """As many operations run and wait as may: come again shortly. `most` may run at once."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class Shares:
    """Lets each caller have `most` places, while up to `waiting` of their operations stand in a line of their own."""

    def __init__(self, most: int, waiting: int) -> None:
        self._most = most
        self._most_waiting = waiting
        self._taken: dict[str, int] = {}
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    def take(self, who: str, *, beyond: bool = False) -> bool:
        """Take a share for the caller, if there is one left, or `beyond` what is left."""
        taken = self._taken.get(who, 0)
        if taken >= self._most and not beyond:
            return False
        self._taken[who] = taken + 1
        return True

    def give(self, who: str) -> None:
        """Give a share to the next of the caller's operations, or back."""
        line = self._lines.get(who)
        while line:
            turn = line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._lines.pop(who, None)
        if left := self._taken[who] - 1:
            self._taken[who] = left
        else:
            del self._taken[who]

    async def wait(self, who: str) -> None:
        """Wait until another of the caller's operations gives its share. Raises Busy."""
        line = self._lines.setdefault(who, deque())
        if len(line) >= self._most_waiting:
            raise Busy(self._most)
        turn = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it was given meanwhile
                self.give(who)
            elif turn in line:
                line.remove(turn)
            raise


class Gate:
    """Lets `at_once` operations in, while up to `waiting` others stand in line; counts how many of both there are.

    `shares`, if given, keep one caller from having all places.
    """

    def __init__(self, at_once: int, waiting: int, shares: Shares | None = None) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._at_once = at_once
        self._most_waiting = waiting
        self.shares = shares or Shares(at_once, waiting)
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
            raise Busy(self._at_once)
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
        self._who: str | None = None

    async def __aenter__(self) -> "Place":
        await self._gate.enter()
        self._held = True
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._leave()

    async def belongs_to(self, who: str) -> None:
        """Say whose it is. Who has their share lets others have it until an operation of theirs ends. Raises Busy."""
        shares = self._gate.shares
        if not shares.take(who):
            self._leave()
            await shares.wait(who)
            try:
                await self._gate.enter_again()
            except BaseException:
                shares.give(who)
                raise
            self._held = True
        self._who = who

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
        if self._who is not None:
            self._gate.shares.take(self._who, beyond=True)

    def _leave(self) -> None:
        if self._held:
            self._held = False
            self._gate.leave()
            if self._who is not None:
                self._gate.shares.give(self._who)
