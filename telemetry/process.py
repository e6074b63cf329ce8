"""What every process of Sluice tells of itself."""

import asyncio
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Protocol

from prometheus_client import CollectorRegistry, Gauge, Info, ProcessCollector

from telemetry.tallies import SHORT, Tallies

SECONDS_BETWEEN_TURNS = 1.0


class Pool(Protocol):
    """Of asyncpg's pool, what is told of it."""

    def get_size(self) -> int: ...
    def get_idle_size(self) -> int: ...
    def get_max_size(self) -> int: ...


class ProcessMetrics:
    """The metrics of one process, in a registry of its own. Names and meanings are in docs/operations.md."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        build = Info("sluice_build", "The version that runs, and its Python.", registry=self.registry)
        build.info({"version": version("sluice"), "python": platform.python_version()})
        self.statements = Tallies(
            self.registry, "sluice_statement_seconds", "Statements of PostgreSQL, by pool.", ["pool"], SHORT
        )
        self._delays = Tallies(
            self.registry, "sluice_loop_delay_seconds", "How late the event loop turns, once a second.", [], SHORT
        )
        self._connections = self._gauge("sluice_pool_connections", "Open connections.", "pool", "state")
        self._most = self._gauge("sluice_pool_limit", "Connections that a pool may open.", "pool")
        self._waiting = self._gauge("sluice_pool_waiting", "Statements that wait for a connection.", "pool")

    def watch_pool(self, name: str, pool: Pool, waiting: Callable[[], int] | None = None) -> None:
        """Tell of this pool whenever somebody asks; `waiting` counts who waits for one of its connections."""
        self._connections.labels(name, "idle").set_function(pool.get_idle_size)
        self._connections.labels(name, "used").set_function(lambda: pool.get_size() - pool.get_idle_size())
        self._most.labels(name).set(pool.get_max_size())
        if waiting:
            self._waiting.labels(name).set_function(waiting)

    async def watch_loop(self) -> None:
        """Note how late the loop turns, until cancelled."""
        delays = self._delays.of()
        while True:
            due = time.perf_counter() + SECONDS_BETWEEN_TURNS
            await asyncio.sleep(SECONDS_BETWEEN_TURNS)
            delays.add(max(0.0, time.perf_counter() - due))

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)
