"""The targets, and how a run's figures stand to them. Those that a run cannot tell of are left out."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.compare import Results
from bench.contenders import POSTGRAPHILE, TRUSTED
from bench.imports import COPIES
from bench.measure import Measured
from bench.workloads import KINDS, LATER_PAGE

LISTS = (
    *(f"list, {kind}" for kind in KINDS),
    "filtered list, admin",
    *(f"relay list, {kind}" for kind in KINDS),
    *(f"relay page {page}, {kind}" for kind, page in LATER_PAGE.items()),
)
_ONES = (("sluice", "naive", 12), ("sluice", POSTGRAPHILE, 1.3), (TRUSTED, "naive", 30), (TRUSTED, POSTGRAPHILE, 3))


@dataclass(frozen=True)
class Verdict:
    """A figure and its target; `least` tells whether it should be at least or at most that."""

    what: str
    value: float
    target: float
    least: bool

    @property
    def good(self) -> bool:
        """Whether the target is met."""
        return self.value >= self.target if self.least else self.value <= self.target


def verdicts(results: Results) -> list[Verdict]:
    """Every target that this run can tell of."""
    return [
        *_lists(results),
        *_ones(results),
        *_pages(results),
        *_imports(results),
        *_counters(results),
        *_memory(results),
    ]


def _lists(results: Results) -> Iterator[Verdict]:
    for name in LISTS:
        figures = results.figures.get(name, {})
        contenders = ("sluice", "naive", "hand-written", POSTGRAPHILE)
        sluice, naive, limit, postgraphile = (figures.get(contender) for contender in contenders)
        if sluice and limit:
            yield Verdict(f"{name}: server CPU, times hand-written", sluice.server_cpu / limit.server_cpu, 2, False)
        if sluice and naive:
            yield Verdict(f"{name}: server CPU, times less than naive", naive.server_cpu / sluice.server_cpu, 40, True)
            yield Verdict(
                f"{name}: PostgreSQL CPU, times less than naive", naive.postgres_cpu / sluice.postgres_cpu, 80, True
            )
        if sluice and postgraphile:
            ratio = postgraphile.server_cpu / sluice.server_cpu
            yield Verdict(f"{name}: server CPU, times less than PostGraphile", ratio, 5, True)


def _ones(results: Results) -> Iterator[Verdict]:
    for kind in KINDS:
        figures = results.figures.get(f"one, {kind}", {})
        for ours, other, least in _ONES:
            if ours in figures and other in figures:
                ratio = figures[ours].rate / figures[other].rate
                yield Verdict(f"one, {kind}: requests/s of {ours}, times {other}", ratio, least, True)


def _pages(results: Results) -> Iterator[Verdict]:
    for kind in KINDS:
        small, large = (results.figures.get(f"page of {first}, {kind}", {}).get("sluice") for first in (50, 250))
        if small and large:
            ratio = _cpu(large) / _cpu(small)
            yield Verdict(f"page of 250, {kind}: all CPU, times that of 50 (5 is linear)", ratio, 5.25, False)
        for first in (10, 50, 250):
            counted = results.statements.get(f"page of {first}, {kind}", {}).get("sluice")
            if counted is not None:
                yield Verdict(f"page of {first}, {kind}: statements", counted, 1, False)


def _imports(results: Results) -> Iterator[Verdict]:
    by_copies = {found.copies: found for found in results.imports}
    for copies, found in by_copies.items():
        yield Verdict(f"import, {copies}x: lines a second of CPU", found.rate_a_core, 20_000, True)
    if set(COPIES) <= set(by_copies):
        once, often = (by_copies[copies].peak for copies in (min(COPIES), max(COPIES)))
        yield Verdict(f"import: worker's peak memory at {max(COPIES)}x, times that at 1x", often / once, 1.1, False)


def _counters(results: Results) -> Iterator[Verdict]:
    found = results.counters
    if found is None:
        return
    yield Verdict("counts: mismatches with GROUP BY", found.mismatches, 0, False)
    for name, (counters, exact) in found.reads.items():
        # Hundreds of regions are thousands of rows; and levels are the customers', whom not everybody sees.
        if "by region" in name or ("level" in name and not name.startswith("admin")):
            continue
        yield Verdict(f"counts, {name}: ms", counters, 0.5, False)
        if not name.startswith("rep") and ", 0 pending" in name:
            yield Verdict(f"counts, {name}: times faster than GROUP BY", exact / counters, 300, True)
    for name, ratio in found.writes.items():
        yield Verdict(f"writes counted, {name}: times uncounted", ratio, 0.85 if "hot" in name else 0.9, True)


def _memory(results: Results) -> Iterator[Verdict]:
    if "sluice" in results.at_rest:
        yield Verdict("memory at rest, MB", results.at_rest["sluice"], 100, False)
    if "sluice" in results.under_lists:
        yield Verdict("memory under lists, MB", results.under_lists["sluice"], 150, False)


def _cpu(measured: Measured) -> float:
    return measured.server_cpu + measured.postgres_cpu
