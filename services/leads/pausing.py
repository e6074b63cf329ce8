"""The deadlines of a lead stand still while its owner waits for the customer."""

from domain.events import Aggregate, EventType
from domain.pauses import PauseReason, PauseSubject
from domain.permissions import Action
from models import Lead
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.calendars.deadlines import LEADS, make_deadline
from services.calendars.pauses import pause, resume
from services.clock import now
from services.idempotency import Request, once
from services.leads.holding import check_open, hold_lead_to
from services.outbox import append
from services.transaction import retrying, transaction


@retrying
async def pause_lead(*, viewer: Viewer, lead_id: int, idempotency_key: str | None = None) -> int:
    """Let the deadlines of the lead stand still from now on; its id. One that stands still does so already.

    Raises Refused with NotFound, NotPermitted, NotEligible (it is closed) or IdempotencyKeyReused.
    """
    return await _change(viewer, lead_id, "leadPause", idempotency_key, stands=True)


@retrying
async def resume_lead(*, viewer: Viewer, lead_id: int, idempotency_key: str | None = None) -> int:
    """Let the deadlines of the lead go on, later by the working time that they stood still; its id.

    Raises what `pause_lead` raises.
    """
    return await _change(viewer, lead_id, "leadResume", idempotency_key, stands=False)


async def _change(viewer: Viewer, lead_id: int, mutation: str, key: str | None, *, stands: bool) -> int:
    request = Request(principal=viewer.user_id, mutation=mutation, key=key, asked={"id": lead_id})

    async def change() -> int:
        lead = await hold_lead_to(client, viewer, lead_id, Action.WORK_LEADS)
        check_open(lead)
        await _write(client, viewer, lead, stands=stands)
        return lead_id

    async with transaction() as client:
        outcome = await once(client, request, change)
    return outcome.settle()


async def _write(client: TransactionClient, viewer: Viewer, lead: Lead, *, stands: bool) -> None:
    moment = now()
    if stands:
        await pause(client, PauseSubject.LEAD, lead.id, PauseReason.CUSTOMER_ASKED, moment)
    else:
        await resume(client, PauseSubject.LEAD, lead.id, moment)
    for deadline in LEADS:
        await make_deadline(client, deadline, lead.id)
    await Lead.filter(id=lead.id).using_db(client).update(last_seq=lead.last_seq + 1, updated_at=moment)
    await append(
        client,
        aggregate=Aggregate.LEAD,
        aggregate_id=lead.id,
        type=EventType.LEAD_UPDATED,
        before=lead,
        payload={"paused": stands, "by": viewer.user_id},
    )
