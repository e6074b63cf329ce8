"""A progress bar for a job that a worker runs."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, TextIO

import click
import orjson

from app.outages import is_outage
from domain.job_messages import job_texts
from domain.jobs import TRANSITIONS, JobState
from models.connection import pool

SECONDS_BETWEEN_LOOKS = 0.25
SECONDS_TO_BE_TAKEN = 5.0

_LOOK = """
SELECT state, total, done, failed, message_code, message_facts, message, report_file_id FROM job WHERE id = $1
"""


@dataclass(frozen=True, kw_only=True)
class JobView:
    """How a job stands: `done` of `total` items, `failed` ones among them; `report_file_id` names a stored one."""

    state: JobState
    total: int | None
    done: int
    failed: int
    message: str | None
    report_file_id: int | None

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return not TRANSITIONS[self.state]


async def follow_job(job_id: int, out: TextIO) -> JobView:
    """Show on `out`, if it is a terminal, how far the job is, until it is over; how it stands then.

    Says so when no worker has taken it within a few seconds, and goes on waiting, as it does while the database is
    away.
    """
    with click.progressbar(length=0, show_pos=True, file=out, hidden=not out.isatty()) as bar:
        told_at = time.monotonic() + SECONDS_TO_BE_TAKEN
        while True:
            job = await _look(job_id)
            _mind_cancellation()
            if job is not None:
                _show(bar, job)
                if job.is_over:
                    return job
                if job.state == JobState.QUEUED and time.monotonic() > told_at:
                    click.echo("No worker has taken the job yet: is `sluice worker` running? Still waiting.", file=out)
                    told_at = float("inf")
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _mind_cancellation() -> None:
    """Raises CancelledError where this task was cancelled and went on.

    `asyncio.wait_for`, which the drivers use, forgets a cancellation that comes with the result (Python 3.11).
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _look(job_id: int) -> JobView | None:
    try:
        [row] = await pool().fetch(_LOOK, job_id)
    except Exception as error:
        if not is_outage(error):
            raise
        return None
    facts = orjson.loads(row["message_facts"] or "null")
    [message] = job_texts([(row["state"], row["message_code"], facts, row["message"])], "en")
    return JobView(
        state=JobState(row["state"]),
        total=row["total"],
        done=row["done"],
        failed=row["failed"],
        message=message,
        report_file_id=row["report_file_id"],
    )


def _show(bar: Any, job: JobView) -> None:
    failed = f", {job.failed:,} failed" if job.failed else ""
    bar.label, bar.length = f"{job.state.lower()}{failed}", job.total
    bar.update(job.done - bar.pos)
