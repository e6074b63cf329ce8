"""What a worker tells Prometheus."""

import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import wraps
from typing import Any, cast

import asyncpg
from arq.typing import WorkerCoroutine
from asyncpg.connection import LoggedQuery
from prometheus_client import Gauge

from telemetry.process import ProcessMetrics
from telemetry.tallies import LONG, Counts, Tallies
from workers.names import JobName


class JobEnd(StrEnum):
    """How a job left a worker: INTERRUPTED goes on elsewhere, REFUSED is told to who started it, FAULT is ours."""

    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    FAULT = "fault"
    INTERRUPTED = "interrupted"


class WorkerMetrics(ProcessMetrics):
    """The metrics of a worker. What it finds in PostgreSQL and Redis is the same for all workers: take the maximum."""

    def __init__(self) -> None:
        super().__init__()
        registry = self.registry
        self.jobs = Tallies(registry, "sluice_job_seconds", "Jobs that left this worker.", ["kind", "end"], LONG)
        self.sweeps = Tallies(registry, "sluice_sweep_seconds", "Sweeps that were made.", ["sweep"], LONG)
        self.failures = Counts(registry, "sluice_sweep_failures", "Sweeps that failed.", ["sweep"])
        self.positioned = Counts(registry, "sluice_events_positioned", "Events that were given their positions.")
        self.folded = Counts(registry, "sluice_count_deltas_folded", "Deltas of counts that this worker folded.")
        self.folded_at = Gauge(
            "sluice_count_fold_timestamp_seconds", "When this worker folded last.", registry=registry
        )
        self.breaches = Counts(
            registry, "sluice_lead_deadlines_settled", "Missed deadlines of leads that this worker settled."
        )
        self.reminded = Counts(registry, "sluice_reminders_fired", "Reminders that this worker fired.")
        self.letters = Counts(registry, "sluice_letters", "Letters that this worker tried to send.", ["end"])
        self.queue_depth = self._gauge("sluice_queue_depth", "Wake-ups in Redis.", "queue")
        self.queue_lag = self._gauge(
            "sluice_queue_lag_seconds", "How long the first wake-up is due that nobody works on.", "queue"
        )
        self.open_jobs = self._gauge("sluice_jobs", "Jobs that are queued or running.", "kind", "state")
        self.oldest_job = Gauge(
            "sluice_job_oldest_queued_seconds",
            "How long the oldest job has waited that nobody has begun.",
            registry=registry,
        )
        self.unsequenced = Gauge("sluice_events_waiting", "Events without a position.", registry=registry)
        self.oldest_event = Gauge(
            "sluice_event_oldest_waiting_seconds", "How long the oldest of them has waited.", registry=registry
        )
        self.deltas = Gauge("sluice_count_deltas_waiting", "Deltas of counts that are not folded.", registry=registry)
        self.oldest_delta = Gauge(
            "sluice_count_delta_oldest_waiting_seconds", "How long the oldest of them has waited.", registry=registry
        )
        self.stale_tiers = Gauge(
            "sluice_tiers_waiting", "Customers whose orders wait to be classified again.", registry=registry
        )
        self.oldest_stale_tier = Gauge(
            "sluice_tier_oldest_waiting_seconds", "How long the oldest of them has waited.", registry=registry
        )
        self.unmeasured = Gauge(
            "sluice_customers_waiting",
            "Customers whose recency, frequency and value wait to be told.",
            registry=registry,
        )
        self.oldest_unmeasured = Gauge(
            "sluice_customer_oldest_waiting_seconds", "How long the oldest of them has waited.", registry=registry
        )
        self.due_reminders = Gauge(
            "sluice_reminders_waiting", "Reminders that are due and have not fired.", registry=registry
        )
        self.oldest_reminder = Gauge(
            "sluice_reminder_oldest_waiting_seconds", "How long the oldest of them has waited.", registry=registry
        )
        self.waiting_letters = Gauge(
            "sluice_letters_waiting", "Letters that are due and have not been sent.", registry=registry
        )
        self.oldest_letter = Gauge(
            "sluice_letter_oldest_waiting_seconds", "How long the oldest of them has waited.", registry=registry
        )
        self.parked_letters = Gauge("sluice_letters_parked", "Letters that were given up.", registry=registry)
        self.overdue = self._gauge("sluice_overdue_seconds", "How long the oldest row should have been gone.", "rows")
        self.sampled_at = Gauge(
            "sluice_sampled_timestamp_seconds", "When queues and lag were measured last.", registry=registry
        )

    def timed(self, name: JobName, sweep: Callable[[dict[Any, Any]], Awaitable[None]]) -> WorkerCoroutine:
        """The sweep, as arq takes it, with its seconds and failures noted."""

        @wraps(sweep)
        async def noted(context: dict[Any, Any]) -> None:
            began = time.monotonic()
            try:
                await sweep(context)
            except BaseException:
                self.failures.add(name)
                raise
            self.sweeps.of(name).add(time.monotonic() - began)

        return cast(WorkerCoroutine, noted)

    async def listen(self, connection: asyncpg.Connection) -> None:
        """Be told of the statements of a connection."""
        tally = self.statements.of("commands")

        def note(query: LoggedQuery) -> None:
            tally.add(query.elapsed)

        connection.add_query_logger(note)
