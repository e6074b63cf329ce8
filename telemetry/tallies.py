"""Counts and latencies that cost a request next to nothing: plain numbers of one event loop, read when somebody asks.

The client library's own counters lock twice for each number, since threads may share them; here none do.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Bounds in seconds for what people wait for."""
LONG = (0.1, 1.0, 10.0, 60.0, 600.0, 3600.0)
"""Bounds in seconds for what runs behind their backs."""


class Tally:
    """How often something took how long."""

    __slots__ = ("_bounds", "_counts", "_seconds")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._seconds = 0.0

    def add(self, seconds: float) -> None:
        """Once more, and it took `seconds`."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._seconds += seconds

    def buckets(self) -> tuple[list[tuple[str, float]], float]:
        """As Prometheus has it: for each bound how often it took no longer, and the seconds of all together."""
        counts, seconds, sofar = list(self._counts), self._seconds, 0
        found: list[tuple[str, float]] = []
        for bound, count in zip([*map(str, self._bounds), "+Inf"], counts, strict=True):
            sofar += count
            found.append((bound, sofar))
        return found, seconds


class Tallies(Collector):
    """A histogram: a tally for each combination of values of its `labels`, which the caller keeps few."""

    def __init__(
        self, registry: CollectorRegistry, name: str, meaning: str, labels: Sequence[str], bounds: Sequence[float]
    ) -> None:
        self._name, self._meaning, self._labels, self._bounds = name, meaning, labels, bounds
        self._tallies: dict[tuple[str, ...], Tally] = {}
        registry.register(self)

    def of(self, *values: str) -> Tally:
        """The tally of these values of the labels."""
        return self._tallies.get(values) or self._tallies.setdefault(values, Tally(self._bounds))

    def collect(self) -> Iterator[Metric]:
        """What the registry asks for."""
        family = HistogramMetricFamily(self._name, self._meaning, labels=self._labels)
        for values, tally in list(self._tallies.items()):
            buckets, seconds = tally.buckets()
            family.add_metric(values, buckets, seconds)
        yield family


class Counts(Collector):
    """A counter for each combination of values of its `labels`, which the caller keeps few."""

    def __init__(self, registry: CollectorRegistry, name: str, meaning: str, labels: Sequence[str] = ()) -> None:
        self._name, self._meaning, self._labels = name, meaning, labels
        self._counts: dict[tuple[str, ...], float] = {} if labels else {(): 0}
        registry.register(self)

    def add(self, *values: str, amount: float = 1) -> None:
        """So many more with these values of the labels."""
        self._counts[values] = self._counts.get(values, 0) + amount

    def collect(self) -> Iterator[Metric]:
        """What the registry asks for."""
        family = CounterMetricFamily(self._name, self._meaning, labels=self._labels)
        for values, count in list(self._counts.items()):
            family.add_metric(values, count)
        yield family
