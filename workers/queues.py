"""How each queue is worked: its functions, its slots and its limits."""

from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Any, cast

from arq import ArqRedis, func
from arq.cron import CronJob
from arq.typing import WorkerCoroutine

from workers import wire
from workers.long_jobs import LongJobs
from workers.names import QUEUE_OF, JobName, QueueName
from workers.polling import QueueWorker

# Long jobs read and parse files: more of them at a time would only wait for one another's processor.
_LONG_JOBS_AT_A_TIME = 2
# A job that needs longer is handed back, and goes on in another turn.
_LONGEST_TURN = timedelta(hours=1)
# It counts the turns of one wake-up; how often a job may be begun is for PostgreSQL to say.
_WAKE_TRIES = 1000


def long_worker(redis: ArqRedis, jobs: LongJobs) -> QueueWorker:
    """The worker that runs `jobs`."""
    run_job = func(
        cast(WorkerCoroutine, jobs.run_job), name=JobName.RUN_JOB.value, timeout=_LONGEST_TURN, max_tries=_WAKE_TRIES
    )
    return _worker(redis, QUEUE_OF[JobName.RUN_JOB], functions=[run_job], max_jobs=_LONG_JOBS_AT_A_TIME)


def short_worker(redis: ArqRedis, sweeps: Sequence[CronJob], *, slots: int) -> QueueWorker:
    """The worker that makes `sweeps`, `slots` at a time."""
    return _worker(redis, QUEUE_OF[JobName.WAKE_FORGOTTEN_JOBS], cron_jobs=sweeps, max_jobs=slots)


def _worker(redis: ArqRedis, queue: QueueName, **options: Any) -> QueueWorker:
    return QueueWorker(
        queue_name=queue.value,
        redis_pool=redis,
        job_serializer=wire.encode,
        job_deserializer=wire.decode,
        handle_signals=False,  # two workers live in this process, which handles them for both
        keep_result=0,  # a result that is kept refuses the next job of that id
        job_timeout=20,
        # Jobs that run stay in the queue, as do those of killed workers: a reader that sees no further starves.
        queue_read_limit=1000,
        health_check_interval=15,
        timezone=UTC,
        log_results=False,
        **options,
    )
