"""Following up leads (跟进记录), and how that meets their deadlines."""

from datetime import datetime
from typing import Any

from domain.errors import Refused
from domain.events import Aggregate, EventType
from domain.leads.working import NewFollowUp, follow_up_problems, status_after
from models import Lead, LeadFollowUp
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.calendars.deadlines import FOLLOW_UP, make_deadline
from services.clock import now
from services.idempotency import Request, once
from services.leads.holding import hold_lead_to_follow_up
from services.outbox import append
from services.transaction import retrying, transaction


@retrying
async def follow_up_lead(
    *, viewer: Viewer, lead_id: int, follow_up: NewFollowUp, idempotency_key: str | None = None
) -> int:
    """Keep that somebody was in touch with a lead; the follow-up's id.

    The first one since the lead is its owner's meets the first-contact deadline; the next follow-up is due so long
    after the later of the assignment and the last one. Raises Refused with NotFound, NotPermitted, NotEligible (the
    lead is closed), InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": lead_id, "followUp": follow_up}
    request = Request(principal=viewer.user_id, mutation="leadFollowUp", key=idempotency_key, asked=asked)

    async def follow() -> int:
        lead = await hold_lead_to_follow_up(client, viewer, lead_id)
        moment = now()
        if problems := tuple(follow_up_problems(follow_up, now=moment, entered_at=lead.entered_at)):
            raise Refused(*problems)
        made = await _keep(client, viewer, lead, follow_up, moment)
        await _update(client, lead, follow_up, moment)
        await append(
            client,
            aggregate=Aggregate.LEAD,
            aggregate_id=lead_id,
            type=EventType.LEAD_FOLLOWED_UP,
            before=lead,
            payload={"result": follow_up.result, "by": viewer.user_id},
        )
        return made

    async with transaction() as client:
        outcome = await once(client, request, follow)
    return outcome.settle()


async def _keep(client: TransactionClient, viewer: Viewer, lead: Lead, follow_up: NewFollowUp, moment: datetime) -> int:
    made = await LeadFollowUp.create(
        using_db=client,
        lead_id=lead.id,
        by_id=viewer.user_id,
        at=follow_up.at or moment,
        channel=follow_up.channel,
        result=follow_up.result,
        content=follow_up.content,
        next_at=follow_up.next_at,
        created_at=moment,
    )
    follow_up_id: int = made.id
    return follow_up_id


async def _update(client: TransactionClient, lead: Lead, follow_up: NewFollowUp, moment: datetime) -> None:
    at = follow_up.at or moment
    status = status_after(lead.status, follow_up)
    changed: dict[str, Any] = {
        "status": status,
        "version": lead.version + (status is not lead.status),
        "first_contact_at": min(at, lead.first_contact_at or at),
        "last_follow_up_at": max(at, lead.last_follow_up_at or at),
        "next_follow_up_at": follow_up.next_at,
        "last_seq": lead.last_seq + 1,
        "updated_at": moment,
    }
    # What somebody else did before meets no deadline of the owner's.
    counts = lead.assigned_at is not None and at >= lead.assigned_at
    if counts:
        changed |= {"contact_by": None, "breach": 0}
    await Lead.filter(id=lead.id).using_db(client).update(**changed)
    if counts:
        await make_deadline(client, FOLLOW_UP, lead.id)
