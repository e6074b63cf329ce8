"""Requests of one moment share a transaction: whatever arrives while one is under way goes into the next."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from services.transaction import CONFLICTS

Q = TypeVar("Q")
A = TypeVar("A")


class Gathering(Generic[Q, A]):
    """Hands requests to `work` in order of arrival, up to `at_most` together, in up to `lanes` transactions at a time.

    `work` gives an answer to each. Nobody waits for company: a request that finds a lane free is worked on at once. If
    `work` raises, each of the requests is tried by itself, so that only the bad one fails. A request whose asker is
    gone is worked on all the same.
    """

    def __init__(self, work: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], *, at_most: int, lanes: int) -> None:
        self._work = work
        self._at_most = at_most
        self._free = lanes
        self._waiting: deque[tuple[Q, asyncio.Future[A]]] = deque()
        self._under_way: set[asyncio.Task[None]] = set()

    async def ask(self, request: Q) -> A:
        """The answer to `request`. Raises what `work` raises for it alone."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._free:
            self._free -= 1
            task = asyncio.create_task(self._work_off())
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return await answer

    async def _work_off(self) -> None:
        try:
            # Whoever came in the same turn of the event loop comes along.
            await asyncio.sleep(0)
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(self._at_most, len(self._waiting)))]
                await self._serve(batch)
        finally:
            self._free += 1

    async def _serve(self, batch: Sequence[tuple[Q, "asyncio.Future[A]"]]) -> None:
        try:
            answers = await self._work([request for request, _ in batch])
        except Exception as fault:
            if len(batch) > 1 and not isinstance(fault, CONFLICTS):
                for each in batch:
                    await self._serve([each])
                return
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(fault)
            return
        for (_, answer), given in zip(batch, answers, strict=True):
            if not answer.done():
                answer.set_result(given)
