"""The figures of a run against the targets."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.compare import Results
from bench.measure import Measured

KINDS = ("rep", "manager", "admin")
LISTS = [*(f"list, {kind}" for kind in KINDS), "filtered list, admin", *(f"relay list, {kind}" for kind in KINDS)]


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
    return [*_ratios(results), *_pages(results), *_memory(results)]


def _ratios(results: Results) -> Iterator[Verdict]:
    for name in LISTS:
        figures = results.figures.get(name, {})
        sluice, naive, limit = (figures.get(contender) for contender in ("sluice", "naive", "hand-written"))
        if sluice and limit:
            yield Verdict(f"{name}: server CPU, times hand-written", sluice.server_cpu / limit.server_cpu, 2, False)
        if sluice and naive:
            yield Verdict(f"{name}: server CPU, times less than naive", naive.server_cpu / sluice.server_cpu, 40, True)
            yield Verdict(
                f"{name}: PostgreSQL CPU, times less than naive", naive.postgres_cpu / sluice.postgres_cpu, 80, True
            )
    for kind in KINDS:
        figures = results.figures.get(f"one, {kind}", {})
        if "sluice" in figures and "naive" in figures:
            yield Verdict(
                f"one, {kind}: requests/s, times naive", figures["sluice"].rate / figures["naive"].rate, 12, True
            )


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


def _memory(results: Results) -> Iterator[Verdict]:
    if "sluice" in results.at_rest:
        yield Verdict("memory at rest, MB", results.at_rest["sluice"], 100, False)
    if "sluice" in results.under_lists:
        yield Verdict("memory under lists, MB", results.under_lists["sluice"], 150, False)


def _cpu(measured: Measured) -> float:
    return measured.server_cpu + measured.postgres_cpu


def show(results: Results, console: Console) -> None:
    """Print the figures and the verdicts."""
    console.print(_figures(results))
    console.print(_verdicts(verdicts(results)))
    console.print("CPU is the main figure: requests/s and latency also show what else this machine does.")


def _figures(results: Results) -> Table:
    table = Table(title="medians; CPU in ms a request, latency in ms")
    for heading in ("workload", "contender", "server CPU", "PostgreSQL CPU", "req/s", "p50", "p99", "kB", "statements"):
        table.add_column(heading, justify="left" if heading in {"workload", "contender"} else "right")
    for workload, by_contender in results.figures.items():
        for contender, m in by_contender.items():
            statements = results.statements.get(workload, {}).get(contender)
            table.add_row(
                *(workload, contender, f"{m.server_cpu:.3f}", f"{m.postgres_cpu:.3f}", f"{m.rate:,.0f}"),
                *(
                    f"{m.p50:.2f}",
                    f"{m.p99:.2f}",
                    f"{m.bytes / 1000:.1f}",
                    "" if statements is None else f"{statements:g}",
                ),
            )
        table.add_section()
    return table


def _verdicts(found: list[Verdict]) -> Table:
    table = Table(title="against the targets")
    for heading in ("what", "value", "target", ""):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for verdict in found:
        sign = ">=" if verdict.least else "<="
        outcome = "[green]met[/]" if verdict.good else "[red]missed[/]"
        table.add_row(verdict.what, f"{verdict.value:.2f}", f"{sign} {verdict.target:g}", outcome)
    return table
