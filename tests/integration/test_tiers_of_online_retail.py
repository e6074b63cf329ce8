"""Orders of a real retailer come into the tiers that plain Python gives them: a tenth of its customers, half a year."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from domain.customers import CustomerLevel
from domain.people import Role
from models import Tier
from models.connection import pool
from services.tiers.stale import classify_stale
from tests.factories import make_channel, make_customer, make_team, make_user
from tests.integration.importing import HEADER, PRESET, Row, run_import, write_rows
from tests.integration.online_retail import DATA, FILES
from tests.integration.test_tiers import publish

pytestmark = pytest.mark.skipif(not FILES, reason=f"the data set is not in {DATA}")

STRATEGIC = {"or": [{"baseTotal": {"gte": "5000"}}, {"customer": {"level": {"eq": "KEY_ACCOUNT"}}}]}
KEY = {"or": [{"baseTotal": {"gte": "1000"}}, {"frequency": {"days": 90, "gte": 10}}]}
RULES = {"strategic": STRATEGIC, "key": KEY, "tail": {"baseTotal": {"lt": "50"}}, "standard": {}}
KEY_ACCOUNTS = {"14646.0", "14156.0", "12346.0", "17850.0"}
Figures = dict[str, tuple[int, Decimal]]


class Sold(NamedTuple):
    """An order, as rules look at it."""

    customer: str | None
    placed_at: datetime
    total: Decimal
    type: str


def sample() -> Iterator[Row]:
    """The rows of a tenth of the customers, of the key accounts, and of a tenth of invoices without one."""
    for path in FILES:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
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
async def test_tiers_of_a_real_retailer_are_those_of_plain_python(tmp_path: Path) -> None:
    for rank, code in enumerate(("strategic", "key", "standard", "tail")):
        await Tier.create(code=code, labels={"en": code}, rank=rank)
    await publish(await make_user(Role.ADMIN, team=await make_team()), RULES)
    channel = await make_channel(PRESET.channel.code)
    for number in sorted(KEY_ACCOUNTS):
        await make_customer(channel=channel, external_id=number.removesuffix(".0"), level=CustomerLevel.KEY_ACCOUNT)
    await run_import(tmp_path, write_rows(tmp_path / "sample.csv", sample(), header=HEADER))
    while await classify_stale():
        pass
    rows = await pool().fetch(
        "SELECT c.external_id || '.0' AS customer, placed_at, base_total AS total, type"
        " FROM sales_order o LEFT JOIN customer c ON c.id = customer_id"
    )
    found = await pool().fetch(
        "SELECT t.code, count(*), sum(base_total) FROM sales_order o JOIN tier t ON t.id = tier_id GROUP BY 1"
    )
    figures = {code: (count, amount) for code, count, amount in found}
    assert len(rows) > 900
    assert set(figures) == set(RULES)
    assert figures == in_plain_python([Sold(*row) for row in rows])
