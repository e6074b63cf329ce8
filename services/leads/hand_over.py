"""Leads that people give to others, or give back."""

from domain.errors import AlreadyClaimed, HoldLimitReached, InvalidInput, NotEligible, NotFound, NotPermitted, Refused
from domain.leads.lead import Ineligibility, LeadMove
from domain.leads.working import HandOver, reason_problems_of
from domain.ownership import Person
from domain.paths import INPUT
from domain.permissions import Action, may_with
from domain.problems import Problem
from models import Lead, LeadPool
from models.connection import TransactionClient
from rows.entities import USER
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.idempotency import Request, once
from services.leads.facts import seats_of
from services.leads.holding import ID, check_open, hold_lead_to
from services.leads.moving import Hands, move_leads
from services.references import sees
from services.transaction import retrying, transaction

TO = (*INPUT, "toUserId")
_PERSON = "SELECT id, team_id, active FROM app_user WHERE id = $1"


@retrying
async def assign_lead(
    *,
    viewer: Viewer,
    lead_id: int,
    to: HandOver,
    anew: bool,
    company: Company,
    mutation: str,
    idempotency_key: str | None = None,
) -> int:
    """Give the lead to somebody, also if it is somebody else's and `anew`; its id.

    `mutation` is the one that asks for it, with the place in it if it asks for many. Managers give leads of their teams
    and pools to people of theirs. The pool's hold limit counts. Nothing is written where the lead is theirs already.
    Raises Refused with NotFound, NotPermitted, NotEligible, AlreadyClaimed, HoldLimitReached, InvalidInput or
    IdempotencyKeyReused.
    """
    asked = {"id": lead_id, "to": to}
    request = Request(principal=viewer.user_id, mutation=mutation, key=idempotency_key, asked=asked)

    async def assign() -> int:
        if problems := tuple(reason_problems_of(to.reason)):
            raise Refused(*problems)
        if not await sees(client, viewer, USER, to.to_user_id):
            raise Refused(NotFound(path=TO))
        lead = await hold_lead_to(client, viewer, lead_id, Action.ASSIGN, to.to_user_id)
        check_open(lead)
        person = await _receiver(client, viewer, to.to_user_id)
        if lead.owner_id != person.id:
            if lead.owner_id is not None and not anew:
                raise Refused(AlreadyClaimed(path=ID))
            await _check_limit(client, lead, person, company)
            move = LeadMove.ASSIGNED if lead.owner_id is None else LeadMove.REASSIGNED
            hands = Hands(
                lead_id=lead_id, owner_id=person.id, team_id=person.team_id, by=viewer.user_id, reason=to.reason
            )
            await move_leads(client, move, [hands], at=now())
        return lead_id

    async with transaction() as client:
        outcome = await once(client, request, assign)
    return outcome.settle()


@retrying
async def release_lead(
    *, viewer: Viewer, lead_id: int, reason: str | None, mutation: str, idempotency_key: str | None = None
) -> int:
    """Give the lead back to its pool, where everybody may claim it; its id.

    Raises Refused with NotFound, NotPermitted, NotEligible (it is closed, a duplicate, or has no pool in use),
    InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": lead_id, "reason": reason}
    request = Request(principal=viewer.user_id, mutation=mutation, key=idempotency_key, asked=asked)

    async def release() -> int:
        if problems := tuple(reason_problems_of(reason)):
            raise Refused(*problems)
        lead = await hold_lead_to(client, viewer, lead_id, Action.WORK_LEADS)
        check_open(lead)
        await _check_pool(client, lead)
        if lead.owner_id is not None:
            hands = Hands(lead_id=lead_id, owner_id=None, team_id=None, by=viewer.user_id, reason=reason)
            await move_leads(client, LeadMove.RELEASED, [hands], at=now())
        return lead_id

    async with transaction() as client:
        outcome = await once(client, request, release)
    return outcome.settle()


async def _receiver(client: TransactionClient, viewer: Viewer, user_id: int) -> Person:
    """Who gets a lead; they are held, and stay as they are."""
    [row] = await client.connection.fetch(_PERSON, user_id)
    person = Person(**dict(row))
    if not person.active:
        raise Refused(InvalidInput(path=TO, problem=Problem.OWNER_INACTIVE))
    if person.team_id is None:
        raise Refused(InvalidInput(path=TO, problem=Problem.OWNER_WITHOUT_TEAM))
    if not may_with(viewer, Action.ASSIGN, owner_id=person.id, team_id=person.team_id):
        raise Refused(NotPermitted(path=TO))
    return person


async def _check_limit(client: TransactionClient, lead: Lead, person: Person, company: Company) -> None:
    if lead.pool_id is None:
        return
    pools, seats = await seats_of(client, [(person.id, lead.pool_id)], at=now(), company=company)
    limit = pools[lead.pool_id].hold_limit if lead.pool_id in pools else None
    if limit is not None and seats[person.id, lead.pool_id].held >= limit:
        raise Refused(HoldLimitReached(path=TO, hold_limit=limit))


async def _check_pool(client: TransactionClient, lead: Lead) -> None:
    pool = None if lead.pool_id is None else await LeadPool.get_or_none(id=lead.pool_id, active=True, using_db=client)
    if pool is None:
        raise Refused(NotEligible(path=ID, reason=Ineligibility.NOT_IN_A_POOL))
    if lead.duplicate_of_id is not None:
        raise Refused(NotEligible(path=ID, reason=Ineligibility.DUPLICATE))
