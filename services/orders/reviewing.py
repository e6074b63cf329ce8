"""An order that is handed in is checked: a clean one may go on at once, others wait for a person with findings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import asyncpg

from domain.audit import AuditAction
from domain.errors import Refused
from domain.money import exact
from domain.numbers import NOTHING
from domain.orders.amounts import LineTerms, line_amount
from domain.orders.life_cycle import LineKind, OrderStatus
from domain.orders.review import (
    SEVERITIES,
    BeyondPaid,
    Finding,
    Reviewed,
    ReviewedLine,
    ReviewPolicy,
    change_findings,
    change_problem,
    findings_of,
    return_findings,
)
from domain.permissions import Action, may_with
from models import Order, OrderFinding
from models.connection import TransactionClient
from rows.access import Lock, hold_behind
from rows.entities import ORDER
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.company import Company
from services.orders.prices import FIRST, IN_FORCE
from services.payments.owed import owed_by

_POLICY = """
SELECT approve_clean, address_needed, contact_needed, most_per_line, price_tolerance, duplicate_hours,
       placed_within_days, most_without_customer FROM review_policy
WHERE active AND (channel_id IS NULL OR channel_id = $1) ORDER BY rank, id LIMIT 1
"""
# What one of a currency is worth in the company's on the day, for prices that are listed in another than the order's.
_RATE = """
CASE WHEN {currency} = $5 THEN 1
     ELSE (SELECT r.rate FROM exchange_rate r WHERE r.currency = {currency} AND r.date <= $4::date
           ORDER BY r.date DESC LIMIT 1) END
"""
_LINES = f"""
SELECT l.id, l.kind, l.sku, p.active, l.quantity, l.unit_price, l.discount, l.tax_rate, l.net, l.gross,
       coalesce(own.price, CASE WHEN listed.currency = $3 THEN listed.price
                                ELSE round(listed.price * ({_RATE.format(currency="listed.currency")})
                                           / ({_RATE.format(currency="$3::text")}), 6) END) AS list_price,
       coalesce(own.price, listed.price) IS NOT NULL AS priced
FROM order_line l LEFT JOIN product p ON p.id = l.product_id
LEFT JOIN LATERAL (
    SELECT c.price FROM channel_price c
    WHERE c.product_id = p.id AND {IN_FORCE.format(channel="$2", currency="$3", day="$4::date")}
    ORDER BY {FIRST} LIMIT 1
) own ON true
LEFT JOIN LATERAL (
    SELECT price, currency FROM (
        SELECT p.price, p.currency::text, 1 AS place, false AS promotion, NULL::date AS starts_on
        UNION ALL
        SELECT c.price, c.currency::text, 2, c.promotion, c.starts_on FROM channel_price c
        WHERE own.price IS NULL AND p.price IS NULL
          AND c.product_id = p.id AND {IN_FORCE.format(channel="$2", currency="c.currency", day="$4::date")}
    ) c WHERE price IS NOT NULL ORDER BY place, {FIRST} LIMIT 1
) listed ON true
WHERE l.order_id = $1 ORDER BY l.position, l.id
"""  # noqa: S608  # of our own making
_LIMIT = "SELECT credit_limit FROM customer WHERE id = $1"
_SAME = """
SELECT array_agg((l.kind, l.product_id, trim_scale(l.quantity))::text
                 ORDER BY (l.kind, l.product_id, trim_scale(l.quantity))::text)
FROM order_line l WHERE l.order_id = {order}
"""
_TWINS = f"""
SELECT o.id FROM sales_order o
WHERE o.customer_id = $2 AND o.placed_at BETWEEN $3 AND $4 AND o.id <> $1
  AND (o.placed_at BETWEEN $7::timestamptz - $9::interval AND $7 + $9
       OR o.created_at BETWEEN $8::timestamptz - $9 AND $8 + $9)
  AND o.currency = $5 AND o.total = $6
  AND o.status NOT IN ('CANCELLED', 'REJECTED') AND o.type IN ('NEW', 'RENEWAL')
  AND ({_SAME.format(order="o.id")}) = ({_SAME.format(order="$1")})
ORDER BY o.id LIMIT 5
"""  # noqa: S608  # as above
_OVERRIDE = """
UPDATE order_finding SET overridden_by_id = $2, overridden_at = $3 WHERE order_id = $1 AND overridden_at IS NULL
RETURNING kind
"""


async def queue_for_credit(client: TransactionClient, viewer: Viewer, order_id: int, *actions: Action) -> None:
    """Wait for others who hand in orders of the customer, if there is a limit to what it may owe; before other locks.

    So that each counts what was handed in before it. Who may take none of `actions` with the order is in nobody's way.
    """
    limited = "t.credit_limit IS NOT NULL"
    await hold_behind(client, ORDER, viewer, order_id, "customer", Lock.NO_KEY_UPDATE, actions=actions, where=limited)


async def review(client: TransactionClient, company: Company, order: Order) -> bool:
    """Check the order, which is locked and was just handed in; whether it may go on without a person.

    `order` is what it was before. Its findings take the place of those of the last time. What a person asked back is
    for a person to look at again.
    """
    policy = await _policy(client, order)
    findings = list(findings_of(await _look(client, company, order, policy), policy))
    await OrderFinding.filter(order_id=order.id).using_db(client).delete()
    moment = now()
    rows = [_row(order.id, finding, moment) for finding in findings]
    if rows:
        await OrderFinding.bulk_create(rows, using_db=client)
    return policy.approve_clean and not findings and order.status is OrderStatus.DRAFT


async def review_return(
    client: TransactionClient, company: Company, order: Order, beyond: Sequence[BeyondPaid]
) -> None:
    """Check a return or exchange that was just entered, `beyond` being a partner's lines that bring back too much.

    It is not owed yet, so that it counts beside what the customer owes; nobody has to take turns for it.
    """
    policy, looked = await _policy(client, order), await look_at(client, company, order)
    with exact():
        found = return_findings(replace(looked, owed=looked.owed + order.base_total), policy, beyond)
        rows = [_row(order.id, finding, now()) for finding in found]
    if rows:
        await OrderFinding.bulk_create(rows, using_db=client)


async def look_at(client: TransactionClient, company: Company, order: Order) -> Reviewed:
    """The order as a review sees it, without others like it."""
    return await _look(client, company, order, replace(await _policy(client, order), duplicate_hours=None))


async def review_change(
    client: TransactionClient, viewer: Viewer, company: Company, before: Reviewed, order_id: int, *, line_id: int
) -> None:
    """Check what was just made of a line of an order, which is locked, after its approval, `before` being what it was.

    Whoever may review the order overrides what is found. Raises Refused for others.
    """
    order = await Order.get(id=order_id, using_db=client)
    after, policy = await look_at(client, company, order), await _policy(client, order)
    findings = list(change_findings(before, after, policy, line_id=line_id))
    if not findings:
        return
    if not may_with(viewer, Action.REVIEW_ORDERS, owner_id=order.owner_id, team_id=order.team_id):
        raise Refused(*map(change_problem, findings))
    moment = now()
    await OrderFinding.bulk_create([_row(order_id, finding, moment) for finding in findings], using_db=client)
    await override(client, order_id, viewer.user_id)


async def has_findings(client: TransactionClient, order_id: int) -> bool:
    """Whether something was found in the order that nobody has overridden."""
    return await OrderFinding.filter(order_id=order_id, overridden_at=None).using_db(client).exists()


async def override(client: TransactionClient, order_id: int, by: int) -> None:
    """Note who approves the order in spite of what was found, here and in the audit."""
    kinds = [row["kind"] for row in await client.connection.fetch(_OVERRIDE, order_id, by, now())]
    if kinds:
        facts = {"findings": sorted(set(kinds))}
        await record(client, actor=by, action=AuditAction.FINDINGS_OVERRIDDEN, subject=(ORDER, order_id), facts=facts)


def _row(order_id: int, finding: Finding, moment: Any) -> OrderFinding:
    return OrderFinding(
        order_id=order_id,
        kind=finding.kind,
        severity=SEVERITIES[finding.kind],
        line_id=finding.line_id,
        other_order_id=finding.other_order_id,
        facts=dict(finding.facts),
        found_at=moment,
    )


async def _policy(client: TransactionClient, order: Order) -> ReviewPolicy:
    found = await client.connection.fetchrow(_POLICY, order.channel_id)
    return ReviewPolicy(**dict(found)) if found else ReviewPolicy()


async def _look(client: TransactionClient, company: Company, order: Order, policy: ReviewPolicy) -> Reviewed:
    connection, day = client.connection, company.day_of(order.placed_at)
    lines = await connection.fetch(_LINES, order.id, order.channel_id, order.currency, day, company.currency)
    limit: Decimal | None = await connection.fetchval(_LIMIT, order.customer_id)
    owed = NOTHING
    if limit is not None and order.customer_id is not None:
        owed = await owed_by(client, company, order.customer_id)
    return Reviewed(
        addressed=order.ship_to is not None,
        reachable=bool(order.contact_email or order.contact_phone),
        currency=order.currency,
        total=order.total,
        base_total=order.base_total,
        stated_total=order.stated_total,
        company_currency=company.currency,
        credit_limit=limit,
        owed=owed,
        named=order.customer_id is not None,
        waited=now() - order.placed_at,
        lines=[_line(row, order) for row in lines],
        twins=await _twins(client, order, policy),
    )


def _line(row: asyncpg.Record, order: Order) -> ReviewedLine:
    """With its part of the order's discount, which is what the line lacks of its own amount."""
    given = dict(row) | {"kind": LineKind(row["kind"])}
    net, gross = given.pop("net"), given.pop("gross")
    terms = LineTerms(
        tax_rate=given.pop("tax_rate"), **{name: row[name] for name in ("quantity", "unit_price", "discount")}
    )
    with exact():
        part = line_amount(terms, order.currency) - (gross if order.tax_included else net)
    return ReviewedLine(order_discount=part, **given)


async def _twins(client: TransactionClient, order: Order, policy: ReviewPolicy) -> Sequence[int]:
    if policy.duplicate_hours is None or order.customer_id is None:
        return []
    near, back = timedelta(hours=policy.duplicate_hours), timedelta(days=policy.placed_within_days or 0)
    # Those that may have been approved without a person, which the index finds by when they were placed.
    first, last = (moment(order.placed_at, order.created_at) for moment in (min, max))
    own = (order.currency, order.total, order.placed_at, order.created_at, near)
    rows = await client.connection.fetch(_TWINS, order.id, order.customer_id, first - near - back, last + near, *own)
    return [row["id"] for row in rows]
