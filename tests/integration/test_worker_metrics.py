"""What a worker tells of queues, jobs, events and sweeps."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from arq import ArqRedis

from domain.jobs import JobKind, JobState
from models import Job, OutboxEvent, Reminder, ReminderDelivery, Session
from models.connection import pool
from services.clock import now
from tests.factories import make_order, make_user
from workers.counters import fold_counters
from workers.metrics import WorkerMetrics
from workers.names import JobName, QueueName
from workers.queue import JobQueue, connect_redis
from workers.sampling import sample, sample_database, sample_queues

pytestmark = pytest.mark.usefixtures("database")

HOUR = timedelta(hours=1)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[ArqRedis]:
    client = connect_redis(redis_url)
    yield client
    await client.aclose(close_connection_pool=True)


def told(metrics: WorkerMetrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


async def make_job(state: JobState = JobState.QUEUED, *, age: timedelta = HOUR, attempts: int = 0) -> None:
    job = await Job.create(kind=JobKind.ORDER_IMPORT, state=state, parameters={}, attempts=attempts)
    await Job.filter(id=job.id).update(created_at=now() - age)


async def test_open_jobs_are_counted_and_the_oldest_that_nobody_has_begun_has_its_age() -> None:
    await make_job()
    await make_job(age=2 * HOUR)
    await make_job(age=9 * HOUR, attempts=1)
    await make_job(JobState.RUNNING, age=9 * HOUR, attempts=1)
    metrics = WorkerMetrics()
    await sample_database(metrics)
    kind = JobKind.ORDER_IMPORT.value
    assert told(metrics, "sluice_jobs", kind=kind, state="QUEUED") == 3
    assert told(metrics, "sluice_jobs", kind=kind, state="RUNNING") == 1
    assert 7_200 <= (told(metrics, "sluice_job_oldest_queued_seconds") or 0) < 7_300


async def test_jobs_that_have_ended_are_told_of_no_more() -> None:
    await make_job()
    metrics = WorkerMetrics()
    await sample_database(metrics)
    await Job.all().delete()
    await sample_database(metrics)
    assert told(metrics, "sluice_jobs", kind=JobKind.ORDER_IMPORT.value, state="QUEUED") is None
    assert told(metrics, "sluice_job_oldest_queued_seconds") == 0


async def test_events_without_a_position_have_their_number_and_age() -> None:
    for seq in (1, 2):
        event = await OutboxEvent.create(
            aggregate="Order", aggregate_id=1, seq=seq, type="order.created", payload={}, created_at=now()
        )
    await OutboxEvent.filter(id=event.id).update(created_at=now() - HOUR)
    metrics = WorkerMetrics()
    await sample_database(metrics)
    assert told(metrics, "sluice_events_waiting") == 2
    assert 3_600 <= (told(metrics, "sluice_event_oldest_waiting_seconds") or 0) < 3_700


async def test_deltas_that_are_not_folded_have_their_number_and_age_and_a_fold_its_time() -> None:
    for _ in range(2):
        await make_order()
    await pool().execute("UPDATE order_count_delta SET written_at = now() - interval '1 hour' WHERE ctid = '(0,1)'")
    metrics, stopping = WorkerMetrics(), asyncio.Event()
    await sample_database(metrics)
    assert told(metrics, "sluice_count_deltas_waiting") == 2
    assert 3_600 <= (told(metrics, "sluice_count_delta_oldest_waiting_seconds") or 0) < 3_700
    assert told(metrics, "sluice_count_fold_timestamp_seconds") == 0
    began = time.time()
    folding = asyncio.create_task(fold_counters(stopping, metrics))
    while not told(metrics, "sluice_count_deltas_folded_total"):  # noqa: ASYNC110  # nobody tells
        await asyncio.sleep(0.01)
    stopping.set()
    await folding
    assert began <= (told(metrics, "sluice_count_fold_timestamp_seconds") or 0) <= time.time()
    assert told(metrics, "sluice_count_deltas_folded_total") == 2
    await sample_database(metrics)
    assert told(metrics, "sluice_count_deltas_waiting") == 0
    assert told(metrics, "sluice_count_delta_oldest_waiting_seconds") == 0


async def test_customers_that_wait_to_be_measured_or_for_their_orders_to_be_classified_have_number_and_age() -> None:
    lists = {"stale_tiers": "tier", "stale_customer": "customer"}
    for table in lists:
        await pool().execute(f"INSERT INTO {table} (customer_id) VALUES (1)")
        await pool().execute(f"INSERT INTO {table} (customer_id, written_at) VALUES (2, now() - interval '1 hour')")
    metrics = WorkerMetrics()
    await sample_database(metrics)
    for name in lists.values():
        assert told(metrics, f"sluice_{name}s_waiting") == 2
        assert 3_600 <= (told(metrics, f"sluice_{name}_oldest_waiting_seconds") or 0) < 3_700


async def test_reminders_and_letters_that_are_due_have_their_number_and_age() -> None:
    of = {"kind": "LEAD_LOST", "subject_kind": "Lead", "subject_id": 1, "recipient": await make_user(), "facts": {}}
    for hours in (2, 1, -1):
        moment = now() - hours * HOUR
        reminder = await Reminder.create(cause_at=moment, due_at=moment, **of)
        letter = {"reminder": reminder, "channel": "EMAIL", "fired_at": moment, "next_try_at": moment}
        await ReminderDelivery.create(state="PARKED" if hours == 2 else "WAITING", **letter)
    metrics = WorkerMetrics()
    await sample_database(metrics)
    assert told(metrics, "sluice_reminders_waiting") == 2
    assert 7_200 <= (told(metrics, "sluice_reminder_oldest_waiting_seconds") or 0) < 7_300
    assert (told(metrics, "sluice_letters_waiting"), told(metrics, "sluice_letters_parked")) == (1, 1)
    assert 3_600 <= (told(metrics, "sluice_letter_oldest_waiting_seconds") or 0) < 3_700


async def test_rows_that_should_be_gone_have_their_age_and_those_that_may_stay_have_none() -> None:
    user = await make_user()
    await Session.create(user=user, token_hash=b"", rotations=[], expires_at=now() - HOUR)
    metrics = WorkerMetrics()
    await sample_database(metrics)
    assert 3_600 <= (told(metrics, "sluice_overdue_seconds", rows="sessions") or 0) < 3_700
    assert told(metrics, "sluice_overdue_seconds", rows="files") == 0


async def test_a_queue_has_its_depth_and_the_age_of_its_first_wake_up(redis: ArqRedis) -> None:
    await JobQueue(redis).wake(JobName.RUN_JOB, 1)
    await redis.zadd(QueueName.LONG.value, {"old": (time.time() - 60) * 1000, "older, and under way": 0})
    await redis.set("arq:in-progress:older, and under way", "1")
    metrics = WorkerMetrics()
    await sample_queues(metrics, redis)
    assert told(metrics, "sluice_queue_depth", queue=QueueName.LONG) == 3
    assert 60 <= (told(metrics, "sluice_queue_lag_seconds", queue=QueueName.LONG) or 0) < 70
    assert told(metrics, "sluice_queue_lag_seconds", queue=QueueName.SHORT) == 0


async def measured_once(metrics: WorkerMetrics, redis: ArqRedis) -> None:
    stopping = asyncio.Event()
    measuring = asyncio.create_task(sample(metrics, redis, stopping, every=60))
    await asyncio.sleep(0)  # it begins, and ends what it has begun
    stopping.set()
    await asyncio.wait_for(measuring, 20)


async def test_it_is_told_when_the_last_measurement_was_made_and_an_outage_makes_none(redis: ArqRedis) -> None:
    metrics = WorkerMetrics()
    assert told(metrics, "sluice_sampled_timestamp_seconds") == 0
    began = time.time()
    await measured_once(metrics, redis)
    first = told(metrics, "sluice_sampled_timestamp_seconds")
    assert first is not None
    assert began <= first <= time.time()
    await make_job()
    away = connect_redis("redis://127.0.0.1:1")
    away.connection_pool.connection_kwargs["retry"] = None
    await measured_once(metrics, away)
    await away.aclose(close_connection_pool=True)
    assert told(metrics, "sluice_jobs", kind=JobKind.ORDER_IMPORT.value, state="QUEUED") == 1  # it tried
    assert told(metrics, "sluice_sampled_timestamp_seconds") == first
    await measured_once(metrics, redis)
    assert (told(metrics, "sluice_sampled_timestamp_seconds") or 0) > first


async def test_sweeps_have_their_times_and_failures() -> None:
    metrics = WorkerMetrics()

    async def fine(_context: dict[Any, Any]) -> None: ...

    async def wrong(_context: dict[Any, Any]) -> None:
        raise KeyError

    await metrics.timed(JobName.PURGE_FILES, fine)({})
    with pytest.raises(KeyError):
        await metrics.timed(JobName.PURGE_SESSIONS, wrong)({})
    assert told(metrics, "sluice_sweep_seconds_count", sweep="purge_files") == 1
    assert told(metrics, "sluice_sweep_failures_total", sweep="purge_sessions") == 1
    assert told(metrics, "sluice_sweep_seconds_count", sweep="purge_sessions") is None
