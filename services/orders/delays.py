"""Why an order is late: a reason from the managed list."""

from domain.errors import InvalidInput, NotFound, Refused
from domain.events import Aggregate, EventType
from domain.managed_lists import ReasonKind
from domain.orders.actions import OrderAction
from domain.orders.lateness import Promise, is_late, lateness_problems
from domain.paths import INPUT
from domain.problems import Problem
from models import Order, Reason
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.idempotency import Request, once
from services.orders.locking import lock_order_as
from services.outbox import append
from services.tiers.classify import classify_written
from services.transaction import retrying, transaction


@retrying
async def set_delay_reason(
    *,
    viewer: Viewer,
    company: Company,
    order_id: int,
    expected_version: int,
    reason_id: int | None,
    idempotency_key: str | None = None,
) -> int:
    """Say why a late order is late, or nothing any more (None); its id.

    Raises Refused with NotFound, NotPermitted, VersionConflict, InvalidInput (it is not late, or the reason is none for
    a delay, or out of use) or IdempotencyKeyReused.
    """
    asked = {"id": order_id, "expectedVersion": expected_version, "reasonId": reason_id}
    request = Request(principal=viewer.user_id, mutation="orderDelayReasonSet", key=idempotency_key, asked=asked)

    async def change() -> int:
        order = await lock_order_as(client, viewer, order_id, expected_version, OrderAction.SET_DELAY_REASON)
        if reason_id is not None:
            await _check(client, company, order, reason_id)
        await _write(client, viewer, order, reason_id)
        return order_id

    async with transaction() as client:
        outcome = await once(client, request, change)
    return outcome.settle()


async def _check(client: TransactionClient, company: Company, order: Order, reason_id: int) -> None:
    promise = Promise(
        status=order.status,
        required_by=order.required_by,
        delivered_on=company.day_of(order.delivered_at) if order.delivered_at else None,
    )
    problems = list(lateness_problems(late=is_late(promise, today=company.day_of(now()))))
    reason, path = await Reason.get_or_none(id=reason_id, using_db=client), (*INPUT, "reasonId")
    if reason is None:
        problems.append(NotFound(path=path))
    elif reason.kind != ReasonKind.DELAY or not reason.active:
        problems.append(InvalidInput(path=path, problem=Problem.NOT_A_CHOICE))
    if problems:
        raise Refused(*problems)


async def _write(client: TransactionClient, viewer: Viewer, order: Order, reason_id: int | None) -> None:
    if order.delay_reason_id == reason_id:
        return
    version = order.version + 1
    written = {"delay_reason_id": reason_id, "version": version, "last_seq": order.last_seq + 1, "updated_at": now()}
    await Order.filter(id=order.id).using_db(client).update(**written)
    await classify_written(client, order)
    await append(
        client,
        aggregate=Aggregate.ORDER,
        aggregate_id=order.id,
        type=EventType.ORDER_UPDATED,
        before=order,
        payload={"version": version, "changed": ["delayReason"], "by": viewer.user_id},
    )
