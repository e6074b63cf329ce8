"""Lines of an order that waits to be picked go to an order of their own."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from domain.errors import Refused
from domain.events import Aggregate, EventType
from domain.naming import camel
from domain.orders.actions import OrderAction
from domain.orders.amounts import PricedLine
from domain.orders.life_cycle import HistoryKind
from domain.orders.splitting import LinePart, Valued, base_parts, divided, split_problems, totals
from domain.paths import INPUT
from domain.text import many_lines
from models import Order, OrderLine, OrderStatusChange
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.idempotency import Request, once
from services.orders.differences import differing
from services.orders.lines import ordered_lines, price_lines, valued_rows, write_lines
from services.orders.pausing import share_pauses
from services.orders.short_lines import lock_changeable
from services.outbox import append
from services.tiers.classify import classify_new, classify_written, others_may_change
from services.transaction import retrying, transaction

# Not the number in the channel, which names one order; nor what a partner delivered.
_COPIED = (
    *("type", "status", "channel_id", "customer_id", "customer_name", "customer_level"),
    *("contact_name", "contact_email", "contact_phone", "ship_to", "bill_to", "region_id", "owner_id", "team_id"),
    *("reviewed_by_id", "currency", "tax_included", "urgency", "required_by", "expected_on", "placed_at"),
    *("tags", "notes", "custom_fields"),
)
_SHARE = "INSERT INTO order_share (order_id, user_id) SELECT $2, user_id FROM order_share WHERE order_id = $1"


@retrying
async def split_order(
    *,
    viewer: Viewer,
    company: Company,
    order_id: int,
    expected_version: int,
    lines: Sequence[LinePart],
    reason: str,
    idempotency_key: str | None = None,
) -> int:
    """Make a new order of lines of one that waits to be picked, or of pieces of them; the id of the new one.

    Both stand where the order stood, and their amounts add up to what it came to. Raises Refused with NotFound,
    NotPermitted, VersionConflict, NotEditable (it does not wait to be picked), InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": order_id, "expectedVersion": expected_version, "lines": list(lines), "reason": reason}
    request = Request(principal=viewer.user_id, mutation="orderSplit", key=idempotency_key, asked=asked)

    async def split() -> int:
        order = await lock_changeable(client, viewer, order_id, expected_version, OrderAction.SPLIT)
        before = await OrderLine.filter(order_id=order.id).order_by("position", "id").using_db(client)
        problems = [*many_lines((*INPUT, "reason"), reason), *split_problems(lines, ordered_lines(before))]
        if problems:
            raise Refused(*problems)
        stays, goes = divided(_valued(order, before), lines, currency=order.currency)
        going = totals(goes, currency=order.currency)["total"]
        kept_base, base = base_parts(order.base_total, order.total, going, company.currency)
        new = await _make(client, viewer, order, goes, base, reason)
        await _keep(client, viewer, order, before, stays, kept_base, reason, new)
        return new

    async with transaction() as client:
        outcome = await once(client, request, split)
    return outcome.settle()


def _valued(order: Order, rows: Sequence[OrderLine]) -> list[Valued]:
    """The lines with their amounts, as they are stored, and their parts of the order's discount."""
    lines = ordered_lines(rows)
    priced = price_lines(
        lines, discount=order.discount, total=None, tax_included=order.tax_included, currency=order.currency
    )
    return [
        Valued(line, PricedLine(order_discount=part.order_discount, net=row.net, tax=row.tax, gross=row.gross))
        for line, row, part in zip(lines, rows, priced.lines, strict=True)
    ]


async def _make(
    client: TransactionClient, viewer: Viewer, order: Order, lines: Sequence[Valued], base: Decimal, reason: str
) -> int:
    """The new order, seen by whom the first one is shared with; its id."""
    moment = now()
    copied = {name: getattr(order, name) for name in _COPIED}
    new = Order(**copied, **totals(lines, currency=order.currency), base_total=base, split_from_id=order.id, last_seq=1)
    new.created_at = moment
    tier_rules = await classify_new(client, new)
    await new.save(using_db=client)
    await OrderLine.bulk_create(valued_rows(new.id, lines), using_db=client)
    await client.connection.execute(_SHARE, order.id, new.id)
    await share_pauses(client, order.id, new.id)
    await _note(client, viewer, new, None, reason, moment, HistoryKind.SPLIT_OFF, order.id)
    payload = {"version": new.version, "type": new.type, "status": new.status, "by": viewer.user_id}
    await _tell(client, new.id, EventType.ORDER_CREATED, None, payload)
    await others_may_change(client, new, tier_rules)
    return int(new.id)


async def _keep(
    client: TransactionClient,
    viewer: Viewer,
    order: Order,
    before: Sequence[OrderLine],
    lines: Sequence[Valued],
    base: Decimal,
    reason: str,
    new_id: int,
) -> None:
    """What stays of the first order."""
    moment, version = now(), order.version + 1
    await write_lines(client, before, valued_rows(order.id, lines))
    changed = differing(order, {**totals(lines, currency=order.currency), "base_total": base})
    written = {**changed, "version": version, "last_seq": order.last_seq + 1, "updated_at": moment}
    await Order.filter(id=order.id).using_db(client).update(**written)
    await classify_written(client, order)
    await _note(client, viewer, order, order.status, reason, moment, HistoryKind.SPLIT, new_id)
    names = [*map(camel, changed), "lines", "splitInto"]
    payload = {"version": version, "changed": names, "by": viewer.user_id}
    await _tell(client, order.id, EventType.ORDER_UPDATED, order, payload)


async def _note(
    client: TransactionClient,
    viewer: Viewer,
    order: Order,
    before: str | None,
    reason: str,
    moment: datetime,
    kind: HistoryKind,
    other_id: int,
) -> None:
    history = {"from_status": before, "to_status": order.status, "by_id": viewer.user_id, "reason": reason}
    history |= {"kind": kind, "other_order_id": other_id}
    await OrderStatusChange.create(using_db=client, order_id=order.id, **history, at=moment)


async def _tell(
    client: TransactionClient, order_id: int, event: EventType, before: Order | None, payload: dict[str, object]
) -> None:
    await append(client, aggregate=Aggregate.ORDER, aggregate_id=order_id, type=event, before=before, payload=payload)
