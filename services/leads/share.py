"""With whom a lead is shared."""

from collections.abc import Sequence

from domain.errors import DomainError, InvalidInput, NotFound, Refused
from domain.events import Aggregate, EventType
from domain.leads.sharing import LeadShareEntry, share_problems
from domain.paths import INPUT
from domain.permissions import Action
from domain.problems import Problem
from models import Lead, LeadShare, User
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import USER
from rows.viewer import Viewer
from services.clock import now
from services.idempotency import Request, once
from services.leads.holding import check_open, hold_lead_to
from services.outbox import append
from services.transaction import retrying, transaction


@retrying
async def share_lead(
    *, viewer: Viewer, lead_id: int, shares: Sequence[LeadShareEntry], idempotency_key: str | None = None
) -> int:
    """Make `shares` all that the lead is shared with, beside its owner; its id.

    They see the lead then, and may follow it up. Raises Refused with NotFound (also of a user), NotPermitted,
    NotEligible (it is closed), InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": lead_id, "shares": list(shares)}
    request = Request(principal=viewer.user_id, mutation="leadSharesSet", key=idempotency_key, asked=asked)

    async def share() -> int:
        lead = await hold_lead_to(client, viewer, lead_id, Action.WORK_LEADS)
        check_open(lead)
        problems = [*share_problems(shares, owner_id=lead.owner_id), *await _unknown(client, viewer, shares)]
        if problems:
            raise Refused(*problems)
        await _write(client, viewer, lead, shares)
        return lead_id

    async with transaction() as client:
        outcome = await once(client, request, share)
    return outcome.settle()


async def _unknown(
    client: TransactionClient, viewer: Viewer, shares: Sequence[LeadShareEntry]
) -> Sequence[DomainError]:
    ids = [share.user_id for share in shares]
    seen = set(await visible_ids(client, USER, viewer, ids))
    active = {user.id for user in await User.filter(id__in=ids, active=True).using_db(client)}
    problems: list[DomainError] = []
    for place, user_id in enumerate(ids):
        path = (*INPUT, "shares", str(place), "userId")
        if user_id not in seen:
            problems.append(NotFound(path=path))
        elif user_id not in active:
            problems.append(InvalidInput(path=path, problem=Problem.USER_INACTIVE))
    return problems


async def _write(client: TransactionClient, viewer: Viewer, lead: Lead, shares: Sequence[LeadShareEntry]) -> None:
    before = {
        row["user_id"]: row["percent"]
        for row in await LeadShare.filter(lead_id=lead.id).using_db(client).values("user_id", "percent")
    }
    if before == {share.user_id: share.percent for share in shares}:
        return
    await LeadShare.filter(lead_id=lead.id).using_db(client).delete()
    await LeadShare.bulk_create(
        [LeadShare(lead_id=lead.id, user_id=share.user_id, percent=share.percent) for share in shares], using_db=client
    )
    await Lead.filter(id=lead.id).using_db(client).update(last_seq=lead.last_seq + 1, updated_at=now())
    await append(
        client,
        aggregate=Aggregate.LEAD,
        aggregate_id=lead.id,
        type=EventType.LEAD_UPDATED,
        before=lead,
        payload={"by": viewer.user_id},
    )
