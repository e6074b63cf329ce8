"""A job ends."""

from domain.jobs import JobState
from services.jobs.leases import LeasedJob, change_leased

_END = "state = $3, message = $4, report_file_id = $5, result_file_id = $6, finished_at = now()"


async def finish_job(
    job: LeasedJob, *, message: str | None, report: int | None = None, result: int | None = None
) -> None:
    """The job is done: `message` is a sentence for people, `report` and `result` are ids of files. Raises LeaseLost."""
    await change_leased(job, _END, JobState.SUCCEEDED, message, report, result)


async def fail_job(job: LeasedJob, *, message: str, report: int | None = None) -> None:
    """The job cannot be done; `message` and `report` as in `finish_job`. Raises LeaseLost."""
    await change_leased(job, _END, JobState.FAILED, message, report, None)


async def stop_job(job: LeasedJob, *, message: str, report: int | None = None) -> None:
    """The job stops, since somebody asked for it; `message` and `report` as in `finish_job`. Raises LeaseLost."""
    await change_leased(job, _END, JobState.CANCELLED, message, report, None)
