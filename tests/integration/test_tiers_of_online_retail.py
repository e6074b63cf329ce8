"""Orders of a real retailer come into the tiers that plain Python gives them.

`make test` takes a tenth of its customers, `make retail` all of them.
"""

import csv
import gzip
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from asyncpg import Record

from domain.customers import CustomerLevel
from domain.people import Role
from models import Tier, User
from models.connection import pool
from reads.pools import ReadPools
from reads.tiers import Move, preview_rules
from services.tiers.classify import classify_again
from services.tiers.edit import edit_draft
from services.tiers.publish import publish_rules
from services.tiers.reclassify import reclassify_orders
from services.tiers.stale import classify_stale
from services.transaction import transaction
from tests.factories import make_channel, make_customer, make_team, make_user
from tests.integration.importing import HEADER, PRESET, Row, run_import, write_rows
from tests.integration.online_retail import DATA, FILES
from tests.integration.test_tiers import no_progress, publish, rules_of
from tests.integration.writes import viewing

pytestmark = pytest.mark.skipif(not FILES, reason=f"the data set is not in {DATA}")
ALL = pytest.mark.retail

STRATEGIC = {"or": [{"baseTotal": {"gte": "5000"}}, {"customer": {"level": {"eq": "KEY_ACCOUNT"}}}]}
KEY = {"or": [{"baseTotal": {"gte": "1000"}}, {"frequency": {"days": 90, "gte": 10}}]}
RULES = {"strategic": STRATEGIC, "key": KEY, "tail": {"baseTotal": {"lt": "50"}}, "standard": {}}
KEY_ACCOUNTS = {"14646.0", "14156.0", "12346.0", "17850.0"}
OTHER_RULES = {
    "strategic": {"baseTotal": {"gte": "1000"}},
    "key": {"frequency": {"days": 30, "gte": 3}},
    "standard": {"baseTotal": {"gte": "100"}},
}
Figures = dict[str, tuple[int, Decimal]]
Moves = dict[tuple[int | None, int | None], tuple[int, Decimal]]


class Sold(NamedTuple):
    """An order, as rules look at it."""

    customer: str | None
    placed_at: datetime
    total: Decimal
    type: str


def everything() -> Iterator[Row]:
    """All rows of the files."""
    for path in FILES:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def sample() -> Iterator[Row]:
    """The rows of a tenth of the customers, of the key accounts, and of a tenth of invoices without one."""
    for row in everything():
        customer = row["CustomerID"]
        nobodys = not customer and row["InvoiceNo"].endswith("0")
        if customer in KEY_ACCOUNTS or customer.endswith("0.0") or nobodys:
            yield row


def in_plain_python(orders: list[Sold]) -> Figures:
    """How many orders of which amount each tier should have."""
    of_customer = defaultdict(list)
    for order in orders:
        if order.customer and order.type != "RETURN":
            of_customer[order.customer].append(order.placed_at)

    def tier(order: Sold) -> str:
        if order.total >= 5000 or order.customer in KEY_ACCOUNTS:
            return "strategic"
        since = order.placed_at - timedelta(days=90)
        often = order.customer and sum(since < at <= order.placed_at for at in of_customer[order.customer]) >= 10
        if order.total >= 1000 or often:
            return "key"
        return "tail" if order.total < 50 else "standard"

    counts: Counter[str] = Counter()
    amounts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for order in orders:
        counts[tier(order)] += 1
        amounts[tier(order)] += order.total
    return {code: (counts[code], amounts[code]) for code in counts}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("rows", [pytest.param(sample, id="a tenth"), pytest.param(everything, id="all", marks=ALL)])
async def test_tiers_of_a_real_retailer_are_those_of_plain_python_and_of_the_preview(
    tmp_path: Path,
    database_read_url: str,
    database_read_generic_url: str,
    rows: Callable[[], Iterator[Row]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    began = time.monotonic()
    for rank, code in enumerate(("strategic", "key", "standard", "tail")):
        await Tier.create(code=code, labels={"en": code}, rank=rank)
    ada = await make_user(Role.ADMIN, team=await make_team())
    await publish(ada, RULES)
    channel = await make_channel(PRESET.channel.code)
    for number in sorted(KEY_ACCOUNTS):
        await make_customer(channel=channel, external_id=number.removesuffix(".0"), level=CustomerLevel.KEY_ACCOUNT)
    await run_import(tmp_path, write_rows(tmp_path / "orders.csv", rows(), header=HEADER))
    while await classify_stale():
        pass
    sold = await pool().fetch(
        "SELECT c.external_id || '.0' AS customer, placed_at, base_total AS total, type"
        " FROM sales_order o LEFT JOIN customer c ON c.id = customer_id"
    )
    found = await pool().fetch(
        "SELECT t.code, count(*), sum(base_total) FROM sales_order o JOIN tier t ON t.id = tier_id GROUP BY 1"
    )
    figures = {code: (count, amount) for code, count, amount in found}
    assert len(sold) > 900
    assert set(figures) == set(RULES)
    assert figures == in_plain_python([Sold(*row) for row in sold])
    await pool().execute("UPDATE sales_order SET status = 'PICKING' WHERE type = 'NEW' AND id % 3 > 0")
    reads = await ReadPools.connect(database_read_url, database_read_generic_url, size=1, generic_size=1)
    await what_the_preview_tells_comes_about(ada, reads)
    await reads.close()
    if rows is everything:
        told = ", ".join(f"{code} {count} of {amount}" for code, (count, amount) in sorted(figures.items()))
        with capsys.disabled():
            print(f"\n{len(sold)} orders in {time.monotonic() - began:.0f} s: {told}")  # noqa: T201  # the figures


async def what_the_preview_tells_comes_about(ada: User, reads: ReadPools) -> None:
    """Of orders that are open, and of a past period, in which some are over."""
    draft = await edit_draft(viewer=await viewing(ada), rules=await rules_of(OTHER_RULES), expected_version=None)
    begin, end = (datetime.fromisoformat(f"2011-0{month}-01T00:00Z") for month in (2, 4))
    of_open = figures_of(await preview_rules(reads, draft, None, None, digits=2))
    of_period = figures_of(await preview_rules(reads, draft, begin, end, digits=2))
    before = await tiers_of_orders()
    await publish_rules(viewer=await viewing(ada), rule_set_id=draft, expected_version=1)
    await reclassify_orders(progress=no_progress)
    assert of_open == moved(before, await tiers_of_orders(), lambda row: row["status"] == "PICKING")
    async with transaction() as client:
        await classify_again(client, list(before))
    assert of_period == moved(before, await tiers_of_orders(), lambda row: begin <= row["placed_at"] < end)
    assert min(len(of_open), len(of_period)) > len(RULES)


def figures_of(moves: list[Move]) -> Moves:
    return {(move.from_tier, move.to_tier): (move.orders, Decimal(move.amount)) for move in moves}


async def tiers_of_orders() -> dict[int, Record]:
    rows = await pool().fetch("SELECT id, tier_id, base_total, placed_at, status FROM sales_order")
    return {row["id"]: row for row in rows}


def moved(before: dict[int, Record], after: dict[int, Record], which: Callable[[Record], bool]) -> Moves:
    """How many orders of which amount came from which tier to which."""
    found: Moves = {}
    for number, row in before.items():
        if which(row):
            tiers = (row["tier_id"], after[number]["tier_id"])
            count, amount = found.get(tiers, (0, Decimal(0)))
            found[tiers] = (count + 1, amount + row["base_total"])
    return found
