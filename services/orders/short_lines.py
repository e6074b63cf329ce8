"""Ways out of a shortage that change the lines of an order which waits to be picked."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from domain.errors import InvalidInput, Refused
from domain.events import Aggregate, EventType
from domain.naming import camel
from domain.orders.actions import ACTIONS, OrderAction
from domain.orders.editing import OrderChanges
from domain.orders.entry import NewLine
from domain.orders.life_cycle import HistoryKind, OrderStatus
from domain.orders.lines import OrderedLine
from domain.orders.short_lines import (
    LineCancellation,
    Substitution,
    cancellation_problems,
    cancelled_pieces,
    nothing_left,
    substituted,
    substitution_problems,
    without_cancelled,
)
from domain.paths import INPUT
from domain.problems import Problem
from domain.stock.movements import MovementKind
from domain.text import many_lines
from models import Order, OrderLine, OrderStatusChange
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.idempotency import Request, once
from services.orders.differences import differing
from services.orders.lines import find_products, ordered_lines, price_lines, write_lines
from services.orders.locking import check_place, lock_order_as
from services.orders.parcels import arrived_at, has_shipments, open_lines
from services.orders.prices import PricedFor
from services.orders.repricing import reprice, revalue
from services.orders.reviewing import look_at, queue_for_credit, review_change
from services.outbox import append
from services.stock.orders import undo_pieces
from services.tiers.classify import classify_written
from services.transaction import retrying, transaction

Deciding: TypeAlias = Callable[
    [TransactionClient, Order, Sequence[OrderedLine]],
    AbstractAsyncContextManager[tuple[list[OrderedLine], OrderChanges]],
]
"""What the lines of the order become, with the change of what else that brings; left once that is written.

Raises Refused at either end.
"""

_KINDS = {
    OrderAction.CANCEL_LINES: HistoryKind.LINES_CANCELLED,
    OrderAction.SUBSTITUTE_LINE: HistoryKind.LINE_SUBSTITUTED,
}


async def cancel_lines(
    *,
    viewer: Viewer,
    company: Company,
    order_id: int,
    expected_version: int,
    lines: Sequence[LineCancellation],
    reason: str,
    idempotency_key: str | None = None,
) -> int:
    """Take lines, or pieces of them, off an order that waits to be picked, or is packed and not wholly sent; its id.

    They take their part of the order's discount along, and let go of what they had reserved. An order of which a part
    was sent is SHIPPED when nothing else is left. Raises as `_change` does, and Refused with LINE_NEEDED where the
    order would be of nothing: then the order itself is to be cancelled.
    """

    @asynccontextmanager
    async def deciding(
        client: TransactionClient, order: Order, before: Sequence[OrderedLine]
    ) -> AsyncIterator[tuple[list[OrderedLine], OrderChanges]]:
        left = await _left(client, order, before)
        if found := tuple(cancellation_problems(lines, left)):
            raise Refused(*found)
        gone = cancelled_pieces(lines, left)
        priced = price_lines(
            before, discount=order.discount, total=None, tax_included=order.tax_included, currency=order.currency
        )
        after, discount = without_cancelled(before, priced, gone, currency=order.currency)
        if nothing_left(after):
            raise Refused(InvalidInput(path=(*INPUT, "lines"), problem=Problem.LINE_NEEDED))
        await undo_pieces(client, MovementKind.RELEASE, gone, order_id=order.id, by=viewer.user_id)
        yield after, OrderChanges(discount=discount)

    asked = {"id": order_id, "expectedVersion": expected_version, "lines": list(lines), "reason": reason}
    request = Request(principal=viewer.user_id, mutation="orderLinesCancel", key=idempotency_key, asked=asked)
    return await _change(
        viewer, company, order_id, expected_version, reason, request, deciding, OrderAction.CANCEL_LINES
    )


async def substitute_line(
    *,
    viewer: Viewer,
    company: Company,
    order_id: int,
    expected_version: int,
    wanted: Substitution,
    reason: str,
    idempotency_key: str | None = None,
) -> int:
    """Put another product on a line of an order that waits to be picked; its id. Raises as `_change` does.

    Its price is held against the list, and what the order comes to more against the credit, as in a review: what is
    found is overridden by whoever may review the order, and refused to others.
    """

    @asynccontextmanager
    async def deciding(
        client: TransactionClient, order: Order, before: Sequence[OrderedLine]
    ) -> AsyncIterator[tuple[list[OrderedLine], OrderChanges]]:
        line = next((line for line in before if line.id == wanted.line_id), None)
        named = NewLine(product_id=wanted.product_id, quantity=line.terms.quantity) if line else None
        sold = PricedFor(channel_id=order.channel_id, currency=order.currency, day=company.day_of(order.placed_at))
        found = await find_products(client, viewer, [named] if named else [], of=sold)
        product = found.of(named) if named else None
        if problems := tuple(substitution_problems(wanted, line, product)):
            raise Refused(*problems)
        assert line and product  # noqa: S101, PT018  # or there was a problem
        new = substituted(line, product, wanted.unit_price, currency=order.currency)
        approved = await look_at(client, company, order)
        yield [new if each is line else each for each in before], OrderChanges()
        await review_change(client, viewer, company, approved, order.id, line_id=wanted.line_id)

    asked = {"id": order_id, "expectedVersion": expected_version, "wanted": wanted, "reason": reason}
    request = Request(principal=viewer.user_id, mutation="orderLineSubstitute", key=idempotency_key, asked=asked)
    return await _change(
        viewer, company, order_id, expected_version, reason, request, deciding, OrderAction.SUBSTITUTE_LINE, credit=True
    )


@retrying
async def _change(
    viewer: Viewer,
    company: Company,
    order_id: int,
    expected_version: int,
    reason: str,
    request: Request,
    deciding: Deciding,
    action: OrderAction,
    *,
    credit: bool = False,
) -> int:
    """Change the lines, for whoever may do `action`; `credit` tells whether its limit is looked at.

    Raises Refused with NotFound, NotPermitted, VersionConflict, NotEditable (it does not stand where that is done),
    InvalidInput, RateMissing or IdempotencyKeyReused.
    """

    async def change() -> int:
        if credit:
            await queue_for_credit(client, viewer, order_id, *ACTIONS[action].by)
        order = await lock_changeable(client, viewer, order_id, expected_version, action)
        if problems := tuple(many_lines((*INPUT, "reason"), reason)):
            raise Refused(*problems)
        await _rewrite(client, viewer, company, order, reason, deciding, _KINDS[action])
        return order_id

    async with transaction() as client:
        outcome = await once(client, request, change)
    return outcome.settle()


async def _left(client: TransactionClient, order: Order, lines: Sequence[OrderedLine]) -> dict[int, Decimal]:
    """How many pieces of each line may go, by its id: those that were not sent."""
    open_of = await open_lines(client, order.id)
    return {
        line.id: open_of[line.id].left if line.id in open_of else line.terms.quantity
        for line in lines
        if line.id is not None
    }


async def lock_changeable(
    client: TransactionClient, viewer: Viewer, order_id: int, expected_version: int, action: OrderAction
) -> Order:
    """The order, locked, if the viewer may do this to its lines now. Raises Refused."""
    order = await lock_order_as(client, viewer, order_id, expected_version, action)
    check_place(order, action)
    return order


async def _rewrite(
    client: TransactionClient,
    viewer: Viewer,
    company: Company,
    order: Order,
    reason: str,
    deciding: Deciding,
    kind: HistoryKind,
) -> None:
    before = await OrderLine.filter(order_id=order.id).order_by("position", "id").using_db(client)
    async with deciding(client, order, ordered_lines(before)) as (lines, changes):
        await _write(client, viewer, company, order, before, lines, changes, reason, kind)


async def _write(
    client: TransactionClient,
    viewer: Viewer,
    company: Company,
    order: Order,
    before: Sequence[OrderLine],
    lines: Sequence[OrderedLine],
    changes: OrderChanges,
    reason: str,
    kind: HistoryKind,
) -> None:
    columns, after = _repriced(order, lines, changes)
    columns |= await revalue(client, company, order, columns)
    await write_lines(client, before, after)
    columns |= await _sent_by_now(client, order)
    changed, version, moment = differing(order, columns), order.version + 1, now()
    await (
        Order.filter(id=order.id)
        .using_db(client)
        .update(**changed, version=version, last_seq=order.last_seq + 1, updated_at=moment)
    )
    await classify_written(client, order)
    status = columns.get("status", order.status)
    moved = {} if status == order.status else {"from": order.status, "to": status}
    history = {
        "from_status": order.status,
        "to_status": status,
        "by_id": viewer.user_id,
        "reason": reason,
        "kind": kind,
    }
    await OrderStatusChange.create(using_db=client, order_id=order.id, **history, at=moment)
    await append(
        client,
        aggregate=Aggregate.ORDER,
        aggregate_id=order.id,
        type=EventType.ORDER_SHIPPED if moved else EventType.ORDER_UPDATED,
        before=order,
        payload={"version": version, "changed": [*map(camel, changed), "lines"], "by": viewer.user_id, **moved},
    )


async def _sent_by_now(client: TransactionClient, order: Order) -> dict[str, object]:
    """The columns of an order of which all that is left was sent before."""
    lines = await open_lines(client, order.id)
    if order.status != OrderStatus.PACKED or any(line.left for line in lines.values()):
        return {}
    if not await has_shipments(client, order.id):
        return {}
    return {"status": OrderStatus.SHIPPED, "delivered_at": await arrived_at(client, order.id)}


def _repriced(
    order: Order, lines: Sequence[OrderedLine], changes: OrderChanges
) -> tuple[dict[str, object], list[OrderLine]]:
    """As `reprice`; what is wrong with amounts is the price that was given: nothing else can make them so."""
    try:
        return reprice(order, lines, changes)
    except Refused as refused:
        raise Refused(*(replace(error, path=(*INPUT, "unitPrice")) for error in refused.errors)) from None
