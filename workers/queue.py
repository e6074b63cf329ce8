"""The queues in Redis, behind a small interface: arq wakes workers, PostgreSQL holds the work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from arq import ArqRedis
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from telemetry.observed import traceparent
from workers import wire
from workers.names import QUEUE_OF, JobName

REDIS_FAULTS = (RedisError, OSError, TimeoutError)

_RESPONSE_WITHIN = 5.0
_WAKE_WITHIN = 2.0
# A wake-up that waits longer than this in a backlog is dropped by arq, and made again by a sweep.
_KEPT = timedelta(days=7)

_log = structlog.get_logger(__name__)


class JobQueue:
    """Wakes workers. `redis` comes from `connect_redis`."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis

    async def wake(self, job: JobName, job_id: int) -> None:
        """Ask some worker to run `job` for the row `job_id`, which is committed already.

        Never raises for want of Redis: a sweep finds the row later. A second wake-up does no harm. With traces, it
        says which operation asks.
        """
        trace = traceparent()
        told: dict[str, Any] = {"trace": trace} if trace else {}
        try:
            async with asyncio.timeout(_WAKE_WITHIN):
                await self._redis.enqueue_job(job.value, job_id, _queue_name=QUEUE_OF[job].value, **told)
        except REDIS_FAULTS as error:
            _log.warning("wake-up lost", job=job.value, id=job_id, error=type(error).__name__)

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose(close_connection_pool=True)


@asynccontextmanager
async def open_queue(redis_url: str) -> AsyncIterator[JobQueue]:
    """The queues at `redis_url`, for the length of the block; nothing is sent before the first wake-up."""
    queue = JobQueue(connect_redis(redis_url))
    try:
        yield queue
    finally:
        await queue.close()


def connect_redis(url: str) -> ArqRedis:
    """Redis at `url` (redis://, rediss:// or unix://), through a pool that outlives a restart of it.

    arq's own pool has no timeout, so a frozen Redis would hang it, and gives up at the first lost connection.
    """
    options = {} if urlsplit(url).scheme == "unix" else {"socket_keepalive": True}
    pool = ConnectionPool.from_url(
        url,
        socket_timeout=_RESPONSE_WITHIN,
        socket_connect_timeout=_RESPONSE_WITHIN,
        health_check_interval=15,
        retry=Retry(ExponentialBackoff(cap=2, base=0.1), 10),
        retry_on_error=[RedisConnectionError, RedisTimeoutError, OSError],
        **options,
    )
    return ArqRedis(
        pool,
        job_serializer=wire.encode,
        job_deserializer=wire.decode,
        expires_extra_ms=int(_KEPT.total_seconds() * 1000),
    )
