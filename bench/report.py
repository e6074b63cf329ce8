"""The figures of a run as tables, and as a file."""

import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psutil
from rich.console import Console
from rich.table import Table

from bench.compare import Results
from bench.counters import Counted
from bench.home import results_folder
from bench.imports import Imported
from bench.targets import Verdict, verdicts


def show(results: Results, console: Console) -> None:
    """Print the figures and the verdicts."""
    if results.figures:
        console.print(_figures(results))
    if results.imports:
        console.print(_imports(results.imports))
    if results.counters:
        console.print(_counters(results.counters))
    found = verdicts(results)
    console.print(_verdicts(found))
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    console.print(f"{sum(verdict.good for verdict in found)} of {len(found)} met; load average {load}")
    console.print("CPU is the main figure: requests/s and latency also show what else this machine does.")


def write(results: Results, *, orders: int | None) -> Path:
    """Write everything to a file of this moment in the bench's home, and give its path."""
    now = datetime.now(UTC)
    content = {
        "at": now,
        "machine": {
            "system": platform.platform(),
            "cores": psutil.cpu_count(),
            "load": os.getloadavg(),
            "python": platform.python_version(),
        },
        "orders": orders,
        **asdict(results),
        "targets": [{**asdict(verdict), "met": verdict.good} for verdict in verdicts(results)],
    }
    file = results_folder() / f"{now:%Y%m%dT%H%M%S}.json"
    file.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    return file


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


def _imports(found: list[Imported]) -> Table:
    table = Table(title="import of order lines: durable PostgreSQL, one worker, CPU in seconds")
    for heading in (
        "times",
        "lines",
        "orders",
        "seconds",
        "lines/s",
        "Python CPU",
        "PostgreSQL CPU",
        "lines/CPU s",
        "peak MB",
    ):
        table.add_column(heading, justify="right")
    for one in found:
        table.add_row(
            *(str(one.copies), f"{one.lines:,}", f"{one.orders:,} in {one.tiers} tiers"),
            *(f"{one.seconds:.1f}", f"{one.rate:,.0f}"),
            *(f"{one.python_cpu:.1f}", f"{one.postgres_cpu:.1f}", f"{one.rate_a_core:,.0f}", f"{one.peak:.1f}"),
        )
    return table


def _counters(found: Counted) -> Table:
    table = Table(title="counts of orders: PostgreSQL's time with the way there and back, in ms")
    for heading in ("who, by what, deltas", "counters", "GROUP BY", "times"):
        table.add_column(heading, justify="left" if heading.startswith("who") else "right")
    for name, (counters, exact) in found.reads.items():
        table.add_row(name, f"{counters:.3f}", f"{exact:.2f}", f"{exact / counters:,.0f}")
    for name, ratio in found.writes.items():
        table.add_row(f"writes, {name}: with counting, times without", f"{ratio:.2f}", "", "")
    return table


def _verdicts(found: list[Verdict]) -> Table:
    table = Table(title="against the targets")
    for heading in ("what", "value", "target", ""):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for verdict in found:
        sign = ">=" if verdict.least else "<="
        outcome = "[green]met[/]" if verdict.good else "[red]missed[/]"
        table.add_row(verdict.what, f"{verdict.value:,.2f}", f"{sign} {verdict.target:,g}", outcome)
    return table
