"""Real worker processes, killed, drained and robbed of Redis."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import redis

from app.embedded import Servers
from domain.jobs import JobKind, JobState
from models import Channel, Job, OutboxEvent
from models.connection import pool
from models.migrate import migrate
from services.jobs.create import create_job
from services.transaction import transaction
from tests.conftest import administer
from tests.processes import kill
from tests.waiting import within
from tests.worker_process import steps_of
from workers.names import JobName, QueueName
from workers.queue import open_queue

ROOT = Path(__file__).parents[2]
Process = subprocess.Popen[bytes]


@pytest.fixture
async def start(database: str, redis_url: str) -> AsyncIterator[Callable[[], Process]]:
    """Starts a worker on the test's database and Redis."""
    started: list[Process] = []

    def start_worker(database_url: str = database) -> Process:
        command = [sys.executable, "-m", "tests.worker_process", database_url, redis_url]
        started.append(subprocess.Popen(command, cwd=ROOT))
        return started[-1]

    yield start_worker
    for process in started:
        if process.poll() is None:
            kill(process)


async def make_job(**parameters: Any) -> int:
    async with transaction() as client:
        return await create_job(client, kind=JobKind.ORDER_IMPORT, started_by=None, parameters=parameters)


async def wake(redis_url: str, job_id: int) -> None:
    async with open_queue(redis_url) as queue:
        await queue.wake(JobName.RUN_JOB, job_id)


async def ended(job_id: int, *, within_seconds: float = 20) -> Job:
    """The job, once it has come to an end."""

    async def has_ended() -> bool:
        return (await Job.get(id=job_id)).finished_at is not None

    await within(within_seconds, has_ended)
    return await Job.get(id=job_id)


async def steps_taken(job_id: int, steps: int, *, within_seconds: float = 20) -> None:
    async def taken() -> bool:
        return await steps_of(job_id) >= steps

    await within(within_seconds, taken)


async def attempts_of_steps() -> set[str]:
    return {channel.name for channel in await Channel.all()}


async def write_event(number: int) -> None:
    """An event of a row of its own."""
    await OutboxEvent.create(aggregate="product", aggregate_id=number, seq=1, type="product.created", payload={})


def has_position(number: int) -> Callable[[], Awaitable[bool]]:
    """Whether the event of `write_event` is in the feed, at that position."""

    async def found() -> bool:
        return bool(await pool().fetchval("SELECT true FROM event WHERE position = $1 AND aggregate_id = $1", number))

    return found


async def exit_code(process: Process, *, within_seconds: float = 15) -> int:
    return await asyncio.to_thread(process.wait, within_seconds)


async def test_jobs_run_woken_or_found_and_tell_how_it_went(start: Callable[[], Process], redis_url: str) -> None:
    job_id = await make_job(steps=3)
    await wake(redis_url, job_id)
    unable, faulty = await make_job(steps=0, raises="failure"), await make_job(steps=0, raises="fault")
    start()
    job = await ended(job_id)
    assert job.state == JobState.SUCCEEDED
    assert (job.done, job.total, job.message_code, job.message_facts) == (3, 3, "ROWS_EXPORTED", {"rows": 3})
    assert job.started_at is not None
    job = await ended(unable)
    assert (job.state, job.message_code, job.message_facts) == (JobState.FAILED, "FILE_EMPTY", {"file": "a.csv"})
    job = await ended(faulty)  # and nothing internal is told
    assert (job.state, job.message_code, job.message_facts) == (JobState.FAILED, "FAULT", {})
    # The worker found those two as it started. It finds one that nobody wakes while it runs as well.
    assert (await ended(await make_job(steps=1), within_seconds=5)).state == JobState.SUCCEEDED


async def test_an_emptied_redis_delays_a_job_and_neither_loses_nor_disturbs_it(
    start: Callable[[], Process], redis_url: str
) -> None:
    job_id = await make_job(steps=10, pause=0.1)
    await wake(redis_url, job_id)
    with redis.Redis.from_url(redis_url) as client:
        assert client.zcard(QueueName.LONG.value) == 1
        client.flushall()
        start()
        await steps_taken(job_id, 3)
        client.flushall()
    job = await ended(job_id)
    assert (job.state, job.attempts) == (JobState.SUCCEEDED, 1)
    assert await attempts_of_steps() == {"in attempt 1"}


async def test_jobs_of_a_killed_worker_are_completed_by_another_within_seconds(
    start: Callable[[], Process], redis_url: str
) -> None:
    jobs = [await make_job(steps=12, pause=0.1, silent=silent) for silent in (False, True)]
    for job_id in jobs:
        await wake(redis_url, job_id)
    doomed = start()
    for job_id in jobs:
        await steps_taken(job_id, 2)
    kill(doomed)
    start()
    for job_id in jobs:
        job = await ended(job_id)
        assert (job.state, job.attempts) == (JobState.SUCCEEDED, 2)
    assert await Channel.all().count() == 24
    assert await attempts_of_steps() == {"in attempt 1", "in attempt 2"}


async def test_events_get_positions_from_any_worker_that_lives(start: Callable[[], Process]) -> None:
    first = start()
    await write_event(1)
    await within(20, has_position(1))
    first.send_signal(signal.SIGSTOP)
    start()
    await write_event(2)
    await within(20, has_position(2))
    kill(first)


async def test_a_job_that_is_silent_but_alive_stays_with_its_worker(start: Callable[[], Process]) -> None:
    job_id = await make_job(steps=1, pause=2.5, silent=True)
    start()
    start()
    assert (await ended(job_id)).attempts == 1
    assert await attempts_of_steps() == {"in attempt 1"}


async def test_a_worker_that_was_frozen_finds_its_job_taken_and_writes_no_more(start: Callable[[], Process]) -> None:
    job_id = await make_job(steps=14, pause=0.1)
    frozen = start()
    await steps_taken(job_id, 3)
    frozen.send_signal(signal.SIGSTOP)
    start()
    await steps_taken(job_id, 6)
    frozen.send_signal(signal.SIGCONT)
    job = await ended(job_id)
    assert (job.state, job.attempts) == (JobState.SUCCEEDED, 2)
    assert await Channel.filter(name="in attempt 1").count() < 6


async def test_workers_survive_a_restart_of_redis_and_so_does_their_job(
    start: Callable[[], Process], servers: Servers
) -> None:
    process = start()
    running = await make_job(steps=20, pause=0.1)
    await steps_taken(running, 2)
    servers.valkey.stop()
    await asyncio.sleep(1)
    servers.valkey.start()
    later = await make_job(steps=1)
    assert (await ended(running, within_seconds=30)).attempts == 1
    assert (await ended(later, within_seconds=30)).state == JobState.SUCCEEDED
    assert process.poll() is None


async def test_workers_survive_a_restart_of_postgresql_and_so_does_their_job(
    start: Callable[[], Process], servers: Servers
) -> None:
    process = start()
    job_id = await make_job(steps=20, pause=0.1)
    await steps_taken(job_id, 2)
    servers.postgres.kill()
    servers.postgres.start()
    await asyncio.sleep(0.1)  # the test's own connections notice
    assert (await ended(job_id, within_seconds=30)).state == JobState.SUCCEEDED
    assert await Channel.all().count() == 20
    assert process.poll() is None


class Shell:
    """A pickle of it runs a command when it is loaded."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (self.command,)


async def test_a_pickle_that_somebody_put_into_redis_runs_nothing(
    start: Callable[[], Process], redis_url: str, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    with redis.Redis.from_url(redis_url) as client:
        client.set("arq:job:forged", pickle.dumps(Shell(f"touch {canary}")))
        client.set("arq:job:odd", b'{"t": "1", "f": "run_job", "a": 5, "k": [], "et": "x"}')
        client.set("arq:job:unknown", b'{"t": null, "f": "os.system", "a": ["ls"], "k": {}, "et": 1}')
        client.zadd(QueueName.LONG.value, {"forged": 1, "odd": 2, "unknown": 3})
        process = start()
        await within(20, lambda: client.zcard(QueueName.LONG.value) == 0)
    job_id = await make_job(steps=1)
    assert (await ended(job_id)).state == JobState.SUCCEEDED
    assert process.poll() is None
    assert not canary.exists()


async def test_a_worker_that_is_told_to_stop_lets_its_job_end(start: Callable[[], Process]) -> None:
    job_id = await make_job(steps=2, pause=0.2, silent=True)
    process = start()
    await steps_taken(job_id, 1)
    process.terminate()
    assert await exit_code(process) == 0
    assert (await Job.get(id=job_id)).state == JobState.SUCCEEDED


async def test_a_worker_that_is_told_to_stop_hands_back_what_takes_longer(start: Callable[[], Process]) -> None:
    jobs = [await make_job(steps=30, pause=0.1, silent=silent) for silent in (False, True)]
    for attempt, signum in enumerate((signal.SIGTERM, signal.SIGINT), start=1):
        process = start()
        for job_id in jobs:
            await steps_taken(job_id, await steps_of(job_id) + 2)
        process.send_signal(signum)
        assert await exit_code(process) == 0
        for job in await Job.all():
            assert (job.state, job.attempts) == (JobState.QUEUED, attempt)
    start()
    assert {(await ended(job_id)).attempts for job_id in jobs} == {3}
    assert await Channel.all().count() == 60


async def test_a_worker_waits_until_the_database_has_its_tables(
    start: Callable[..., Process], servers: Servers, redis_url: str
) -> None:
    await administer(servers, "CREATE DATABASE bare OWNER sluice")
    url = servers.postgres.url(database="bare")
    process = start(url)
    health_key = f"{QueueName.LONG.value}:health-check"
    with redis.Redis.from_url(redis_url) as client:
        await within(20, lambda: pool().fetchval("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = 'bare')"))
        await asyncio.sleep(0.5)
        assert process.poll() is None
        assert not client.exists(health_key)
        await migrate(url)
        await within(15, lambda: bool(client.exists(health_key)))
    kill(process)
    await administer(servers, "DROP DATABASE bare WITH (FORCE)")
