"""Complaints of customers, and what is done about them."""

from datetime import datetime
from typing import Any

from domain.after_sales import (
    ANSWERED_WITHIN,
    CLOSED,
    ComplaintState,
    ComplaintStep,
    NewComplaint,
    complaint_problems,
    complaint_step_problems,
)
from domain.errors import NotFound, Refused, VersionConflict
from domain.events import EventType
from domain.managed_lists import ReasonKind
from domain.orders.actions import OrderAction
from domain.paths import INPUT
from models import Complaint, ComplaintChange, Order
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import COMPLAINT
from rows.viewer import Viewer
from services.after_sales.telling import hold_order, tell
from services.clock import now
from services.idempotency import Request, once
from services.lists.reasons import reason_problems
from services.transaction import retrying, transaction


@retrying
async def open_complaint(*, viewer: Viewer, complaint: NewComplaint, idempotency_key: str | None = None) -> int:
    """Keep what a customer complains of; the complaint's id.

    Raises Refused with NotFound (also of the reason), NotPermitted, InvalidInput or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="complaintOpen", key=idempotency_key, asked=complaint)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _open(client, viewer, complaint))
    return outcome.settle()


@retrying
async def update_complaint(
    *,
    viewer: Viewer,
    complaint_id: int,
    expected_version: int,
    step: ComplaintStep,
    idempotency_key: str | None = None,
) -> int:
    """Do something about a complaint, if it still has `expected_version`; its id.

    Raises Refused with NotFound, NotPermitted, VersionConflict, InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": complaint_id, "expectedVersion": expected_version, "step": step}
    request = Request(principal=viewer.user_id, mutation="complaintUpdate", key=idempotency_key, asked=asked)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _update(client, viewer, complaint_id, expected_version, step))
    return outcome.settle()


async def _open(client: TransactionClient, viewer: Viewer, typed: NewComplaint) -> int:
    order = await hold_order(client, viewer, typed.order_id, OrderAction.OPEN_COMPLAINT, named="orderId")
    moment = now()
    problems = [
        *complaint_problems(typed, now=moment),
        *await reason_problems(client, typed.reason_id, ReasonKind.COMPLAINT, named="reasonId"),
    ]
    if problems:
        raise Refused(*problems)
    made = await Complaint.create(
        using_db=client,
        order_id=order.id,
        reason_id=typed.reason_id,
        description=typed.description,
        respond_by=typed.respond_by or moment + ANSWERED_WITHIN,
        by_id=viewer.user_id,
        created_at=moment,
        updated_at=moment,
    )
    await _note(client, viewer, made, None, None, moment)
    await _tell(client, viewer, order, made, EventType.COMPLAINT_OPENED)
    complaint_id: int = made.id
    return complaint_id


async def _update(
    client: TransactionClient, viewer: Viewer, complaint_id: int, expected_version: int, step: ComplaintStep
) -> int:
    if not await visible_ids(client, COMPLAINT, viewer, [complaint_id]):
        raise Refused(NotFound(path=(*INPUT, "id")))
    order_id = (await Complaint.get(id=complaint_id, using_db=client)).order_id
    order = await hold_order(client, viewer, order_id, OrderAction.OPEN_COMPLAINT, named="id")
    complaint = await Complaint.get(id=complaint_id, using_db=client)  # as it is under the order's lock
    if complaint.version != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=complaint.version))
    moment = now()
    if problems := tuple(complaint_step_problems(step, complaint.state, now=moment)):
        raise Refused(*problems)
    before = complaint.state
    changed: dict[str, Any] = {"version": complaint.version + 1, "updated_at": moment}
    if step.respond_by is not None:
        changed["respond_by"] = step.respond_by
    if step.state is not None:
        changed |= {"state": step.state, "closed_at": moment if step.state in CLOSED else None}
    await complaint.update_from_dict(changed).save(using_db=client)
    await _note(client, viewer, complaint, before, step.note, moment)
    await _tell(client, viewer, order, complaint, EventType.COMPLAINT_UPDATED)
    return complaint_id


async def _note(
    client: TransactionClient,
    viewer: Viewer,
    complaint: Complaint,
    before: ComplaintState | None,
    note: str | None,
    moment: datetime,
) -> None:
    await ComplaintChange.create(
        using_db=client,
        complaint_id=complaint.id,
        order_id=complaint.order_id,
        from_state=before,
        to_state=complaint.state,
        respond_by=complaint.respond_by,
        note=note,
        by_id=viewer.user_id,
        at=moment,
    )


async def _tell(
    client: TransactionClient, viewer: Viewer, order: Order, complaint: Complaint, event: EventType
) -> None:
    await tell(client, order, event, {"state": complaint.state, "by": viewer.user_id})
