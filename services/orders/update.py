"""Changing an order."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.custom_fields.kinds import CustomFieldEntity
from domain.errors import AlreadyExists, DomainError, NotFound, Refused
from domain.events import Aggregate, EventType
from domain.naming import camel
from domain.orders.actions import OrderAction
from domain.orders.edited_lines import edited_problems
from domain.orders.editing import OrderChanges, Standing, change_problems
from domain.orders.entry import line_problems
from domain.orders.lines import OrderedLine, complete, completion_problems
from domain.paths import INPUT
from domain.unset import Unset, given
from models import Order, OrderLine
from models.connection import TransactionClient
from rows.entities import CHANNEL, REGION
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.custom_fields.values import CheckedValues, changed_values
from services.idempotency import Request, once
from services.orders.customers import CustomerFacts, hold_customer, with_customer
from services.orders.differences import columns_of, differing, without_same
from services.orders.lines import find_products, ordered_lines, write_lines
from services.orders.locking import lock_order_as
from services.orders.prices import PricedFor
from services.orders.repricing import reprice, revalue
from services.outbox import append
from services.references import answering, refused, sound, unseen
from services.tiers.classify import classify_written
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
    VersionConflict, NotEditable (it has come too far), InvalidInput, AlreadyExists (the external id is taken),
    RateMissing, TotalMismatch or IdempotencyKeyReused.
    """
    asked = {"id": order_id, "expectedVersion": expected_version, "changes": changes}
    request = Request(principal=viewer.user_id, mutation="orderUpdate", key=idempotency_key, asked=asked)

    async def update() -> int:
        customer = await hold_customer(client, viewer, given(changes.customer_id, None))
        order = await lock_order_as(client, viewer, order_id, expected_version, OrderAction.UPDATE)
        await _change(client, viewer, company, order, customer, changes)
        return order_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


async def _change(
    client: TransactionClient,
    viewer: Viewer,
    company: Company,
    order: Order,
    customer: CustomerFacts | NotFound | None,
    asked: OrderChanges,
) -> None:
    before = await OrderLine.filter(order_id=order.id).order_by("position", "id").using_db(client)
    custom = await changed_values(
        client, viewer, CustomFieldEntity.ORDER, asked.custom_fields, before=order.custom_fields
    )
    changes, lines = await _checked(client, viewer, company, order, before, customer, asked, custom)
    columns: dict[str, Any] = {"custom_fields": custom.after}
    after = before
    if "customer_id" in changes.mentioned:
        found = sound(customer)
        changes = with_customer(changes, order, found, asked=asked.mentioned)
        columns["customer_level"] = found.level if found else None
    columns |= columns_of(changes)
    if changes.reprice:
        amounts, after = reprice(order, lines, changes)
        columns |= amounts
    columns |= await revalue(client, company, order, columns)
    also = ("lines",) if await write_lines(client, before, after) else ()
    changed = differing(order, columns)
    if changed or also:
        with answering("sales_order_external_once", AlreadyExists(path=(*INPUT, "externalId"))):
            await _write(client, viewer, order, changed, also=also)


async def _checked(
    client: TransactionClient,
    viewer: Viewer,
    company: Company,
    order: Order,
    rows: Sequence[OrderLine],
    customer: CustomerFacts | NotFound | None,
    asked: OrderChanges,
    custom: CheckedValues,
) -> tuple[OrderChanges, list[OrderedLine]]:
    """What really changes, and the lines as they will be. Raises Refused with all that is wrong with it so far."""
    before = ordered_lines(rows)
    after, faults = await _completed_lines(client, viewer, company, order, before, asked)
    changes = without_same(asked, order, before=before, after=after, custom_fields=custom)
    problems = [
        *change_problems(changes, _standing(company, order, changes), now=now()),
        *(refused(customer) if "customer_id" in changes.mentioned else ()),
        *await unseen(
            client, viewer, {"channelId": (CHANNEL, changes.channel_id), "regionId": (REGION, changes.region_id)}
        ),
        *custom.problems,
        *faults,
    ]
    if problems:
        raise Refused(*problems)
    return changes, after if after is not None and "lines" in changes.mentioned else before


def _standing(company: Company, order: Order, changes: OrderChanges) -> Standing:
    return Standing(
        status=order.status,
        type=order.type,
        currency=order.currency,
        channel_id=order.channel_id,
        external_id=order.external_id,
        required_by=order.required_by,
        placed_on=company.day_of(given(changes.placed_at, order.placed_at)),
    )


async def _completed_lines(
    client: TransactionClient,
    viewer: Viewer,
    company: Company,
    order: Order,
    before: Sequence[OrderedLine],
    changes: OrderChanges,
) -> tuple[list[OrderedLine] | None, list[DomainError]]:
    """The new lines, None if they are not mentioned or not sound, and why they are not."""
    if isinstance(changes.lines, Unset):
        return None, []
    rows = {line.id: line for line in before if line.id is not None}
    if faults := list(edited_problems(changes.lines, rows)):
        return None, faults
    typed = [line.typed(rows.get(given(line.id, None) or 0)) for line in changes.lines]
    faults += line_problems(typed, order_type=order.type, currency=order.currency)
    sold = PricedFor(
        channel_id=given(changes.channel_id, order.channel_id),
        currency=order.currency,
        day=company.day_of(given(changes.placed_at, order.placed_at)),
    )
    kept = frozenset(line.product_id for line in before)
    catalogue = await find_products(client, viewer, typed, of=sold, before=kept)
    faults += completion_problems(typed, catalogue, currency=order.currency)
    if faults:
        return None, faults
    return [
        replace(complete(line, catalogue.of(line), currency=order.currency), id=given(edited.id, None))
        for line, edited in zip(typed, changes.lines, strict=True)
    ], []


async def _write(
    client: TransactionClient, viewer: Viewer, order: Order, changed: dict[str, Any], *, also: tuple[str, ...]
) -> None:
    version, seq = order.version + 1, order.last_seq + 1
    await Order.filter(id=order.id).using_db(client).update(**changed, version=version, last_seq=seq, updated_at=now())
    await classify_written(client, order)
    await append(
        client,
        aggregate=Aggregate.ORDER,
        aggregate_id=order.id,
        type=EventType.ORDER_UPDATED,
        before=order,
        payload={"version": version, "changed": [camel(name) for name in (*changed, *also)], "by": viewer.user_id},
    )
