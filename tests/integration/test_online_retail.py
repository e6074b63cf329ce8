"""Half a year of a real retailer's invoices: every figure that was counted independently comes out.

Although the worker dies by `kill -9` in the middle of them, and Redis forgets: another one completes the import.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
import redis

from app.embedded import Servers
from domain.jobs import JobState
from models import Job, Order
from models.connection import pool
from services.imports.start_local import start_local_import
from tests.integration.importing import KEPT_FOR, PRESET, Ended, ended, everything, run_import
from tests.integration.online_retail import DATA, FILES
from tests.processes import kill
from tests.waiting import within
from workers.names import JobName
from workers.queue import open_queue

ROOT = Path(__file__).parents[2]
MEGABYTE = 1 << 20

pytestmark = [
    pytest.mark.skipif(not FILES, reason=f"the data set is not in {DATA}"),
    pytest.mark.usefixtures("imported"),
]


@dataclass(frozen=True)
class Imports:
    """The same files imported twice, and what the database held after each time."""

    orders_at_death: int
    peak_memory: int
    first: Ended
    then: dict[str, tuple[int, str]]
    second: Ended
    now: dict[str, tuple[int, str]]


@pytest.fixture(scope="module")
async def imported(module_database: str, servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Imports:
    home = tmp_path_factory.mktemp("import")
    job_id = await start_local_import(files=FILES, preset=PRESET, as_user=None, team=None, kept_for=KEPT_FOR)
    async with open_queue(servers.redis_url) as queue:
        await queue.wake(JobName.RUN_JOB, job_id)

    async def is_half_done() -> bool:
        return await Order.all().count() > 1_500

    async def is_over() -> bool:
        return (await Job.get(id=job_id)).finished_at is not None

    command = [sys.executable, "-m", "tests.import_worker", module_database, servers.redis_url, str(home)]
    with running(command):
        await within(120, is_half_done)
    orders_at_death = await Order.all().count()
    with redis.Redis.from_url(servers.redis_url) as client:
        client.flushall()
    with running(command) as second:
        await within(120, is_over)
        memory = peak_memory(psutil.Process(second.pid))
    first, then = await ended(job_id), await everything()
    return Imports(orders_at_death, memory, first, then, await run_import(home, *FILES), await everything())


@contextmanager
def running(command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that is killed in the end."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield process
    finally:
        kill(process)


def peak_memory(process: psutil.Process) -> int:
    """The most bytes that it had in memory; what it has now where that is not told."""
    memory = process.memory_info()
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return int(memory.rss)
    [peak] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak.split()[1]) * 1024


async def one(statement: str) -> tuple[object, ...]:
    """The only row that a statement gives."""
    [row] = await pool().fetch(statement)
    return tuple(row)


async def figures(order_type: str) -> tuple[object, ...]:
    """Orders, lines, total, orders without a customer, customers."""
    orders = await one(
        "SELECT count(*), sum(total), count(*) FILTER (WHERE customer_id IS NULL), count(DISTINCT customer_id)"
        f" FROM sales_order WHERE type = '{order_type}'"
    )
    lines = await one(
        f"SELECT count(*), sum(gross) FROM order_line JOIN sales_order o ON o.id = order_id WHERE type = '{order_type}'"
    )
    assert lines[1] == orders[1]
    return (orders[0], lines[0], *orders[1:])


def test_a_worker_died_in_the_middle_and_another_ended_it_in_little_memory(imported: Imports) -> None:
    assert 1_500 < imported.orders_at_death < 9_803
    assert (imported.first.job.state, imported.first.job.attempts) == (JobState.SUCCEEDED, 2)
    assert imported.peak_memory < 150 * MEGABYTE


async def test_sales() -> None:
    assert await figures("NEW") == (8_126, 203_954, Decimal("4064726.59"), 717, 2_718)
    assert await one("SELECT DISTINCT status FROM sales_order WHERE type = 'NEW'") == ("COMPLETED",)


async def test_returns() -> None:
    assert (await figures("RETURN"))[:3] == (1_677, 3_783, Decimal("-357898.95"))
    assert await one("SELECT DISTINCT status FROM sales_order WHERE type = 'RETURN'") == ("REFUNDED",)


async def test_customers() -> None:
    assert await one("SELECT count(*) FROM customer") == (2_767,)


async def test_products_by_their_codes_as_they_are_written() -> None:
    assert await one("SELECT count(*), count(DISTINCT lower(sku)) FROM product") == (3_400, 3_313)


async def test_regions() -> None:
    assert await one("SELECT count(*) FROM region") == (36,)
    assert await one("SELECT count(*) FROM region_closure WHERE ancestor_id = descendant_id AND depth = 0") == (36,)


async def test_the_prices_with_three_decimals_are_kept() -> None:
    assert await one("SELECT count(*) FROM order_line WHERE scale(unit_price) = 3") == (1,)


async def test_the_invoice_that_is_not_together_in_its_file() -> None:
    statement = """SELECT count(*), min(position), max(position), count(DISTINCT position)
        FROM order_line JOIN sales_order o ON o.id = order_id WHERE external_id = '542806'"""
    count, *positions = await one(statement)
    assert positions == [1, count, count]


async def test_times_are_those_of_london() -> None:
    statement = "SELECT min(placed_at)::text, max(placed_at)::text FROM sales_order"
    assert await one(statement) == ("2010-12-01 08:26:00+00", "2011-05-31 14:53:00+00")


async def test_each_order_has_its_history_and_its_event() -> None:
    assert await one("SELECT count(*), count(DISTINCT order_id) FROM order_status_change") == (9_803, 9_803)
    columns = "type, aggregate_id, seq"  # the workers gave some a position, and so moved them
    statement = f"""SELECT count(*), count(DISTINCT aggregate_id), max(seq)
        FROM (SELECT {columns} FROM outbox_event UNION ALL SELECT {columns} FROM event) e
        WHERE type = 'order.imported'"""
    assert await one(statement) == (9_803, 9_803, 1)


async def test_the_job_and_the_report_tell_of_each_refused_row(imported: Imports) -> None:
    job, report = imported.first.job, imported.first.report
    assert (job.total, job.done, job.failed) == (209_029, 209_029, 1_292)
    assert len(report) == 1_292
    assert len({(row[0], row[1]) for row in report}) == 1_292
    assert sum("Quantity" in row[3] for row in report) == 651
    assert sum("UnitPrice" in row[3] for row in report) == 1_292
    assert report[0] == ["2010-12.csv.gz", "624", "536414", "UnitPrice '0.0' must not be zero"]


async def test_the_second_time_changes_nothing(imported: Imports) -> None:
    assert imported.now == imported.then
    assert imported.second.report == imported.first.report
    assert imported.second.message == (
        "Orders made: 0; returns made: 0; there already: 9,803; lines not imported: 1,292."
    )
