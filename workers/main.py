"""The worker process."""

import asyncio
import signal
from collections.abc import Coroutine, Mapping, Sequence
from datetime import timedelta
from typing import Any

import asyncpg
from arq import ArqRedis

from connectors.mail.address import parse_smtp_url
from domain.jobs import JobKind
from domain.reminders import ReminderChannel
from models.connection import connect, disconnect, pool
from services.company import Company
from telemetry.serving import served
from workers.context import JobRunner
from workers.counters import fold_counters
from workers.customers import measure_customers
from workers.folder import work_folder
from workers.jobs import RUNNERS
from workers.leads import give_what_waits, measure_members, watch_leads
from workers.long_jobs import LongJobs
from workers.metrics import WorkerMetrics
from workers.polling import HOPELESS_AFTER, QueueWorker
from workers.queue import JobQueue, connect_redis
from workers.queues import long_worker, short_worker
from workers.readiness import database_fits, redis_answers
from workers.reminders import find_reminders, remind, send_letters
from workers.sampling import sample
from workers.sequencer import give_positions
from workers.settings import Timings, WorkerSettings
from workers.sweeps import Sweeps, schedule
from workers.tiers import classify_orders, end_overrides
from workers.traces import JobTraces

_DEFAULT_TIMINGS = Timings()


async def run(
    settings: WorkerSettings,
    *,
    runners: Mapping[JobKind, JobRunner] = RUNNERS,
    timings: Timings = _DEFAULT_TIMINGS,
) -> None:
    """Work until SIGTERM or SIGINT; then let running jobs end or hand them back, and return.

    Waits for the database to have this code's tables. Raises TimeoutError, or what redis raises, when Redis is out of
    reach for so long that only a new start may help.
    """
    await database_fits(settings.database_url)
    redis = connect_redis(settings.redis_url)
    metrics, traces = WorkerMetrics(), JobTraces(settings.otel_exporter_otlp_endpoint)

    async def listen(connection: asyncpg.Connection) -> None:
        await metrics.listen(connection)
        await traces.listen(connection)

    await connect(
        settings.database_url,
        max_size=settings.database_pool_size,
        command_timeout=settings.database_timeout,
        init=listen,
    )
    metrics.watch_pool("commands", pool())
    try:
        await redis_answers(redis, within=HOPELESS_AFTER)
        # Until here nothing ran that a signal could have harmed.
        stopping = _set_by_signals()
        workers = _workers(settings, redis, runners, timings, stopping, metrics, traces)
        async with served(metrics, host=settings.metrics_host, port=settings.metrics_port):
            also = [
                give_positions(stopping, metrics),
                fold_counters(stopping, metrics),
                classify_orders(stopping),
                end_overrides(stopping),
                watch_leads(stopping, metrics),
                give_what_waits(stopping),
                measure_members(stopping),
                measure_customers(stopping, _company(settings), days=settings.rfm_days),
            ]
            also += _reminding(settings, stopping, metrics, timings)
            if settings.metrics_port:
                also.append(sample(metrics, redis, stopping, every=timings.sample_seconds))
            await _work(workers, also, timings, stopping)
    finally:
        await redis.aclose(close_connection_pool=True)
        await disconnect()
        await traces.close()


def _reminding(
    settings: WorkerSettings, stopping: asyncio.Event, metrics: WorkerMetrics, timings: Timings
) -> list[Coroutine[Any, Any, None]]:
    company = _company(settings)
    if settings.smtp_url is None or settings.mail_sender is None:
        return [find_reminders(stopping, company), remind(stopping, metrics, channels=())]
    from connectors.mail.smtp import SmtpMailer  # some MB, for who sends letters

    mailer = SmtpMailer(parse_smtp_url(settings.smtp_url), settings.mail_sender)
    return [
        find_reminders(stopping, company),
        remind(stopping, metrics, channels=(ReminderChannel.EMAIL,)),
        send_letters(stopping, metrics, mailer, lease=timings.mail_lease),
    ]


def _workers(
    settings: WorkerSettings,
    redis: ArqRedis,
    runners: Mapping[JobKind, JobRunner],
    timings: Timings,
    stopping: asyncio.Event,
    metrics: WorkerMetrics,
    traces: JobTraces,
) -> list[QueueWorker]:
    long_jobs = LongJobs(
        runners=runners,
        company=_company(settings),
        home=work_folder(settings.sluice_home),
        kept_for=timedelta(days=settings.files_kept_days),
        lease=timings.lease,
        stopping=stopping,
        metrics=metrics,
        traces=traces,
    )
    sweeps = Sweeps(
        queue=JobQueue(redis),
        lease=timings.lease,
        events_kept=timedelta(days=settings.event_retention_days),
        files_kept_for=timedelta(days=settings.files_kept_days),
        completed_after=timedelta(days=settings.complete_after_days) if settings.complete_after_days else None,
        metrics=metrics,
    )
    return [
        long_worker(redis, long_jobs),
        short_worker(redis, schedule(sweeps, sweep_seconds=timings.sweep_seconds), slots=settings.worker_concurrency),
    ]


def _company(settings: WorkerSettings) -> Company:
    return Company(currency=settings.company_currency, zone=settings.company_zone, country=settings.company_country)


async def _work(
    workers: Sequence[QueueWorker],
    also: Sequence[Coroutine[Any, Any, None]],
    timings: Timings,
    stopping: asyncio.Event,
) -> None:
    """Poll, and do `also` these, until `stopping` is set or one of them cannot go on. Raises what ended it."""
    polling = [asyncio.create_task(worker.async_run()) for worker in workers]
    polling += [asyncio.create_task(work) for work in also]
    told_to_stop = asyncio.create_task(stopping.wait())
    await asyncio.wait([told_to_stop, *polling], return_when=asyncio.FIRST_COMPLETED)
    stopping.set()
    await asyncio.gather(*(worker.drain(timings.drain) for worker in workers))
    for ending in await asyncio.gather(*polling, return_exceptions=True):
        if isinstance(ending, Exception):
            raise ending


def _set_by_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stopping.set)
    return stopping
