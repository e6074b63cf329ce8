"""What a long job gets from the worker that runs it, and what it gives back: the contract of `workers/jobs/`.

A runner is `async def run(context, job_id) -> JobOutcome`, named in `workers.jobs.RUNNERS` under its kind. It may be
stopped at any instant (a worker killed, a deployment, a lost lease) and is then run again, here or elsewhere, with the
same id: it finds what is done already in the database and completes the rest. For a moment two runs of one job can
overlap, so its writes must be harmless when repeated.

- It calls `context.progress` once a batch, outside of transactions, and lets what that raises through; a transaction
  that must not be another run's as well begins with `services.jobs.leases.hold_lease`.
- It never holds the event loop for more than a second or two: parsing and hashing in large pieces belong in a thread.
- It raises `JobFailed` for what the person who started the job can understand. Anything else that it raises is
  logged, and the person is told that the job failed; but for faults of the machine (OSError, a database that is
  gone) the job is run again.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from domain.job_messages import JobMessage
from services.company import Company


class ReportProgress(Protocol):
    """Store how far a job has come, for people to see: `done` of `total` items, None if not known.

    Of those that are done, some `failed`, and some left what there was `unchanged`.

    Raises LeaseLost when the job is no longer this run's, Interrupted when the worker is being shut down, CancelAsked
    when somebody wants the job to stop, JobFailed when it has taken longer than its kind may.
    """

    async def __call__(self, *, done: int, failed: int = 0, unchanged: int = 0, total: int | None = None) -> None: ...


@dataclass(frozen=True, kw_only=True)
class JobContext:
    """What a runner may use.

    `attempt` tells this run from others (for `hold_lease`); `parameters` are those that the job was created with;
    `started_by` is a user's id; `home` is a folder for files that are needed while the job runs, and what it makes is
    `kept_for` so long. The database is reached as everywhere.
    """

    attempt: int
    parameters: Mapping[str, Any]
    started_by: int | None
    company: Company
    home: Path
    kept_for: timedelta
    progress: ReportProgress


@dataclass(frozen=True, kw_only=True)
class JobOutcome:
    """How a job ended: a message for people, and the ids of its report and its result among the stored files.

    `cancelled`: it stopped because somebody asked for it (CancelAsked), having done a part.
    """

    message: JobMessage | None = None
    report: int | None = None
    result: int | None = None
    cancelled: bool = False


class JobFailed(Exception):
    """The job cannot be done, now or later; `message` and `report` as in JobOutcome."""

    def __init__(self, message: JobMessage, *, report: int | None = None) -> None:
        super().__init__(message.code)
        self.message = message
        self.report = report


class Interrupted(Exception):
    """The worker is being shut down: the job is handed back, to be run again."""


JobRunner = Callable[[JobContext, int], Awaitable[JobOutcome]]
