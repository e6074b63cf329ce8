"""The queues themselves, in this process: what arq does not do by itself."""

import asyncio
import pickle
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast
from unittest.mock import patch
from urllib.parse import urlsplit
from uuid import UUID

import orjson
import pytest
from arq import ArqRedis, func
from arq.typing import WorkerCoroutine
from arq.utils import to_unix_ms
from redis.asyncio.client import Pipeline
from redis.exceptions import ConnectionError as RedisConnectionError

from domain.jobs import JobKind
from domain.people import Role
from models import IdempotencyKey, Session
from services.clock import now
from services.idempotency import purge_idempotency_keys
from services.jobs.create import create_job
from services.sessions.purge import purge_sessions
from services.transaction import transaction
from tests.factories import make_user
from tests.waiting import within
from workers import polling
from workers.names import QUEUE_OF, JobName, QueueName
from workers.polling import QueueWorker
from workers.queue import JobQueue, connect_redis, open_queue
from workers.queues import short_worker
from workers.sweeps import Sweeps, schedule

DAY = timedelta(days=1)


@pytest.fixture
async def arq_redis(redis_url: str) -> AsyncIterator[ArqRedis]:
    client = connect_redis(redis_url)
    yield client
    await client.aclose(close_connection_pool=True)


async def queued(client: ArqRedis, name: QueueName) -> list[tuple[str, list[int]]]:
    return [(job.function, list(job.args)) for job in await client.queued_jobs(queue_name=name.value)]


def test_every_function_of_the_workers_has_a_queue() -> None:
    assert set(QUEUE_OF) == set(JobName)


async def test_a_wake_up_names_the_job_and_no_more(redis_url: str, arq_redis: ArqRedis) -> None:
    async with open_queue(redis_url) as queue:
        await queue.wake(JobName.RUN_JOB, 7)
    assert await queued(arq_redis, QueueName.LONG) == [("run_job", [7])]


async def test_a_second_wake_up_is_not_refused(arq_redis: ArqRedis) -> None:
    for _ in range(2):
        await JobQueue(arq_redis).wake(JobName.RUN_JOB, 7)
    assert await queued(arq_redis, QueueName.LONG) == [("run_job", [7])] * 2


@asynccontextmanager
async def tcp_address_of(redis_url: str) -> AsyncIterator[str]:
    """A port of this machine that leads to the Redis at a unix socket."""

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            target.write(data)
        target.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(urlsplit(redis_url).path)
        await asyncio.gather(carry(reader, there[1]), carry(there[0], writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    server.close()


async def test_redis_may_be_at_a_port(redis_url: str, arq_redis: ArqRedis) -> None:
    async with tcp_address_of(redis_url) as address, open_queue(address) as queue:
        await queue.wake(JobName.RUN_JOB, 7)
    assert await queued(arq_redis, QueueName.LONG) == [("run_job", [7])]


async def test_a_wake_up_without_redis_neither_fails_nor_takes_long() -> None:
    began = time.monotonic()
    async with open_queue("unix:///nowhere/valkey.sock") as queue:
        await queue.wake(JobName.RUN_JOB, 7)
    assert time.monotonic() - began < 3


async def test_a_wake_up_of_a_frozen_redis_neither_fails_nor_takes_long() -> None:
    async def say_nothing(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    began = time.monotonic()
    async with open_queue(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}") as queue:
        await queue.wake(JobName.RUN_JOB, 7)
    assert time.monotonic() - began < 3
    server.close()


@dataclass
class Counting:
    """A function of a worker that counts its runs."""

    runs: int = 0

    async def run(self, _context: dict[Any, Any], _job_id: int) -> None:
        self.runs += 1


def worker_of(counting: Counting, client: ArqRedis) -> QueueWorker:
    return QueueWorker(
        [func(cast(WorkerCoroutine, counting.run), name=JobName.RUN_JOB.value)],
        queue_name=QueueName.LONG.value,
        redis_pool=client,
        job_serializer=client.job_serializer,
        job_deserializer=client.job_deserializer,
        handle_signals=False,
        max_jobs=2,
        poll_delay=0.02,
    )


@asynccontextmanager
async def polling_with(worker: QueueWorker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.async_run())
    yield
    await worker.drain(timedelta(seconds=1))
    await asyncio.wait([task])


async def test_a_redis_that_fails_while_jobs_are_taken_costs_no_slots(arq_redis: ArqRedis) -> None:
    counting = Counting()
    for _ in range(5):
        await JobQueue(arq_redis).wake(JobName.RUN_JOB, 7)
    async with polling_with(worker_of(counting, arq_redis)):
        with patch.object(Pipeline, "watch", side_effect=RedisConnectionError("gone")) as failing:
            await within(10, lambda: failing.call_count > 10)
        assert counting.runs == 0
        await within(10, lambda: counting.runs == 5)


async def test_what_somebody_else_put_into_redis_ends_no_worker(arq_redis: ArqRedis) -> None:
    counting = Counting()
    await arq_redis.zadd(
        QueueName.LONG.value, {b"\xff\xfe": 1, "endless": "-inf", "absurd": 1, "pickled": 1, "gone": 1}
    )
    absurd = {"t": None, "f": "run_job", "a": [7], "k": {}, "et": 10**18}
    await arq_redis.set("arq:job:absurd", orjson.dumps(absurd))
    await arq_redis.set("arq:job:pickled", pickle.dumps(absurd))
    await JobQueue(arq_redis).wake(JobName.RUN_JOB, 7)
    async with polling_with(worker_of(counting, arq_redis)):
        await within(10, lambda: counting.runs == 1)

        async def is_empty() -> bool:
            return not await arq_redis.zcard(QueueName.LONG.value)

        await within(10, is_empty)


async def test_a_redis_that_stays_away_for_too_long_ends_the_worker(arq_redis: ArqRedis) -> None:
    worker = worker_of(Counting(), arq_redis)
    with (
        patch.object(polling, "HOPELESS_AFTER", 0.2),
        patch.object(ArqRedis, "zrangebyscore", side_effect=RedisConnectionError("gone")) as failing,
        pytest.raises(RedisConnectionError),
    ):
        async with asyncio.timeout(10):
            await worker.async_run()
    assert failing.call_count > 2


@dataclass(frozen=True, kw_only=True)
class NotedSweeps(Sweeps):
    """Sweeps that only note that they were made, and for which moment."""

    made: list[tuple[JobName, str]] = field(default_factory=list)

    async def wake_forgotten_jobs(self, context: dict[Any, Any]) -> None:
        self.made.append((JobName.WAKE_FORGOTTEN_JOBS, context["job_id"]))

    async def purge_idempotency_keys(self, context: dict[Any, Any]) -> None:
        self.made.append((JobName.PURGE_IDEMPOTENCY_KEYS, context["job_id"]))

    async def purge_sessions(self, context: dict[Any, Any]) -> None:
        self.made.append((JobName.PURGE_SESSIONS, context["job_id"]))

    async def drop_old_events(self, context: dict[Any, Any]) -> None:
        self.made.append((JobName.DROP_OLD_EVENTS, context["job_id"]))

    async def purge_files(self, context: dict[Any, Any]) -> None:
        self.made.append((JobName.PURGE_FILES, context["job_id"]))

    async def keep_calendars(self, context: dict[Any, Any]) -> None:
        self.made.append((JobName.KEEP_CALENDARS, context["job_id"]))

    async def purge_reminders(self, context: dict[Any, Any]) -> None:
        self.made.append((JobName.PURGE_REMINDERS, context["job_id"]))

    async def complete_orders(self, context: dict[Any, Any]) -> None:
        self.made.append((JobName.COMPLETE_ORDERS, context["job_id"]))


async def test_a_sweep_is_made_once_however_many_workers_see_its_time_come(arq_redis: ArqRedis) -> None:
    sweeps = NotedSweeps(queue=JobQueue(arq_redis), lease=timedelta(seconds=30), events_kept=DAY, files_kept_for=DAY)
    every = sorted(name for name in JobName if name is not JobName.RUN_JOB)
    moment = datetime.now(UTC)
    for _ in range(3):
        worker = short_worker(arq_redis, schedule(sweeps, sweep_seconds=60), slots=7)
        for sweep in worker.cron_jobs:
            sweep.next_run = moment
        async with polling_with(worker):
            await within(5, lambda: len(sweeps.made) >= len(every))
            await asyncio.sleep(0.7)  # long enough to take it again
    at_the_moment = [name for name, job_id in sweeps.made if job_id.endswith(str(to_unix_ms(moment)))]
    assert sorted(at_the_moment) == every
    waiting = await arq_redis.zrange(QueueName.SHORT.value, 0, -1)
    assert not [job_id for job_id in waiting if job_id.endswith(b"%d" % to_unix_ms(moment))], "it comes again later"


async def test_forgotten_jobs_are_looked_for_when_a_worker_starts(arq_redis: ArqRedis) -> None:
    sweeps = NotedSweeps(queue=JobQueue(arq_redis), lease=timedelta(seconds=30), events_kept=DAY, files_kept_for=DAY)
    async with polling_with(short_worker(arq_redis, schedule(sweeps, sweep_seconds=60), slots=5)):
        await within(5, lambda: [name for name, _ in sweeps.made] == [JobName.WAKE_FORGOTTEN_JOBS])


@pytest.mark.usefixtures("database")
async def test_the_sweep_wakes_a_worker_for_each_forgotten_job(arq_redis: ArqRedis) -> None:
    async with transaction() as client:
        job_ids = [
            await create_job(client, kind=JobKind.ORDER_IMPORT, started_by=None, parameters={}) for _ in range(3)
        ]
    await Sweeps(
        queue=JobQueue(arq_redis), lease=timedelta(seconds=30), events_kept=DAY, files_kept_for=DAY
    ).wake_forgotten_jobs({})
    assert sorted(await queued(arq_redis, QueueName.LONG)) == [("run_job", [job_id]) for job_id in job_ids]


@pytest.mark.usefixtures("database")
async def test_the_sweep_of_idempotency_keys_leaves_none_that_is_too_old(arq_redis: ArqRedis) -> None:
    user = await make_user(Role.REP)
    for age in range(12):
        await IdempotencyKey.create(principal=user, mutation="orderCreate", key=f"{age} days", request_hash=b"")
        await IdempotencyKey.filter(key=f"{age} days").update(created_at=now() - timedelta(days=age, seconds=1))
    purge_two = partial(purge_idempotency_keys, at_most=2)
    with patch("workers.sweeps.purge_idempotency_keys", purge_two):
        await Sweeps(
            queue=JobQueue(arq_redis), lease=timedelta(seconds=30), events_kept=DAY, files_kept_for=DAY
        ).purge_idempotency_keys({})
    assert {row.key for row in await IdempotencyKey.all()} == {f"{age} days" for age in range(7)}


@pytest.mark.usefixtures("database")
async def test_the_sweep_of_sessions_leaves_those_that_have_not_expired(arq_redis: ArqRedis) -> None:
    user = await make_user(Role.REP)
    for days in range(-5, 3):
        expires_at = now() + timedelta(days=days, seconds=-1)
        await Session.create(id=UUID(int=100 + days), user=user, token_hash=b"", rotations=[], expires_at=expires_at)
    with patch("workers.sweeps.purge_sessions", partial(purge_sessions, at_most=2)):
        await Sweeps(
            queue=JobQueue(arq_redis), lease=timedelta(seconds=30), events_kept=DAY, files_kept_for=DAY
        ).purge_sessions({})
    assert {session.id for session in await Session.all()} == {UUID(int=101), UUID(int=102)}
