"""Leads to whom there is nothing to sell."""

from domain.errors import Refused
from domain.events import Aggregate, EventType
from domain.leads.lead import LeadMove, LeadStatus
from domain.leads.working import Disqualification, disqualification_problems
from domain.managed_lists import ReasonKind
from domain.permissions import Action
from models import Lead, LeadAssignment
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.clock import now
from services.idempotency import Request, once
from services.leads.holding import check_open, hold_lead_to
from services.lists.reasons import reason_problems
from services.outbox import append
from services.transaction import retrying, transaction

NO_DEADLINES = {"contact_by": None, "follow_up_by": None, "convert_by": None, "next_follow_up_at": None, "breach": 0}
"""What a closed lead has."""


@retrying
async def disqualify_lead(
    *, viewer: Viewer, lead_id: int, why: Disqualification, mutation: str, idempotency_key: str | None = None
) -> int:
    """Close the lead for a reason; its id. It stays its owner's, for the figures.

    `mutation` is the one that asks for it, with the place in it if it asks for many. Raises Refused with NotFound (also
    of the reason), NotPermitted, NotEligible (it is closed), InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": lead_id, "why": why}
    request = Request(principal=viewer.user_id, mutation=mutation, key=idempotency_key, asked=asked)

    async def disqualify() -> int:
        lead = await hold_lead_to(client, viewer, lead_id, Action.WORK_LEADS)
        check_open(lead)
        problems = [
            *disqualification_problems(why),
            *await reason_problems(client, why.reason_id, ReasonKind.DISQUALIFICATION, named="reasonId"),
        ]
        if problems:
            raise Refused(*problems)
        changed = {"status": LeadStatus.DISQUALIFIED, "reason_id": why.reason_id}
        await close_lead(client, viewer, lead, LeadMove.DISQUALIFIED, changed, note=why.note)
        return lead_id

    async with transaction() as client:
        outcome = await once(client, request, disqualify)
    return outcome.settle()


async def close_lead(
    client: TransactionClient,
    viewer: Viewer,
    lead: Lead,
    move: LeadMove,
    changed: dict[str, object],
    *,
    note: str | None = None,
) -> None:
    """Write that the held lead is closed, with what else is `changed` about it, its history and an event."""
    moment = now()
    closed = {"closed_at": moment, "version": lead.version + 1, "last_seq": lead.last_seq + 1, "updated_at": moment}
    await Lead.filter(id=lead.id).using_db(client).update(**NO_DEADLINES, **closed, **changed)
    await LeadAssignment.create(
        using_db=client,
        lead_id=lead.id,
        move=move,
        from_owner_id=lead.owner_id,
        from_team_id=lead.team_id,
        from_pool_id=lead.pool_id,
        to_owner_id=changed.get("owner_id", lead.owner_id),
        to_team_id=changed.get("team_id", lead.team_id),
        to_pool_id=lead.pool_id,
        by_id=viewer.user_id,
        reason=note,
        worth=lead.expected_value,
        at=moment,
    )
    event = EventType.LEAD_CONVERTED if move is LeadMove.CONVERTED else EventType.LEAD_DISQUALIFIED
    await append(
        client,
        aggregate=Aggregate.LEAD,
        aggregate_id=lead.id,
        type=event,
        before=lead,
        payload={"status": changed["status"], "by": viewer.user_id},
    )
