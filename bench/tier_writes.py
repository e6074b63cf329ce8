"""What classification adds to a write: the same orders entered and changed with rules in force and without, in turns.

Counted is the CPU time of this process and of PostgreSQL, so that what else the machine does matters little.
"""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from zoneinfo import ZoneInfo

import psutil

from app.embedded import Servers
from bench.home import postgres_processes
from domain.orders.editing import OrderChanges
from domain.orders.entry import NewLine, NewOrder
from models.connection import pool
from rows.viewer import Viewer
from services.company import Company
from services.orders.create import create_order
from services.orders.update import update_order

ROUNDS, WRITES = 12, 40
_COMPANY = Company("GBP", ZoneInfo("UTC"))
_IN_FORCE = (
    "UPDATE tier_rule_set SET state = $2::text, sole = CASE WHEN $2::text = 'PUBLISHED' THEN true END WHERE id = $1"
)
_NEWEST = "SELECT id FROM tier_rule_set WHERE state = 'PUBLISHED'"
_CUSTOMERS = "SELECT id FROM customer ORDER BY hashint8(id) LIMIT $1"
_PRODUCTS = "SELECT id FROM product WHERE active AND price IS NOT NULL AND currency = 'GBP' ORDER BY id LIMIT 5"


async def added_to_writes(servers: Servers, viewer: Viewer) -> str:
    """By how much more CPU an order costs that is entered and then changed, as rules are in force; in words."""
    customers = [row["id"] for row in await pool().fetch(_CUSTOMERS, WRITES)]
    products = [row["id"] for row in await pool().fetch(_PRODUCTS)]
    await _write(viewer, customers[:5], products)
    plain, ruled = [], []
    rules: int = await pool().fetchval(_NEWEST)
    for _ in range(ROUNDS):
        await pool().execute(_IN_FORCE, rules, "RETIRED")
        plain.append(await _cpu(servers, viewer, customers, products))
        await pool().execute(_IN_FORCE, rules, "PUBLISHED")
        ruled.append(await _cpu(servers, viewer, customers, products))
    without, with_rules = statistics.median(plain), statistics.median(ruled)
    added = (with_rules / without - 1) * 100
    return f"{with_rules:.2f} ms CPU, {without:.2f} without rules: {added:+.0f} %"


async def _cpu(servers: Servers, viewer: Viewer, customers: list[int], products: list[int]) -> float:
    """Milliseconds of CPU for each write."""
    with _counted(servers) as spent:
        await _write(viewer, customers, products)
    return spent[0] / (2 * len(customers)) * 1000


@contextmanager
def _counted(servers: Servers) -> Iterator[list[float]]:
    """The seconds of CPU that are spent inside the block, when it has ended."""
    spent = [0.0]
    before = _seconds(servers)
    yield spent
    after = _seconds(servers)
    spent[0] = sum(seconds - before.get(process, 0.0) for process, seconds in after.items())


def _seconds(servers: Servers) -> dict[int, float]:
    processes = [psutil.Process(), *postgres_processes(servers)]
    return {each.pid: sum(each.cpu_times()[:2]) for each in processes}


async def _write(viewer: Viewer, customers: list[int], products: list[int]) -> None:
    """Enter an order for each customer, and change it."""
    for customer in customers:
        lines = [NewLine(product_id=product, quantity=Decimal(2)) for product in products]
        new = NewOrder(currency="GBP", customer_id=customer, lines=lines)
        number = await create_order(viewer=viewer, company=_COMPANY, order=new)
        changes = OrderChanges(notes="ring twice", discount=Decimal("1.00"))
        await update_order(viewer=viewer, company=_COMPANY, order_id=number, expected_version=1, changes=changes)
