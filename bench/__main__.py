"""`python -m bench`: all measurements, or one part of them."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import orjson
import typer
from rich.console import Console

from bench import report
from bench.compare import run
from bench.contenders import COMMANDS
from bench.data import ORDERS, prepare_database
from bench.home import bench_servers, pin_to_rest, results_folder
from bench.plans import explain_all

Orders = Annotated[int, typer.Option(help="How many orders the company has.")]

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@cli.callback(invoke_without_command=True)
def compare(
    context: typer.Context,
    orders: Orders = ORDERS,
    rounds: Annotated[int, typer.Option(help="How often each measurement is repeated.")] = 5,
    seconds: Annotated[float, typer.Option(help="How long each measurement takes.")] = 1.0,
    contenders: Annotated[str, typer.Option(help="Which ones, by comma.")] = ",".join(COMMANDS),
) -> None:
    """Lists, single orders, pages and memory beside a naive and a hand-written server."""
    if context.invoked_subcommand:
        return
    console = Console(width=150)
    with bench_servers() as servers:
        database = asyncio.run(prepare_database(servers, orders))
        pin_to_rest(servers)
        results = run(servers, database, names=contenders.split(","), rounds=rounds, seconds=seconds)
    report.show(results, console)
    file = results_folder() / f"{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    file.write_bytes(orjson.dumps({"orders": orders, **asdict(results)}, option=orjson.OPT_INDENT_2))
    console.print(f"written to {file}")


@cli.command()
def data(orders: Orders = ORDERS) -> None:
    """Make the company, if it is not there."""
    with bench_servers() as servers:
        print(asyncio.run(prepare_database(servers, orders)))


@cli.command()
def plans(orders: Orders = ORDERS) -> None:
    """EXPLAIN (ANALYZE, BUFFERS) of every statement, written to a file, and how long each ran."""
    with bench_servers() as servers:
        database = asyncio.run(prepare_database(servers, orders))
        pin_to_rest(servers)
        found = asyncio.run(explain_all(servers, database))
    file = results_folder() / "plans.txt"
    file.write_text("\n\n".join(f"{name} (planned {one.mode})\n{one.sql}\n{one.plan}" for name, one in found.items()))
    for name, one in found.items():
        print(f"{name:24} planned {one.mode:15} {one.milliseconds:8.3f} ms")
    print(f"written to {file}")


if __name__ == "__main__":
    cli()
