"""Traces of jobs: a run is a span, linked to the request that asked for it, and each of its statements one below it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import asyncpg
from asyncpg.connection import LoggedQuery

from services.jobs.leases import LeasedJob
from telemetry.observed import Observed, Statement, current

if TYPE_CHECKING:
    from telemetry.tracing import Tracing

POOL = "commands"


class JobTraces:
    """Of one worker: sent to `endpoint`, the base address of a collector; none without it."""

    def __init__(self, endpoint: str | None = None) -> None:
        self._tracing = _tracing(endpoint)

    async def listen(self, connection: asyncpg.Connection) -> None:
        """Be told of the statements of a connection, whoever runs them."""
        tracing = self._tracing
        if tracing is None:
            return

        def note(query: LoggedQuery) -> None:
            seen = current.get()
            if seen is not None and not seen.over:
                tracing.statement(seen, Statement(POOL, query.query, query.elapsed))

        connection.add_query_logger(note)

    @contextmanager
    def run_of(self, job: LeasedJob, asked_by: str | None) -> Iterator[Observed]:
        """The block is a run of `job`, and notes as `code` how it ended; `asked_by` names who asked, as W3C does."""
        seen = Observed(kind=job.kind)
        if self._tracing is None:
            yield seen
            return
        self._tracing.begin_job(seen, asked_by, job_id=job.id, attempt=job.attempt)
        before = current.set(seen)
        try:
            yield seen
        finally:
            current.reset(before)
            seen.over = True
            self._tracing.end_job(seen)

    async def close(self) -> None:
        """Send what was not sent yet."""
        if self._tracing:
            await self._tracing.close()


def _tracing(endpoint: str | None) -> "Tracing | None":
    if endpoint is None:
        return None
    from telemetry.tracing import Tracing

    return Tracing(endpoint, service="sluice-worker")
