"""What the workers look for by themselves, at fixed times, once for all workers together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from arq import cron
from arq.cron import CronJob

from services.calendars.refresh import have_calendars_kept
from services.feed.partitions import drop_old_events
from services.files.purge import purge_file, purge_reports
from services.idempotency import purge_idempotency_keys
from services.jobs.sweep import take_forgotten_jobs
from services.orders.completion import complete_delivered
from services.personal.search import forget_texts
from services.reminders.purge import purge_reminders
from services.sessions.attempts import purge_attempts
from services.sessions.purge import purge_sessions
from workers.metrics import WorkerMetrics
from workers.names import JobName
from workers.public_holidays import library
from workers.queue import JobQueue

_WITHIN = 20
# What is left then is removed an hour later.
_WITHIN_FILES = 600
# Remembering that a sweep was made is what keeps a second worker from making it again.
_REMEMBERED = 120

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Sweeps:
    """The sweeps; jobs count as forgotten after `lease`. Events stay `events_kept`, reports `files_kept_for`.

    Orders are completed so long after their delivery as `completed_after` says, by people alone if it is None.
    """

    queue: JobQueue
    lease: timedelta
    events_kept: timedelta
    files_kept_for: timedelta
    completed_after: timedelta | None = None
    metrics: WorkerMetrics = field(default_factory=WorkerMetrics)

    async def wake_forgotten_jobs(self, _context: dict[Any, Any]) -> None:
        """Wake workers for jobs that nobody was woken for, or whose worker is gone."""
        job_ids = await take_forgotten_jobs(silent_for=self.lease)
        if job_ids:
            _log.info("forgotten jobs", ids=job_ids)
        for job_id in job_ids:
            await self.queue.wake(JobName.RUN_JOB, job_id)

    async def purge_idempotency_keys(self, _context: dict[Any, Any]) -> None:
        """Forget the idempotency keys that have served their time."""
        total = 0
        while purged := await purge_idempotency_keys():
            total += purged
        _log.info("idempotency keys purged", count=total)

    async def purge_sessions(self, _context: dict[Any, Any]) -> None:
        """Forget the sessions that have expired, and failed logins that do not count any more."""
        for what, purge in (("sessions", purge_sessions), ("attempts", purge_attempts)):
            total = 0
            while purged := await purge():
                total += purged
            _log.info("purged", what=what, count=total)

    async def complete_orders(self, _context: dict[Any, Any]) -> None:
        """Complete the orders that were delivered long enough ago."""
        if self.completed_after is None:
            return
        total = 0
        while completed := await complete_delivered(after=self.completed_after):
            total += completed
        _log.info("orders completed", count=total)

    async def keep_calendars(self, _context: dict[Any, Any]) -> None:
        """Have holidays looked up that are not known yet, and calendars worked out for the years that come near."""
        if (job_id := await have_calendars_kept(library())) is not None:
            await self.queue.wake(JobName.RUN_JOB, job_id)

    async def drop_old_events(self, _context: dict[Any, Any]) -> None:
        """Drop the partitions of the feed whose events have been kept for long enough."""
        _log.info("old events dropped", count=await drop_old_events(kept_for=self.events_kept))

    async def purge_reminders(self, _context: dict[Any, Any]) -> None:
        """Forget the reminders that have served their time."""
        total = 0
        while purged := await purge_reminders():
            total += purged
        _log.info("reminders purged", count=total)

    async def purge_files(self, _context: dict[Any, Any]) -> None:
        """Remove files and reports that have served their time, and what ended searches for people looked for."""
        total = 0
        while purged := await purge_file():
            total += purged
        await forget_texts()
        while await purge_reports(kept_for=self.files_kept_for):
            pass
        _log.info("files purged", count=total)


def schedule(sweeps: Sweeps, *, sweep_seconds: int) -> list[CronJob]:
    """When each sweep is made; `sweep_seconds` is the time between two looks for forgotten jobs, a divisor of 60."""

    def made(name: JobName, sweep: Callable[[dict[Any, Any]], Awaitable[None]], **how: Any) -> CronJob:
        options = {"timeout": _WITHIN, "keep_result": _REMEMBERED} | how
        return cron(sweeps.metrics.timed(name, sweep), name=name.value, **options)

    looks = set(range(0, 60, sweep_seconds))
    return [
        made(JobName.WAKE_FORGOTTEN_JOBS, sweeps.wake_forgotten_jobs, second=looks, run_at_startup=True),
        made(JobName.PURGE_IDEMPOTENCY_KEYS, sweeps.purge_idempotency_keys, minute=7),
        made(JobName.DROP_OLD_EVENTS, sweeps.drop_old_events, minute=22),
        made(JobName.PURGE_SESSIONS, sweeps.purge_sessions, minute=37),
        made(JobName.COMPLETE_ORDERS, sweeps.complete_orders, minute=set(range(0, 60, 10))),
        made(JobName.KEEP_CALENDARS, sweeps.keep_calendars, minute=13),
        made(JobName.PURGE_REMINDERS, sweeps.purge_reminders, minute=43),
        made(JobName.PURGE_FILES, sweeps.purge_files, minute=52, timeout=_WITHIN_FILES),
    ]
