"""Leads are claimed (抢单): requests of one moment share a transaction, and nobody passes a limit by being quick.

The reps' rows are held first, by id; then, in new statements, the leads, and what there is to count of the reps. Any
other path that gives a rep a lead, or takes one away, holds the same rows in the same order, so that the counts stay
true until the end. `domain.leads.claiming` walks the requests in order of arrival, and one statement writes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.errors import DomainError
from domain.leads.claiming import NO_SEAT, Claimant, ClaimedLead, Known, LeadClaim, Outcome, Won, decide_claims
from domain.leads.lead import LeadMove
from domain.permissions import Action, may
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import LEAD
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.gathering import Gathering
from services.idempotency import Outcome as Answer
from services.idempotency import Request
from services.idempotency_many import keep_outcomes, rounds, take_keys
from services.leads.facts import hold_leads, hold_people, hold_waiting, losses_of, pools_of, seats_of
from services.leads.moving import Hands, move_leads
from services.transaction import retrying, transaction

AT_MOST = 200
LANES = 2
SPARE = 20
"""How many more leads are looked at than are asked for, since not everybody may have each of them."""


@dataclass(frozen=True, kw_only=True)
class ClaimRequest:
    """Somebody asks for a lead, or for the best one of a pool, or of all of theirs. `mutation` is by what."""

    viewer: Viewer
    mutation: str
    lead_id: int | None = None
    pool_id: int | None = None
    idempotency_key: str | None = None


class LeadClaims:
    """The claims of a process."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._gathering: Gathering[ClaimRequest, Answer] = Gathering(self._claim, at_most=AT_MOST, lanes=LANES)

    async def claim(self, request: ClaimRequest) -> int:
        """The id of the lead that is the viewer's now. Raises Refused, with the one thing that stands in the way.

        That is AlreadyClaimed, QuotaExceeded, HoldLimitReached, CoolingDown, HeadStart, NotEligible, NothingToClaim,
        NotFound, NotPermitted, InvalidInput or IdempotencyKeyReused.
        """
        return (await self._gathering.ask(request)).settle()

    async def _claim(self, requests: Sequence[ClaimRequest]) -> Sequence[Answer]:
        return await claim_leads(requests, company=self._company)


async def claim_leads(requests: Sequence[ClaimRequest], *, company: Company) -> Sequence[Answer]:
    """What becomes of each request, in order of arrival: in one transaction, but for repetitions of its own."""
    together, later = rounds([_remembered(request) for request in requests])
    answers = dict(zip(together, await _claim_together([requests[place] for place in together], company), strict=True))
    if later:
        answers |= zip(later, await claim_leads([requests[place] for place in later], company=company), strict=True)
    return [answers[place] for place in range(len(requests))]


@retrying
async def _claim_together(requests: Sequence[ClaimRequest], company: Company) -> Sequence[Answer]:
    async with transaction() as client:
        keyed = await take_keys(client, [_remembered(request) for request in requests])
        new = [place for place in range(len(requests)) if place not in keyed.known]
        made = await _answer(client, [requests[place] for place in new], company)
        answers = {**keyed.known, **dict(zip(new, made, strict=True))}
        await keep_outcomes(client, keyed, answers)
    return [answers[place] for place in range(len(requests))]


def _remembered(request: ClaimRequest) -> Request:
    asked = {"id": request.lead_id, "poolId": request.pool_id}
    return Request(
        principal=request.viewer.user_id, mutation=request.mutation, key=request.idempotency_key, asked=asked
    )


async def _answer(client: TransactionClient, requests: Sequence[ClaimRequest], company: Company) -> Sequence[Answer]:
    if not requests:
        return []
    teams = await hold_people(client, {request.viewer.user_id for request in requests})
    moment = now()
    claims = [await _claim_of(client, request, teams) for request in requests]
    known = await _known(client, claims, at=moment, company=company)
    known = await _with_sights(client, requests, claims, known)
    outcomes = decide_claims(claims, known, now=moment)
    won = [
        Hands(lead_id=outcome.lead_id, owner_id=claim.claimant.id, team_id=claim.claimant.team_id, by=claim.claimant.id)
        for claim, outcome in zip(claims, outcomes, strict=True)
        if isinstance(outcome, Won) and not outcome.already
    ]
    await move_leads(client, LeadMove.CLAIMED, won, at=moment)
    return [_told(outcome) for outcome in outcomes]


async def _claim_of(client: TransactionClient, request: ClaimRequest, teams: Mapping[int, int | None]) -> LeadClaim:
    who = request.viewer
    claimant = Claimant(
        id=who.user_id, team_id=teams.get(who.user_id), may=who.user_id in teams and may(who, Action.WORK_LEADS)
    )
    if request.lead_id is not None:
        return LeadClaim(claimant=claimant, lead_id=request.lead_id)
    named = request.pool_id
    pools = [pool for pool in await pools_of(client, who.user_id) if named in (None, pool)]
    return LeadClaim(claimant=claimant, lead_id=None, pool_ids=tuple(pools), named=named is not None)


async def _known(client: TransactionClient, claims: Sequence[LeadClaim], *, at: datetime, company: Company) -> Known:
    named = await hold_leads(client, {claim.lead_id for claim in claims if claim.lead_id is not None})
    choosing = [claim for claim in claims if claim.lead_id is None]
    waiting = await hold_waiting(client, _pools(choosing), at_most=len(choosing) + SPARE) if choosing else []
    leads = {**named, **{lead.id: lead for lead in waiting}}
    places = {
        (claim.claimant.id, lead.pool_id)
        for claim in claims
        for lead in _asked_for(claim, leads, waiting)
        if lead.pool_id is not None
    }
    pools, seats = await seats_of(client, places, at=at, company=company)
    cooled = [pool.id for pool in pools.values() if pool.cool_down is not None]
    pairs = {
        (claim.claimant.id, lead.id)
        for claim in claims
        for lead in _asked_for(claim, leads, waiting)
        if lead.pool_id in cooled
    }
    lost = await losses_of(client, pairs)
    return Known(leads=leads, pools=pools, seats=seats, lost=lost, waiting=[lead.id for lead in waiting])


def _pools(claims: Iterable[LeadClaim]) -> set[int]:
    return {pool for claim in claims for pool in claim.pool_ids}


def _asked_for(
    claim: LeadClaim, leads: Mapping[int, ClaimedLead], waiting: Sequence[ClaimedLead]
) -> Sequence[ClaimedLead]:
    if claim.lead_id is None:
        return [lead for lead in waiting if lead.pool_id in claim.pool_ids]
    return [leads[claim.lead_id]] if claim.lead_id in leads else []


async def _with_sights(
    client: TransactionClient, requests: Sequence[ClaimRequest], claims: Sequence[LeadClaim], known: Known
) -> Known:
    """`known` with who sees leads of whose pools they are no members: as owner's manager, say. Few ask for those."""
    sights = set()
    for request, claim in zip(requests, claims, strict=True):
        lead = known.leads.get(claim.lead_id or 0)
        if lead is None or known.seats.get((claim.claimant.id, lead.pool_id or 0), NO_SEAT).member:
            continue
        if await visible_ids(client, LEAD, request.viewer, [lead.id]):
            sights.add((claim.claimant.id, lead.id))
    return replace(known, sights=frozenset(sights))


def _told(outcome: Outcome) -> Answer:
    return Answer(errors=(outcome,)) if isinstance(outcome, DomainError) else Answer(id=outcome.lead_id)
