"""A long job runs: leased, kept alive, and ended in PostgreSQL, whatever becomes of Redis meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import structlog
from arq import Retry

from domain.job_messages import JobMessageCode, said, took_too_long
from domain.jobs import DEADLINES, OWED, JobKind
from services.company import Company
from services.jobs.endings import fail_job, finish_job, stop_job
from services.jobs.leases import CancelAsked, LeasedJob, LeaseLost, hand_back, lease_job, renew_lease, report_progress
from workers.context import Interrupted, JobContext, JobFailed, JobOutcome, JobRunner
from workers.metrics import JobEnd, WorkerMetrics
from workers.traces import JobTraces

# The database, a disk or the network is gone for now: the job is as it was after its last batch, to be run again.
FAULTS_OF_THE_MACHINE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class LongJobs:
    """Runs jobs with the runners of their kinds; once `stopping` is set, they are interrupted and handed back."""

    runners: Mapping[JobKind, JobRunner]
    company: Company
    home: Path
    kept_for: timedelta
    lease: timedelta
    stopping: asyncio.Event
    metrics: WorkerMetrics = field(default_factory=WorkerMetrics)
    traces: JobTraces = field(default_factory=JobTraces)

    async def run_job(self, _context: dict[Any, Any], job_id: int, trace: str | None = None) -> None:
        """What arq calls; `trace` names the operation that made the job.

        Does nothing if the job is not queued. Raises arq's Retry when the job was interrupted.
        """
        job = await lease_job(job_id)
        if job is None:
            return
        about = structlog.contextvars.bound_contextvars(job_id=job.id, kind=job.kind, attempt=job.attempt)
        with about, self.traces.run_of(job, trace) as seen:
            began, seen.code = time.monotonic(), JobEnd.INTERRUPTED
            try:
                seen.code = await self._run_leased(job)
            except LeaseLost:
                _log.warning("lease lost")
            except FAULTS_OF_THE_MACHINE as fault:
                _log.warning("job left to a sweep", fault=repr(fault))
            finally:
                self.metrics.jobs.of(job.kind, seen.code).add(time.monotonic() - began)

    async def _run_leased(self, job: LeasedJob) -> JobEnd:
        try:
            async with _signs_of_life(job, every=self.lease / 3):
                outcome = await self.runners[job.kind](self._context(job), job.id)
        except CancelAsked:
            await stop_job(job, message=None)
            return JobEnd.CANCELLED
        except Interrupted:
            await hand_back(job)
            raise Retry from None
        except asyncio.CancelledError:
            await asyncio.shield(hand_back(job))
            raise
        except JobFailed as failure:
            await fail_job(job, message=failure.message, report=failure.report)
            return JobEnd.REFUSED
        except (LeaseLost, *FAULTS_OF_THE_MACHINE):
            raise
        except Exception:
            _log.exception("job failed")
            if job.kind in OWED:
                return JobEnd.INTERRUPTED  # a sweep runs it again
            await fail_job(job, message=said(JobMessageCode.FAULT), report=None)
            return JobEnd.FAULT
        await _end(job, outcome)
        return JobEnd.CANCELLED if outcome.cancelled else JobEnd.SUCCEEDED

    def _context(self, job: LeasedJob) -> JobContext:
        began, deadline = time.monotonic(), DEADLINES.get(job.kind, timedelta.max)

        async def progress(*, done: int, failed: int = 0, unchanged: int = 0, total: int | None = None) -> None:
            await report_progress(job, done=done, failed=failed, unchanged=unchanged, total=total)
            if job.age + timedelta(seconds=time.monotonic() - began) > deadline:
                raise JobFailed(took_too_long(job.kind))
            if self.stopping.is_set():
                raise Interrupted

        return JobContext(
            attempt=job.attempt,
            parameters=job.parameters,
            started_by=job.started_by,
            company=self.company,
            home=self.home,
            kept_for=self.kept_for,
            progress=progress,
        )


async def _end(job: LeasedJob, outcome: JobOutcome) -> None:
    if outcome.cancelled:
        await stop_job(job, message=outcome.message, report=outcome.report)
    else:
        await finish_job(job, message=outcome.message, report=outcome.report, result=outcome.result)


@asynccontextmanager
async def _signs_of_life(job: LeasedJob, *, every: timedelta) -> AsyncIterator[None]:
    """Renew the lease while the block runs. A lost one is noticed by the runner, when it reports its progress."""
    beating = asyncio.create_task(_renew(job, every.total_seconds()))
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError, LeaseLost):
            await beating


async def _renew(job: LeasedJob, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        with suppress(*FAULTS_OF_THE_MACHINE):
            await renew_lease(job)
