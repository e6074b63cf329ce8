"""`sluice import orders`: starts an import and shows how a worker gets on with it."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import click

from app.commands.database import require_tables, run_on_database
from app.commands.job_progress import JobView, follow_job
from app.home import HomeError, prepare_home
from app.settings import Settings
from domain.jobs import JobState
from models.connection import connect, disconnect
from rows.entities import JOB
from rows.ids import global_id
from services.files.store import read_file
from services.imports.preset import PresetError, load_preset
from services.imports.run import ImportRefused
from services.imports.start_local import start_local_import
from services.imports.unreadable import FileUnreadable
from services.teams import TeamNotFound
from workers.names import JobName
from workers.queue import open_queue

DONE, FAILED, REFUSED, LEFT = 0, 1, 2, 130


def run(settings: Settings, files: list[Path], preset: str, as_user: str | None, team: str | None) -> int:
    """Import `files` as `preset` says (a name, or a path to a .toml), and wait for the end.

    `as_user` is the email address of the owner of what is made, `team` the name of the owning team. Gives the exit
    code: 0 done, 1 the job failed, 2 it could not be started, 130 left running by Ctrl-C. Ends the process, as
    `run_on_database` does, where the database cannot be used.
    """
    try:
        return run_on_database(_run(settings, files, preset, as_user, team))
    except (PresetError, FileUnreadable, ImportRefused, TeamNotFound, HomeError) as error:
        click.echo(str(error), err=True)
    except OSError as fault:
        click.echo(f"the import cannot be started: {fault}", err=True)
    except KeyboardInterrupt:
        return LEFT
    return REFUSED


async def _run(settings: Settings, files: list[Path], preset: str, as_user: str | None, team: str | None) -> int:
    columns = load_preset(preset)
    await require_tables(settings.database_url)
    await connect(settings.database_url, max_size=2, command_timeout=settings.database_timeout)
    try:
        home = prepare_home(settings.sluice_home)
        kept_for = timedelta(days=settings.files_kept_days)
        job_id = await start_local_import(files=files, preset=columns, as_user=as_user, team=team, kept_for=kept_for)
        job = await _wait(settings, job_id)
        return _conclude(job, await _fetch_report(job, home / "reports" / f"job-{job_id}.csv"))
    finally:
        await disconnect()


async def _wait(settings: Settings, job_id: int) -> JobView:
    try:
        async with open_queue(settings.redis_url) as queue:
            await queue.wake(JobName.RUN_JOB, job_id)
        return await follow_job(job_id, sys.stderr)
    except asyncio.CancelledError:
        click.echo(
            f'\nThe import goes on without this command. To look at it: {{ node(id: "{global_id(JOB, job_id)}")'
            " { ... on Job { state done total failed message } } }",
            err=True,
        )
        raise


async def _fetch_report(job: JobView, path: Path) -> Path | None:
    """The job's report, copied to `path`, if it has one."""
    if job.report_file_id is None:
        return None
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("wb") as file:
        async for piece in read_file(job.report_file_id):
            file.write(piece)
    return path


def _conclude(job: JobView, report: Path | None) -> int:
    succeeded = job.state == JobState.SUCCEEDED
    click.echo(job.message or f"The job is {job.state.lower()}.", err=not succeeded)
    if report:
        click.echo(f"What was not imported, and why: {report}", err=not succeeded)
    return DONE if succeeded else FAILED
