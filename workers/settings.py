"""What the workers want to know: the process's settings, and times that tests shorten."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo


class WorkerSettings(Protocol):
    """The part of the process's settings that concerns workers."""

    @property
    def database_url(self) -> str: ...
    @property
    def database_pool_size(self) -> int: ...
    @property
    def database_timeout(self) -> float: ...
    @property
    def redis_url(self) -> str: ...
    @property
    def company_currency(self) -> str: ...
    @property
    def company_zone(self) -> ZoneInfo: ...
    @property
    def company_country(self) -> str | None: ...
    @property
    def sluice_home(self) -> Path: ...
    @property
    def worker_concurrency(self) -> int: ...
    @property
    def event_retention_days(self) -> int: ...
    @property
    def files_kept_days(self) -> int: ...
    @property
    def complete_after_days(self) -> int: ...
    @property
    def rfm_days(self) -> int: ...
    @property
    def smtp_url(self) -> str | None: ...
    @property
    def mail_sender(self) -> str | None: ...
    @property
    def metrics_host(self) -> str: ...
    @property
    def metrics_port(self) -> int | None: ...
    @property
    def otel_exporter_otlp_endpoint(self) -> str | None: ...


@dataclass(frozen=True, kw_only=True)
class Timings:
    """How soon what was forgotten is found.

    A job that shows no sign of life for `lease` is taken from its worker; sweeps look every `sweep_seconds`. A worker
    that is told to stop lets its jobs run on for `drain`. Queues and lag are measured every `sample_seconds`. A letter
    of which nothing was heard for `mail_lease` is sent again.
    """

    lease: timedelta = timedelta(seconds=30)
    sweep_seconds: int = 15
    drain: timedelta = timedelta(seconds=10)
    sample_seconds: float = 15.0
    mail_lease: timedelta = timedelta(minutes=2)
