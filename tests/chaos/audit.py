"""Comparing what clients were told with what is in the database: nothing lost, nothing doubled, nothing half."""

from collections import defaultdict
from decimal import Decimal

import asyncpg

from tests.chaos.ledger import Ledger
from tests.chaos.writers import MARK

ORDERS = "SELECT id, customer_name AS key, version, last_seq, notes, total FROM sales_order WHERE customer_name LIKE $1"
CUSTOMERS = "SELECT id, name AS key, version, last_seq FROM customer WHERE name LIKE $1"
LINES = """
SELECT order_id, count(*) AS lines, sum(gross) AS gross, array_agg(position ORDER BY position) AS positions
FROM order_line JOIN sales_order o ON o.id = order_id WHERE customer_name LIKE $1 GROUP BY order_id
"""
CONTACTS = """
SELECT customer_id, count(*) AS contacts FROM customer_contact JOIN customer c ON c.id = customer_id
WHERE c.name LIKE $1 GROUP BY customer_id
"""
HISTORY = """
SELECT order_id, array_agg(to_status) AS statuses
FROM order_status_change JOIN sales_order o ON o.id = order_id WHERE customer_name LIKE $1 GROUP BY order_id
"""
EVENTS = """
SELECT seq, type, (payload->>'version')::int AS version FROM (
    SELECT aggregate, aggregate_id, seq, type, payload FROM outbox_event
    UNION ALL SELECT aggregate, aggregate_id, seq, type, payload FROM event
) event WHERE aggregate = $1 AND aggregate_id = $2 ORDER BY seq
"""
KEYS = "SELECT key, outcome->>'id' AS id, outcome IS NULL AS open FROM idempotency_key WHERE key LIKE $1"


async def audit(database_url: str, ledger: Ledger) -> None:
    """Fails if the database does not say exactly what the clients were told."""
    connection = await asyncpg.connect(database_url)
    try:
        await _audit_orders(connection, ledger)
        await _audit_customers(connection, ledger)
        await _audit_keys(connection, ledger)
        assert await connection.fetchval("SELECT count(*) FROM pg_prepared_xacts") == 0
    finally:
        await connection.close()


async def _audit_orders(connection: asyncpg.Connection, ledger: Ledger) -> None:
    orders = await connection.fetch(ORDERS, f"{MARK}%")
    acknowledged = {key: int(order.id.removeprefix("ord_")) for key, order in ledger.orders.items()}
    assert sorted((order["key"], order["id"]) for order in orders) == sorted(acknowledged.items()), (
        "each is there, once"
    )
    lines = {row["order_id"]: row for row in await connection.fetch(LINES, f"{MARK}%")}
    history = {row["order_id"]: row["statuses"] for row in await connection.fetch(HISTORY, f"{MARK}%")}
    changes: dict[int, dict[int, str]] = defaultdict(dict)
    for update in ledger.updates:
        versions = changes[int(update.id.removeprefix("ord_"))]
        assert update.before not in versions, "two changes of one version were acknowledged"
        versions[update.before] = update.key
    for order in orders:
        told = ledger.orders[order["key"]]
        assert lines[order["id"]]["positions"] == list(range(1, len(told.input["lines"]) + 1))
        assert lines[order["id"]]["gross"] == order["total"] == Decimal(str(told.total))
        assert history[order["id"]] == ["DRAFT"], "one row of history for the creation"
        made = changes[order["id"]]
        assert sorted(made) == list(range(1, order["version"])), "a change was lost, or made unasked"
        assert order["notes"] == made.get(order["version"] - 1, "new"), "the newest change is what is there"
        await _audit_events(connection, "order", order)


async def _audit_customers(connection: asyncpg.Connection, ledger: Ledger) -> None:
    customers = await connection.fetch(CUSTOMERS, f"{MARK}%")
    acknowledged = {key: int(customer.id.removeprefix("cus_")) for key, customer in ledger.customers.items()}
    there = sorted((customer["key"], customer["id"]) for customer in customers)
    assert there == sorted(acknowledged.items()), "each is there, once"
    contacts = {row["customer_id"]: row["contacts"] for row in await connection.fetch(CONTACTS, f"{MARK}%")}
    for customer in customers:
        assert contacts[customer["id"]] == 1
        await _audit_events(connection, "customer", customer)


async def _audit_events(connection: asyncpg.Connection, aggregate: str, row: asyncpg.Record) -> None:
    """An event for each version, numbered without gaps."""
    events = [tuple(event) for event in await connection.fetch(EVENTS, aggregate, row["id"])]
    types = [f"{aggregate}.created"] + [f"{aggregate}.updated"] * (row["version"] - 1)
    assert events == [(number, type_, number) for number, type_ in enumerate(types, start=1)]
    assert row["last_seq"] == len(events)


async def _audit_keys(connection: asyncpg.Connection, ledger: Ledger) -> None:
    keys = await connection.fetch(KEYS, f"{MARK}%")
    assert not [row["key"] for row in keys if row["open"]], "an outcome was never stored"
    found = {row["key"]: row["id"] for row in keys if row["id"] is not None}
    created = {key: row.id for key, row in (ledger.orders | ledger.customers).items()}
    changed = {update.key: update.id for update in ledger.updates}
    assert found == {key: id_.partition("_")[2] for key, id_ in (created | changed).items()}
