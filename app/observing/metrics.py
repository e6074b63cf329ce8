"""What the API tells Prometheus."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from reads.cache import Cache, Uses
from telemetry.process import ProcessMetrics
from telemetry.tallies import SHORT, Counts, Tallies


class ApiMetrics(ProcessMetrics):
    """The metrics of an API process."""

    def __init__(self) -> None:
        super().__init__()
        self.operations = Tallies(
            self.registry,
            "sluice_operation_seconds",
            "Operations and events of subscriptions, without the time in which they wait for something to happen.",
            ["kind", "operation", "code"],
            SHORT,
        )
        self.requests = Counts(self.registry, "sluice_http_requests", "HTTP requests, by status.", ["status"])
        self.refusals = Counts(
            self.registry, "sluice_refusals", "Errors in payloads of mutations, failed logins among them.", ["code"]
        )
        self.points = Counts(self.registry, "sluice_points_spent", "Points that operations were charged.", ["kind"])
        self.points_refused = Counts(self.registry, "sluice_points_refused", "Points that callers did not have.")
        self.turned_away = Counts(
            self.registry, "sluice_operations_turned_away", "Operations that found the process and the line full."
        )
        self._under_way = Gauge("sluice_operations_running", "Operations under way.", registry=self.registry)
        self._in_line = Gauge("sluice_operations_waiting", "Operations that stand in line.", registry=self.registry)
        self._open = Gauge("sluice_connections", "WebSockets and event streams.", ["kind"], registry=self.registry)
        self.caches = Caches(self.registry)

    def watch_gate(self, running: Callable[[], int], waiting: Callable[[], int]) -> None:
        """Tell how full the gate is."""
        self._under_way.set_function(running)
        self._in_line.set_function(waiting)

    def watch_connections(self, kind: str, count: Callable[[], int]) -> None:
        """Tell how many connections of a kind stay open."""
        self._open.labels(kind).set_function(count)


class Caches(Collector):
    """Tells of the caches in `watched`, by name: their uses, and how many entries there are."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.watched: Mapping[str, tuple[Uses, Callable[[], int] | None]] = {}
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """What the registry asks for."""
        lookups = CounterMetricFamily("sluice_cache_lookups", "Lookups in caches.", labels=["cache", "result"])
        evictions = CounterMetricFamily("sluice_cache_evictions", "Entries that made room.", labels=["cache"])
        entries = GaugeMetricFamily("sluice_cache_entries", "Entries of caches.", labels=["cache"])
        for name, (uses, size) in self.watched.items():
            lookups.add_metric([name, "hit"], uses.hits)
            lookups.add_metric([name, "miss"], uses.misses)
            evictions.add_metric([name], uses.evictions)
            if size:
                entries.add_metric([name], size())
        yield from (lookups, evictions, entries)


def uses_of(cache: Cache) -> tuple[Uses, Callable[[], int] | None]:  # type: ignore[type-arg]  # of whatever
    """A cache, as `Caches` watches it."""
    return cache.uses, cache.__len__
