"""Steps in an order's life."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from domain.errors import DomainError, InvalidInput, Refused, VersionConflict
from domain.events import Aggregate
from domain.orders.life_cycle import OrderStatus
from domain.orders.shipments import NewShipment, Parcel
from domain.orders.transitions import STEPS, Standing, Transition, step_problems
from domain.paths import INPUT
from domain.payments import ReturnRefund
from domain.permissions import Action, may
from domain.problems import Problem
from models import Order, OrderStatusChange
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.idempotency import Request, once
from services.orders.locking import lock_order
from services.orders.parcels import has_shipments, send
from services.orders.pausing import wait_for_customer
from services.orders.reviewing import has_findings, override, queue_for_credit, review
from services.outbox import append
from services.payments.returns import refund_return
from services.stock.orders import apply_effect
from services.tiers.classify import classify_written
from services.transaction import retrying, transaction

NO_PARCEL = Parcel()
_OVERRIDE = frozenset({Transition.APPROVE, Transition.AUTHORISE})
_REVIEWS = frozenset({Transition.APPROVE, Transition.REQUEST_INFO, Transition.REJECT})


@retrying
async def take_step(
    *,
    viewer: Viewer,
    company: Company,
    transition: Transition,
    order_id: int,
    expected_version: int,
    mutation: str,
    reason: str | None = None,
    expected_on: date | None = None,
    parcel: Parcel = NO_PARCEL,
    refund: ReturnRefund | None = None,
    idempotency_key: str | None = None,
) -> int:
    """Take the order on by `transition`, if it still has `expected_version`; its id.

    `mutation` is the one that asks for it, with the place in it if it asks for many: each has keys of its own. `reason`
    says why, in words; `expected_on`, for an order that is to wait, for which day what it waits for is expected;
    `parcel`, for one that is shipped, how all that is left of it is sent; `refund`, what a return is paid back. The
    order's version grows by one, and once more where one that is handed in is clean and so approved at once. Raises
    Refused with NotFound, VersionConflict, StepNotPossible (it does not stand where this begins), NotPermitted,
    InvalidInput, StockShort (a line cannot be reserved), RefundExceedsPaid or IdempotencyKeyReused.
    """
    asked: dict[str, Any] = {"id": order_id, "expectedVersion": expected_version, "reason": reason}
    if expected_on:
        asked["expectedOn"] = expected_on
    if parcel != NO_PARCEL:
        asked["parcel"] = parcel
    if refund and refund != ReturnRefund():
        asked["refund"] = refund
    request = Request(principal=viewer.user_id, mutation=mutation, key=idempotency_key, asked=asked)

    async def step() -> int:
        if transition is Transition.SUBMIT:
            await queue_for_credit(client, viewer, order_id, Action.ENTER_ORDERS)
        pays = transition is Transition.REFUND and may(viewer, Action.PAY_ORDERS)
        order = await lock_order(client, viewer, order_id, with_original=pays)
        early = _too_early(expected_on, company.day_of(now()))
        await check_step(client, order, viewer, transition, expected_version, reason, early)
        if transition is Transition.SHIP:
            await send(client, order, NewShipment(**asdict(parcel)), by=viewer.user_id)
        if effect := STEPS[transition].stock:
            await apply_effect(client, effect, order_id=order_id, by=viewer.user_id)
        if transition is Transition.REFUND:
            await refund_return(client, order, refund or ReturnRefund(), by=viewer.user_id)
        await move_on(client, viewer.user_id, order, transition, reason, expected_on)
        if transition in _OVERRIDE:
            await override(client, order_id, viewer.user_id)
        if transition is Transition.SUBMIT and await review(client, company, order):
            await move_on(client, None, await Order.get(id=order_id, using_db=client), Transition.APPROVE, None)
        return order_id

    async with transaction() as client:
        outcome = await once(client, request, step)
    return outcome.settle()


def _too_early(expected_on: date | None, today: date) -> list[DomainError]:
    if expected_on is None or expected_on >= today:
        return []
    return [InvalidInput(path=(*INPUT, "expectedOn"), problem=Problem.TOO_EARLY, limit=today.isoformat())]


async def check_step(
    client: TransactionClient,
    order: Order,
    viewer: Viewer,
    transition: Transition,
    expected_version: int,
    reason: str | None,
    problems: Sequence[DomainError] = (),
) -> None:
    """Raises Refused where `viewer` may not take the step with the order as it is now, and for `problems`.

    The version comes first: whoever looks at an older one is told so, not what the newer one forbids.
    """
    if order.version != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=order.version))
    standing = Standing(
        status=order.status,
        type=order.type,
        owner_id=order.owner_id,
        team_id=order.team_id,
        sent=order.status == OrderStatus.PACKED and await has_shipments(client, order.id),
        found=STEPS[transition].found is not None and await has_findings(client, order.id),
    )
    if found := (*step_problems(transition, standing, viewer, reason=reason), *problems):
        raise Refused(*found)


async def move_on(
    client: TransactionClient,
    by: int | None,
    order: Order,
    transition: Transition,
    reason: str | None,
    expected_on: date | None = None,
) -> None:
    """Write that the user `by`, None for the system, took the step: status, tier, history and an event."""
    step, moment = STEPS[transition], now()
    changed: dict[str, Any] = {"status": step.to, "version": order.version + 1, "last_seq": order.last_seq + 1}
    if expected_on != order.expected_on:
        changed["expected_on"] = expected_on  # nothing is expected any more once it has gone on
    if transition in _REVIEWS and by is not None:
        changed["reviewed_by_id"] = by
    await Order.filter(id=order.id).using_db(client).update(**changed, updated_at=moment)
    await wait_for_customer(client, order, step.to, moment)
    await classify_written(client, order)
    await OrderStatusChange.create(
        using_db=client,
        order_id=order.id,
        from_status=order.status,
        to_status=step.to,
        by_id=by,
        reason=reason,
        at=moment,
    )
    await append(
        client,
        aggregate=Aggregate.ORDER,
        aggregate_id=order.id,
        type=step.event,
        before=order,
        payload={"version": changed["version"], "from": order.status, "to": step.to, "by": by},
    )
