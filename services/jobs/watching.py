"""Jobs as they change, for those who watch them: one look a second for all that this process watches."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from domain.jobs import FINAL, JobState

log = structlog.get_logger(__name__)

EVERY = 1.0
# A sign of life is no change.
_SQL = (
    """SELECT id, state, md5((to_jsonb(j) - 'heartbeat_at')::text) AS content FROM job j WHERE id = ANY($1::bigint[])"""
)

Fetch = Callable[..., Awaitable[Sequence[Any]]]


@dataclass(frozen=True)
class _Seen:
    state: JobState
    content: str


@dataclass(eq=False)
class _Watch:
    job_id: int
    seen: _Seen | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self, now: _Seen | None) -> None:
        if now != self.seen:
            self.seen = now
            self.changed.set()


class JobWatch:
    """`fetch` is asyncpg's, of a pool. Nothing is asked while nobody watches."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._watches: set[_Watch] = set()
        self._looking: asyncio.Task[None] | None = None

    async def changes(self, job_id: int) -> AsyncGenerator[None, None]:
        """Once at the beginning, and whenever the job has changed, until it has ended or there is none."""
        watch = _Watch(job_id)
        watch.look((await self._look([job_id])).get(job_id))
        self._watches.add(watch)
        try:
            while True:
                watch.changed.clear()
                is_over = watch.seen is None or watch.seen.state in FINAL
                yield
                if is_over:
                    return
                self._go_on()
                await watch.changed.wait()
        finally:
            self._watches.discard(watch)

    async def close(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])

    def _go_on(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._watches:
            await asyncio.sleep(EVERY)
            try:
                found = await self._look([watch.job_id for watch in self._watches])
            except Exception as fault:
                log.warning("no look at jobs", fault=repr(fault))
                continue
            for watch in self._watches:
                watch.look(found.get(watch.job_id))

    async def _look(self, numbers: Sequence[int]) -> dict[int, _Seen]:
        rows = await self._fetch(_SQL, list(numbers))
        return {row["id"]: _Seen(JobState(row["state"]), row["content"]) for row in rows}
