"""`sluice import orders` as people run it: another process imports, this one waits and says how it went."""

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from app.commands import job_progress
from app.commands.job_progress import follow_job
from domain.jobs import JobState
from models import Job
from services.imports.start_local import start_local_import
from tests.integration.importing import KEPT_FOR, PRESET, orders, row, run_job, write_rows
from tests.processes import kill
from tests.waiting import within
from workers.names import QueueName

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(database: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of all processes of a test."""
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "a key of a test, nobody else has it",
        "COMPANY_CURRENCY": "GBP",
        "COMPANY_ZONE": "Europe/London",
        "SLUICE_HOME": str(tmp_path / "home"),
    }


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator[None]:
    """A worker, as it is in production."""
    process = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], cwd=ROOT, env=environment)
    yield
    kill(process)


def start(environment: dict[str, str], *arguments: object) -> "subprocess.Popen[str]":
    """`sluice import orders` with `arguments`."""
    command = [sys.executable, "-m", "app.cli", "import", "orders", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def run(environment: dict[str, str], *arguments: object) -> tuple[int, str, str]:
    """The exit code of `sluice import orders`, and what it printed on either stream."""
    process = start(environment, *arguments)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@pytest.mark.usefixtures("worker")
async def test_a_worker_imports_and_the_command_says_how_it_went(environment: dict[str, str], tmp_path: Path) -> None:
    good = write_rows(tmp_path / "good.csv", [row("1"), row("2", UnitPrice="0")])
    code, out, _ = run(environment, good, "--preset", "online-retail")
    assert code == 0
    report = tmp_path / "home" / "reports" / "job-1.csv"
    assert out.splitlines() == [
        "Orders made: 1; returns made: 0; there already: 0; lines not imported: 1.",
        f"What was not imported, and why: {report}",
    ]
    assert report.exists()
    torn = write_rows(tmp_path / "torn.csv", [row("3")])
    torn.write_text(torn.read_text() + '"\n\n')
    code, out, err = run(environment, torn, "--preset", "online-retail")
    assert (code, out) == (1, "")
    assert "torn.csv: a quoted cell that begins on line 3 does not end well" in err
    assert list(await orders()) == ["1"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--preset", "nope"], "there is no preset nope"),
        (["--preset", "online-retail", "--as", "nobody@test.example"], "there is no active user nobody@test.example"),
        (["--preset", "online-retail", "--team", "Nowhere"], "there is no team Nowhere"),
    ],
)
async def test_what_cannot_be_done_is_said_at_once(
    environment: dict[str, str], tmp_path: Path, arguments: list[str], problem: str
) -> None:
    code, out, err = run(environment, write_rows(tmp_path / "a.csv", [row()]), *arguments)
    assert (code, out) == (2, "")
    assert problem in err
    assert "Traceback" not in err
    assert await Job.all().count() == 0


async def test_ctrl_c_leaves_the_import_to_a_worker(environment: dict[str, str], tmp_path: Path) -> None:
    process = start(environment, write_rows(tmp_path / "a.csv", [row("1")]), "--preset", "online-retail")

    def is_followed() -> bool:
        with redis.Redis.from_url(environment["REDIS_URL"]) as client:
            return client.zcard(QueueName.LONG.value) == 1

    await within(60, is_followed)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    job = await Job.get()
    assert process.returncode == 130
    assert f'node(id: "job_{job.id}")' in err
    assert job.state is JobState.QUEUED
    await run_job(tmp_path / "home", job.id)
    assert list(await orders()) == ["1"]


@pytest.mark.usefixtures("database")
async def test_it_says_so_when_no_worker_takes_the_job_and_goes_on_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_progress, "SECONDS_TO_BE_TAKEN", 0.0)
    said = io.StringIO()
    file = write_rows(tmp_path / "a.csv", [row("1")])
    job_id = await start_local_import(files=[file], preset=PRESET, as_user=None, team=None, kept_for=KEPT_FOR)
    following = asyncio.create_task(follow_job(job_id, said))
    await within(5, lambda: "No worker has taken the job yet" in said.getvalue())
    await run_job(tmp_path, job_id)
    job = await following
    assert (job.state, job.done, job.failed) == (JobState.SUCCEEDED, 1, 0)
    assert said.getvalue().count("No worker") == 1
