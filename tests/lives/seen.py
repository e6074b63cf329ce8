"""What the database holds, as the model has it; and whether what is kept beside rows agrees with them."""

import json
from datetime import datetime, timedelta
from typing import Any

from models.connection import pool
from services.counting.rebuild import differences
from services.payments.verify import payment_differences
from services.stock.verify import stock_differences
from tests.lives.company import Company
from tests.lives.sums import Row, number

_ORDERS = """
SELECT json_build_object(
    'id', o.id, 'version', o.version, 'type', o.type, 'status', o.status, 'owner', o.owner_id, 'team', o.team_id,
    'reviewer', o.reviewed_by_id, 'customer', o.customer_id, 'original', o.original_order_id, 'split', o.split_from_id,
    'currency', o.currency, 'included', o.tax_included, 'discount', o.discount::text, 'net', o.net_total::text,
    'tax', o.tax_total::text, 'total', o.total::text, 'base', o.base_total::text, 'urgency', o.urgency,
    'notes', o.notes, 'tags', o.tags, 'expected', o.expected_on, 'delivered', o.delivered_at IS NOT NULL,
    'rule', o.tier_rule_id, 'tier', o.tier_id, 'priority', o.priority, 'placed', o.placed_at, 'respond', o.respond_by,
    'minutes', o.response_minutes,
    'pauses', (SELECT coalesce(json_agg(json_build_array(starts_at, ends_at) ORDER BY id), '[]') FROM deadline_pause
               WHERE subject_kind = 'ORDER' AND subject_id = o.id),
    'asked', (SELECT coalesce(json_agg(json_build_array(at, gone) ORDER BY id), '[]') FROM (
                  SELECT *, lead(at) OVER (ORDER BY id) AS gone FROM order_status_change WHERE order_id = o.id) step
              WHERE to_status = 'NEEDS_INFO'),
    'last_seq', o.last_seq,
    'override', (SELECT json_build_object('tier', tier_id, 'holds', ended_at IS NULL) FROM order_tier_override
                 WHERE id = o.tier_override_id),
    'overrides', (SELECT count(*) FROM order_tier_override WHERE order_id = o.id),
    'shared', (SELECT coalesce(json_agg(user_id ORDER BY id), '[]') FROM order_share WHERE order_id = o.id),
    'findings', (SELECT coalesce(json_agg(kind ORDER BY kind), '[]') FROM order_finding WHERE order_id = o.id),
    'lines', (SELECT coalesce(json_agg(json_build_object(
        'id', id, 'kind', kind, 'product', product_id, 'quantity', quantity::text, 'price', unit_price::text,
        'discount', discount::text, 'rate', tax_rate::text, 'net', net::text, 'tax', tax::text)
        ORDER BY position, id), '[]') FROM order_line WHERE order_id = o.id),
    'history', (SELECT coalesce(json_agg(json_build_array(from_status, to_status, by_id, reason) ORDER BY id), '[]')
                FROM order_status_change WHERE order_id = o.id),
    'owners', (SELECT coalesce(json_agg(json_build_array(from_owner_id, from_team_id, to_owner_id, to_team_id, by_id)
               ORDER BY id), '[]') FROM order_owner_change WHERE order_id = o.id),
    'payments', (SELECT coalesce(json_agg(json_build_object(
        'id', id, 'kind', kind, 'amount', amount::text, 'method', method, 'reference', reference,
        'reverses', reverses_id) ORDER BY id), '[]') FROM payment WHERE order_id = o.id),
    'shipments', (SELECT coalesce(json_agg(json_build_object(
        'id', s.id, 'version', s.version, 'delivered', s.delivered_at IS NOT NULL, 'carrier', s.carrier,
        'trackingNumber', s.tracking_number, 'lines', (
            SELECT coalesce(json_object_agg(order_line_id, quantity::text), '{}') FROM shipment_line
            WHERE shipment_id = s.id)) ORDER BY s.id), '[]') FROM shipment s WHERE s.order_id = o.id),
    'events', (SELECT json_agg(json_build_array(e.seq, e.type, e.after_status) ORDER BY e.seq) FROM outbox_event e
               WHERE e.aggregate = 'order' AND e.aggregate_id = o.id))
FROM sales_order o ORDER BY o.id
"""
_LEVELS = "SELECT warehouse_id, product_id, on_hand::text, reserved::text FROM stock_level ORDER BY id"
_RESERVED = """
SELECT order_id, order_line_id, warehouse_id, product_id, sum(reserved_change)::text AS many FROM stock_movement
WHERE order_id IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING sum(reserved_change) <> 0
"""
_RETURNED = (
    "SELECT order_line_id, sum(on_hand_change)::text AS many FROM stock_movement WHERE kind = 'RETURN' GROUP BY 1"
)
_TABLES = (
    *("sales_order", "order_line", "order_status_change", "order_owner_change", "order_tier_override", "order_finding"),
    *("payment", "shipment", "shipment_line", "stock_level", "stock_movement", "outbox_event", "audit_entry"),
    *("stale_tiers", "order_count_delta", "customer", "order_share"),
)
_DIGEST = " UNION ALL ".join(
    f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t" for table in _TABLES
)
_AMOUNTS = {"discount", "net", "tax", "total", "base", "quantity", "price", "rate", "amount"}
_NAMED = {"owner": "user", "reviewer": "user", "team": "team", "customer": "customer", "tier": "tier"}
_NAMED |= {"rule": "rule", "product": "product"}


async def look(company: Company) -> Row:
    """All orders, stock and money, by names where the company has them."""
    orders = [_named(company, json.loads(row[0])) for row in await pool().fetch(_ORDERS)]
    levels = await pool().fetch(_LEVELS)
    places = [_place(company, row) for row in levels]
    reserved = await pool().fetch(_RESERVED)
    return {
        "orders": {order["id"]: order for order in orders},
        "stock": {
            place: (number(row["on_hand"]), number(row["reserved"])) for place, row in zip(places, levels, strict=True)
        },
        "reserved": {
            (row["order_id"], row["order_line_id"], _place(company, row)): number(row["many"]) for row in reserved
        },
        "returned": {row["order_line_id"]: number(row["many"]) for row in await pool().fetch(_RETURNED)},
    }


def _place(company: Company, row: Any) -> tuple[str, str]:
    return company.names["warehouse", row["warehouse_id"]], company.names["product", row["product_id"]]


def _named(company: Company, row: Row) -> Row:
    """The row with fractions for amounts and names for numbers; its events must be without gaps, and end as it does."""
    for name, value in row.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            row[name] = [_named(company, each) for each in value]
        elif isinstance(value, dict):
            row[name] = _named(company, value) if "tier" in value else {int(n): number(v) for n, v in value.items()}
        elif name in _AMOUNTS:
            row[name] = number(value)
        elif name in _NAMED:
            row[name] = company.name(_NAMED[name], value)
        elif name in {"placed", "respond"}:
            row[name] = value and datetime.fromisoformat(value)
    if "history" in row:
        pauses = [[at and datetime.fromisoformat(at) for at in each] for each in row.pop("pauses")]
        asked = [[at and datetime.fromisoformat(at) for at in each] for each in row.pop("asked")]
        assert asked == pauses[-len(asked) :] if asked else row["split"] or not pauses, "pauses are others"
        assert row.pop("respond") == _due(row["placed"], row["minutes"], pauses), "the deadline is another"
        row["shared"] = [company.name("user", each) for each in row["shared"]]
        row["history"] = [[*each[:2], company.name("user", each[2]), each[3]] for each in row["history"]]
        row["owners"] = [
            [company.name(kind, each) for kind, each in zip(("user", "team") * 2 + ("user",), change, strict=True)]
            for change in row["owners"]
        ]
        seqs, types, statuses = zip(*row["events"], strict=True)
        assert seqs == tuple(range(1, row.pop("last_seq") + 1)), "events have gaps, or last_seq is another"
        assert statuses[-1] == row["status"], "the last event tells of another status"
        row["events"] = list(types)
    return row


def _due(placed: datetime, minutes: int | None, pauses: list[list[datetime]]) -> datetime | None:
    """When so many minutes have passed that are in no pause; None while one runs that began before."""
    if minutes is None:
        return None
    at, left = placed, timedelta(minutes=minutes)
    for begin, end in pauses:
        if begin - at >= left:
            break
        if end is None:
            return None
        left, at = left - (begin - at), end
    return at + left


async def digest() -> list[tuple[Any, ...]]:
    """What changes whenever any row of these tables does."""
    return [tuple(row) for row in await pool().fetch(_DIGEST)]


async def check_ledgers() -> None:
    """Balances are what ledgers add up to, and counters what the orders do."""
    assert await stock_differences(pool()) == []
    assert await payment_differences(pool()) == []
    async with pool().acquire() as connection:
        assert await differences(connection) == []
