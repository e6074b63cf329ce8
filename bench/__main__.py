"""`python -m bench`: all measurements, or one part of them."""

import asyncio

import click
from rich.console import Console

from bench import report
from bench.claims import measure_claims
from bench.compare import Results, run
from bench.contenders import COMMANDS
from bench.counters import measure_counters
from bench.data import ORDERS, prepare_database
from bench.home import bench_servers, pin_to_rest, results_folder
from bench.imports import Imported, run_imports
from bench.limits import measure_limits
from bench.plans import explain_all
from bench.retailer import DATA, retailer_files
from bench.search import search_all
from bench.tiers import measure_tiers

ROUNDS, SECONDS, NAMES = 3, 1.0, ",".join(COMMANDS)

of_orders = click.option("--orders", default=ORDERS, show_default=True, help="How many orders the company has.")
for_seconds = click.option("--seconds", default=SECONDS, show_default=True, help="How long each measurement takes.")


@click.group(invoke_without_command=True)
@click.pass_context
def cli(context: click.Context) -> None:
    """Imports, and the comparison of servers; or one part of that."""
    if context.invoked_subcommand:
        return
    # First: the comparison keeps this process and its children to some cores.
    imports = _imports()
    results = _compare(ORDERS, ROUNDS, SECONDS, NAMES)
    results.imports = imports
    _conclude(results, ORDERS)


@cli.command()
@of_orders
@click.option("--rounds", default=ROUNDS, show_default=True, help="How often each measurement is repeated.")
@for_seconds
@click.option("--contenders", default=NAMES, show_default=True, help="Which servers, by comma.")
def compare(orders: int, rounds: int, seconds: float, contenders: str) -> None:
    """Lists, single orders, pages and memory beside a naive and a hand-written server."""
    _conclude(_compare(orders, rounds, seconds, contenders), orders)


@cli.command("import")
def only_imports() -> None:
    """Import a real retailer's orders, if they are there."""
    if imports := _imports():
        _conclude(Results(imports=imports), None)


@cli.command()
@of_orders
def data(orders: int) -> None:
    """Make the company, if it is not there."""
    with bench_servers() as servers:
        print(asyncio.run(prepare_database(servers, orders)))


@cli.command()
@of_orders
def plans(orders: int) -> None:
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


@cli.command()
@of_orders
@for_seconds
def counters(orders: int, seconds: float) -> None:
    """Counts by counters beside GROUP BY, for viewers of each kind, and what counting costs writers."""
    with bench_servers() as servers:
        database = asyncio.run(prepare_database(servers, orders))
        found = asyncio.run(measure_counters(servers, database, seconds=seconds))
    _conclude(Results(counters=found), orders)


@cli.command()
@of_orders
def search(orders: int) -> None:
    """How long searches take, by viewers of each kind; their plans are written to a file."""
    with bench_servers() as servers:
        database = asyncio.run(prepare_database(servers, orders))
        pin_to_rest(servers)
        found = asyncio.run(search_all(servers, database))
    file = results_folder() / "searches.txt"
    file.write_text("\n\n".join(f"{name}\n{one.plan.sql}\n{one.plan.plan}" for name, one in found.items()))
    for name, one in found.items():
        print(f"{name:44} {one.found:3} found {one.milliseconds:8.1f} ms")
    print(f"written to {file}")


@cli.command()
@of_orders
def tiers(orders: int) -> None:
    """What tier rules cost beside a write, over all open orders and in previews, and how long work queues take."""
    with bench_servers() as servers:
        database = asyncio.run(prepare_database(servers, orders))
        for name, figure in asyncio.run(measure_tiers(servers, database)).items():
            print(f"{name:80} {figure}")


@cli.command()
@of_orders
def limits(orders: int) -> None:
    """What accounts and the gate add to a request."""
    with bench_servers() as servers:
        database = asyncio.run(prepare_database(servers, orders))
        pin_to_rest(servers)
        for name, figure in asyncio.run(measure_limits(servers, database)).items():
            print(f"{name:20} {figure}")


@cli.command()
@for_seconds
def claims(seconds: float) -> None:
    """Claims of distinct leads beside a naive server with the same rules, and pgbench with the same locks."""
    with bench_servers() as servers:
        found = asyncio.run(measure_claims(servers, seconds=seconds))
    for name, rates in found.rates.items():
        print(f"{name:8} {' '.join(f'{rate:8.0f}' for rate in rates)} claims a second")
    print(
        f"sluice is {found.ratio('sluice', 'naive'):.1f} times naive, {found.ratio('sluice', 'pgbench'):.2f} of pgbench"
    )
    print(f"{found.wrong} leads are not as one claim leaves them")


def _compare(orders: int, rounds: int, seconds: float, contenders: str) -> Results:
    with bench_servers() as servers:
        database = asyncio.run(prepare_database(servers, orders))
        pin_to_rest(servers)
        return run(servers, database, names=contenders.split(","), rounds=rounds, seconds=seconds)


def _imports() -> list[Imported]:
    if not retailer_files():
        print(f"  imports are skipped: the data set is not in {DATA}")
        return []
    return run_imports()


def _conclude(results: Results, orders: int | None) -> None:
    console = Console(width=150)
    report.show(results, console)
    console.print(f"written to {report.write(results, orders=orders)}")


if __name__ == "__main__":
    cli()
