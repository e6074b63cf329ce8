"""A job ends."""

import orjson

from domain.job_messages import JobMessage
from domain.jobs import JobState
from services.jobs.leases import LeasedJob, change_leased

_END = """
state = $3, message_code = $4, message_facts = $5, report_file_id = $6, result_file_id = $7, finished_at = now()
"""
_STOP = """
state = $3, message_code = 'STOPPED', message_facts = jsonb_build_object('done', done), report_file_id = $4,
finished_at = now()
"""


async def finish_job(
    job: LeasedJob, *, message: JobMessage | None, report: int | None = None, result: int | None = None
) -> None:
    """The job is done: `message` is for people, `report` and `result` are ids of files. Raises LeaseLost."""
    await _end(job, JobState.SUCCEEDED, message, report, result)


async def fail_job(job: LeasedJob, *, message: JobMessage, report: int | None = None) -> None:
    """The job cannot be done; `message` and `report` as in `finish_job`. Raises LeaseLost."""
    await _end(job, JobState.FAILED, message, report)


async def stop_job(job: LeasedJob, *, message: JobMessage | None, report: int | None = None) -> None:
    """The job stops, since somebody asked for it; `message` and `report` as in `finish_job`. Raises LeaseLost.

    Without a message, it tells how many rows were done.
    """
    if message is None:
        await change_leased(job, _STOP, JobState.CANCELLED, report)
    else:
        await _end(job, JobState.CANCELLED, message, report)


async def _end(
    job: LeasedJob, state: JobState, message: JobMessage | None, report: int | None, result: int | None = None
) -> None:
    code, facts = (message.code, orjson.dumps(dict(message.facts)).decode()) if message else (None, None)
    await change_leased(job, _END, state, code, facts, report, result)
