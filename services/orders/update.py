"""Changing an order."""

from collections.abc import Sequence
from typing import Any

from domain.custom_fields.kinds import CustomFieldEntity
from domain.errors import DomainError, NotFound, NotPermitted, Refused, VersionConflict
from domain.events import Aggregate, EventType
from domain.naming import camel
from domain.orders.editing import OrderChanges, change_problems
from domain.orders.entry import MOST_LINES, line_problems
from domain.orders.lines import OrderedLine, complete, completion_problems
from domain.paths import INPUT
from domain.permissions import Action, may_with
from domain.unset import given
from models import Order, OrderLine
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import ORDER, REGION
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.custom_fields.values import CheckedValues, changed_values
from services.idempotency import Request, once
from services.orders.differences import columns_of, differing, without_same
from services.orders.lines import find_products, ordered_lines
from services.orders.repricing import reprice, same_lines
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
    client: TransactionClient, viewer: Viewer, company: Company, order: Order, asked: OrderChanges
) -> None:
    before = await OrderLine.filter(order_id=order.id).order_by("position", "id").using_db(client)
    custom = await changed_values(
        client, viewer, CustomFieldEntity.ORDER, asked.custom_fields, before=order.custom_fields
    )
    changes, lines = await _checked(client, viewer, company, order, before, asked, custom)
    columns, after = columns_of(changes) | {"custom_fields": custom.after}, before
    if changes.reprice:
        amounts, after = await reprice(client, company, order, lines, changes)
        columns |= amounts
    changed = differing(order, columns)
    if not same_lines(before, after):
        await _replace_lines(client, order.id, after)
        await _write(client, viewer, order, changed, also=("lines",))
    elif changed:
        await _write(client, viewer, order, changed)


async def _checked(
    client: TransactionClient,
    viewer: Viewer,
    company: Company,
    order: Order,
    rows: Sequence[OrderLine],
    asked: OrderChanges,
    custom: CheckedValues,
) -> tuple[OrderChanges, list[OrderedLine]]:
    """What really changes, and the lines as they will be. Raises Refused with all that is wrong with it so far."""
    before = ordered_lines(rows)
    after, faults = await _completed_lines(client, viewer, order, before, asked)
    changes = without_same(asked, order, before=before, after=after, custom_fields=custom)
    problems = [
        *change_problems(
            changes,
            status=order.status,
            order_type=order.type,
            currency=order.currency,
            placed_on=company.day_of(order.placed_at),
        ),
        *await unseen(client, viewer, {"regionId": (REGION, changes.region_id)}),
        *custom.problems,
        *faults,
    ]
    if problems:
        raise Refused(*problems)
    return changes, before if after is None else after


async def _completed_lines(
    client: TransactionClient, viewer: Viewer, order: Order, before: Sequence[OrderedLine], changes: OrderChanges
) -> tuple[list[OrderedLine] | None, list[DomainError]]:
    """The new lines, None if they are not mentioned or not sound, and why those that are sound cannot be completed."""
    typed = given(changes.lines, ())
    if not typed or len(typed) > MOST_LINES:
        return None, []
    had = frozenset(line.product_id for line in before)
    catalogue = await find_products(client, viewer, typed, before=had)
    faults = list(completion_problems(typed, catalogue, currency=order.currency))
    if faults or any(line_problems(typed, order_type=order.type, currency=order.currency)):
        return None, faults
    return [complete(line, catalogue.of(line), currency=order.currency) for line in typed], []


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
        type=EventType.ORDER_UPDATED,
        before=order,
        payload={"version": version, "changed": [camel(name) for name in (*changed, *also)], "by": viewer.user_id},
    )
