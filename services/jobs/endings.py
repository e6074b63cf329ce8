"""A job ends."""

from domain.jobs import JobState
from services.jobs.leases import LeasedJob, change_leased

_END = "state = $3, message = $4, report = $5, finished_at = now()"


async def finish_job(job: LeasedJob, *, message: str | None, report: str | None) -> None:
    """The job is done: `message` is a sentence for people, `report` a path. Raises LeaseLost."""
    await change_leased(job, _END, JobState.SUCCEEDED, message, report)


async def fail_job(job: LeasedJob, *, message: str, report: str | None) -> None:
    """The job cannot be done; `message` and `report` as in `finish_job`. Raises LeaseLost."""
    await change_leased(job, _END, JobState.FAILED, message, report)
