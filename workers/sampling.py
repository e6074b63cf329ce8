"""What waits in PostgreSQL and Redis, looked at now and then, however often somebody asks for metrics."""

import asyncio
import time

from arq import ArqRedis
from arq.constants import in_progress_key_prefix

from models.connection import pool
from services.backlog import (
    due_letters,
    due_reminders,
    parked_letters,
    pending_deltas,
    sequencer_lag,
    stale_entries,
    unmeasured_customers,
)
from services.jobs.waiting import overdue_rows, waiting_jobs
from workers.metrics import WorkerMetrics
from workers.names import QueueName
from workers.repeating import repeat

MOST_UNDER_WAY = 200
"""Wake-ups of a queue that are looked at."""


async def sample(metrics: WorkerMetrics, redis: ArqRedis, stopping: asyncio.Event, *, every: float) -> None:
    """Measure every so many seconds until `stopping` is set. While something is out of reach, figures stay old."""

    async def measure(_paused: float) -> float:
        await sample_database(metrics)
        await sample_queues(metrics, redis)
        metrics.sampled_at.set_to_current_time()
        return every

    await repeat(measure, stopping, failed="nothing measured")


async def sample_database(metrics: WorkerMetrics) -> None:
    """Jobs, events without a position, deltas, orders to classify, customers to measure, reminders, rows too old."""
    jobs = await waiting_jobs(pool())
    metrics.open_jobs.clear()
    for kind, state, count in jobs.counts:
        metrics.open_jobs.labels(kind, state).set(count)
    metrics.oldest_job.set(jobs.oldest.total_seconds())
    lag = await sequencer_lag()
    metrics.unsequenced.set(lag.waiting)
    metrics.oldest_event.set(lag.oldest.total_seconds())
    pending = await pending_deltas(pool())
    metrics.deltas.set(pending.waiting)
    metrics.oldest_delta.set(pending.oldest.total_seconds())
    stale = await stale_entries(pool())
    metrics.stale_tiers.set(stale.waiting)
    metrics.oldest_stale_tier.set(stale.oldest.total_seconds())
    unmeasured = await unmeasured_customers(pool())
    metrics.unmeasured.set(unmeasured.waiting)
    metrics.oldest_unmeasured.set(unmeasured.oldest.total_seconds())
    reminders = await due_reminders(pool())
    metrics.due_reminders.set(reminders.waiting)
    metrics.oldest_reminder.set(reminders.oldest.total_seconds())
    letters = await due_letters(pool())
    metrics.waiting_letters.set(letters.waiting)
    metrics.oldest_letter.set(letters.oldest.total_seconds())
    metrics.parked_letters.set(await parked_letters(pool()))
    for rows, age in (await overdue_rows(pool())).items():
        metrics.overdue.labels(rows).set(age.total_seconds())


async def sample_queues(metrics: WorkerMetrics, redis: ArqRedis) -> None:
    """The queues in Redis: how much is in each, and since when it should have begun."""
    for queue in QueueName:
        metrics.queue_depth.labels(queue).set(await redis.zcard(queue.value))
        metrics.queue_lag.labels(queue).set(await _lag(redis, queue))


async def _lag(redis: ArqRedis, queue: QueueName) -> float:
    """Seconds since the first wake-up was due that nobody works on; arq keeps those under way in the queue as well."""
    first = await redis.zrange(queue.value, 0, MOST_UNDER_WAY, withscores=True)
    taken = await redis.mget([in_progress_key_prefix + name.decode() for name, _ in first]) if first else []
    due = [milliseconds / 1000 for (_, milliseconds), by in zip(first, taken, strict=True) if by is None]
    return max(0.0, time.time() - due[0]) if due else 0.0
