"""Half a year of a real retailer's invoices: every figure that was counted independently comes out."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from models.connection import pool
from tests.integration.importing import Ended, everything, run_import
from tests.integration.online_retail import DATA, FILES

pytestmark = [
    pytest.mark.skipif(not FILES, reason=f"the data set is not in {DATA}"),
    pytest.mark.usefixtures("imported"),
]


@dataclass(frozen=True)
class Imports:
    """The same files imported twice, and what the database held after each time."""

    first: Ended
    then: dict[str, tuple[int, str]]
    second: Ended
    now: dict[str, tuple[int, str]]


@pytest.fixture(scope="module")
async def imported(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Imports:  # noqa: ARG001  # connected
    home = tmp_path_factory.mktemp("import")
    first = await run_import(home, *FILES)
    then = await everything()
    second = await run_import(home, *FILES)
    return Imports(first, then, second, await everything())


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
    statement = """SELECT count(*), count(DISTINCT aggregate_id), max(seq)
        FROM outbox_event WHERE type = 'order.imported'"""
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
