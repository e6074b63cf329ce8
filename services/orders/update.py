"""Changing an order."""

from collections.abc import Sequence
from typing import Any

from domain.errors import NotFound, NotPermitted, Refused, VersionConflict
from domain.events import Aggregate, EventType
from domain.naming import camel
from domain.orders.editing import OrderChanges, change_problems
from domain.orders.entry import MOST_LINES
from domain.orders.lines import OrderedLine, complete, completion_problems
from domain.paths import INPUT
from domain.permissions import Action, may_with
from domain.unset import Unset, given
from models import Order, OrderLine
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import ORDER, REGION
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.idempotency import Request, once
from services.orders.lines import find_products, ordered_lines
from services.orders.repricing import reprice, same_lines
from services.orders.snapshots import address_facts, contact_columns
from services.outbox import append
from services.references import unseen
from services.transaction import retrying, transaction


@retrying
async def update_order(
    *,
    viewer: Viewer,
    company: Company,
    order_id: int,
    expected_version: int,
    changes: OrderChanges,
    idempotency_key: str | None = None,
) -> int:
    """Change the order if it still has `expected_version`; its id.

    Its version grows by one, or not at all when nothing really changes. Raises Refused with NotFound, NotPermitted,
    VersionConflict, NotEditable (it has come too far), InvalidInput, RateMissing, TotalMismatch or
    IdempotencyKeyReused.
    """
    asked = {"id": order_id, "expectedVersion": expected_version, "changes": changes}
    request = Request(principal=viewer.user_id, mutation="orderUpdate", key=idempotency_key, asked=asked)

    async def update() -> int:
        order = await _lock(client, viewer, order_id, expected_version)
        await _change(client, viewer, company, order, changes)
        return order_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


async def _lock(client: TransactionClient, viewer: Viewer, order_id: int, expected_version: int) -> Order:
    if not await visible_ids(client, ORDER, viewer, [order_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    order = await Order.get(id=order_id, using_db=client)
    if not may_with(viewer, Action.ENTER_ORDERS, owner_id=order.owner_id, team_id=order.team_id):
        raise Refused(NotPermitted(path=(*INPUT, "id")))
    if order.version != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=order.version))
    return order


async def _change(
    client: TransactionClient, viewer: Viewer, company: Company, order: Order, changes: OrderChanges
) -> None:
    before = await OrderLine.filter(order_id=order.id).order_by("position", "id").using_db(client)
    lines = await _checked_lines(client, viewer, order, before, changes)
    columns, after = _columns(changes), before
    if changes.reprice:
        amounts, after = await reprice(client, company, order, lines, changes)
        columns |= amounts
    changed = {name: value for name, value in columns.items() if getattr(order, name) != value}
    if not same_lines(before, after):
        await _replace_lines(client, order.id, after)
        await _write(client, viewer, order, changed, also=("lines",))
    elif changed:
        await _write(client, viewer, order, changed)


async def _checked_lines(
    client: TransactionClient, viewer: Viewer, order: Order, before: Sequence[OrderLine], changes: OrderChanges
) -> list[OrderedLine]:
    """The lines as they will be. Raises Refused with everything that is wrong with `changes` so far."""
    typed = given(changes.lines, ())
    typed = typed if len(typed) <= MOST_LINES else ()
    had = frozenset(line.product_id for line in before)
    catalogue = await find_products(client, viewer, typed, before=had)
    problems = [
        *change_problems(changes, status=order.status, order_type=order.type, currency=order.currency),
        *await unseen(client, viewer, {"regionId": (REGION, changes.region_id)}),
        *completion_problems(typed, catalogue, currency=order.currency),
    ]
    if problems:
        raise Refused(*problems)
    if isinstance(changes.lines, Unset):
        return ordered_lines(before)
    return [complete(line, catalogue.of(line), currency=order.currency) for line in typed]


def _columns(changes: OrderChanges) -> dict[str, Any]:
    """The columns that `changes` set, with their new values, but for those that hang together with the amounts."""
    columns: dict[str, Any] = {
        name: getattr(changes, name)
        for name in ("customer_name", "region_id", "urgency", "required_by", "notes")
        if name in changes.mentioned
    }
    if not isinstance(changes.tags, Unset):
        columns["tags"] = list(changes.tags)
    if not isinstance(changes.contact, Unset):
        columns |= contact_columns(changes.contact)
    if not isinstance(changes.ship_to, Unset):
        columns["ship_to"] = address_facts(changes.ship_to)
    if not isinstance(changes.bill_to, Unset):
        columns["bill_to"] = address_facts(changes.bill_to)
    return columns


async def _replace_lines(client: TransactionClient, order_id: int, lines: Sequence[OrderLine]) -> None:
    await OrderLine.filter(order_id=order_id).using_db(client).delete()
    await OrderLine.bulk_create(lines, using_db=client)


async def _write(
    client: TransactionClient, viewer: Viewer, order: Order, changed: dict[str, Any], *, also: tuple[str, ...] = ()
) -> None:
    version, seq = order.version + 1, order.last_seq + 1
    await Order.filter(id=order.id).using_db(client).update(**changed, version=version, last_seq=seq, updated_at=now())
    await append(
        client,
        aggregate=Aggregate.ORDER,
        aggregate_id=order.id,
        seq=seq,
        type=EventType.ORDER_UPDATED,
        payload={"version": version, "changed": [camel(name) for name in (*changed, *also)], "by": viewer.user_id},
    )
