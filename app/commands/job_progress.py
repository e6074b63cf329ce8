"""A progress bar for a job that a worker runs."""

import asyncio
import time
from dataclasses import dataclass

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

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


async def follow_job(job_id: int, console: Console) -> JobView:
    """Show on `console` how far the job is, until it is over; how it stands then.

    Says so when no worker has taken it within a few seconds, and goes on waiting, as it does while the database is
    away.
    """
    with _progress_bar(console) as bar:
        task = bar.add_task("", total=None)
        told_at = time.monotonic() + SECONDS_TO_BE_TAKEN
        while True:
            job = await _look(job_id)
            _mind_cancellation()
            if job is not None:
                _show(bar, task, job)
                if job.is_over:
                    return job
                if job.state == JobState.QUEUED and time.monotonic() > told_at:
                    bar.console.print("No worker has taken the job yet: is `sluice worker` running? Still waiting.")
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


def _progress_bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _show(bar: Progress, task: TaskID, job: JobView) -> None:
    failed = f", {job.failed:,} failed" if job.failed else ""
    bar.update(task, description=f"{job.state.lower()}{failed}", completed=job.done, total=job.total)
