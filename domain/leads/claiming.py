"""Who wins a lead: requests of one moment are walked in order of arrival, against what is known under locks (抢单)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from domain.errors import (
    AlreadyClaimed,
    CoolingDown,
    DomainError,
    HeadStart,
    HoldLimitReached,
    NotEligible,
    NotFound,
    NothingToClaim,
    NotPermitted,
    QuotaExceeded,
)
from domain.leads.lead import OPEN, Ineligibility, LeadStatus
from domain.paths import INPUT, Path

ID = (*INPUT, "id")
POOL = (*INPUT, "poolId")


@dataclass(frozen=True, kw_only=True)
class Claimant:
    """Somebody who asks for leads; `may` is whether their roles and token let them claim at all."""

    id: int
    team_id: int | None
    may: bool


@dataclass(frozen=True, kw_only=True)
class PoolRules:
    """What a pool lets its members take; None where there is no such rule. A day of its calendar ends at `day_ends`."""

    id: int
    claim_quota: int | None
    hold_limit: int | None
    cool_down: timedelta | None
    day_ends: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a claimant stands in a pool: claims of today, open leads held, whether among the best performers."""

    member: bool
    claimed_today: int
    held: int
    best: bool


@dataclass(frozen=True, kw_only=True)
class ClaimedLead:
    """A lead that is asked for. `was_pooled`: members of its pool have seen it waiting."""

    id: int
    status: LeadStatus
    owner_id: int | None
    team_id: int | None
    pool_id: int | None
    was_pooled: bool
    duplicate: bool
    head_start_until: datetime | None


Seats: TypeAlias = Mapping[tuple[int, int], Standing]
"""Standings by claimant and pool."""
Losses: TypeAlias = Mapping[tuple[int, int], datetime]
"""When a claimant last lost a lead by a missed deadline, by claimant and lead."""
Sights: TypeAlias = frozenset[tuple[int, int]]
"""Which claimants see which leads on other grounds than their pools."""


@dataclass(frozen=True, kw_only=True)
class LeadClaim:
    """A request: who asks, and for which lead; None for the best of those that wait in `pool_ids`, pools of theirs.

    `named`: they named the pool, which is not among `pool_ids` if it is none of theirs.
    """

    claimant: Claimant
    lead_id: int | None
    pool_ids: tuple[int, ...] = ()
    named: bool = False


@dataclass(frozen=True, kw_only=True)
class Won:
    """The lead becomes the claimant's, or is theirs already."""

    lead_id: int
    already: bool = False


Outcome: TypeAlias = Won | DomainError


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of leads, pools and people under the locks of the moment.

    `waiting` are leads that may be given to those who name none, the best first.
    """

    leads: Mapping[int, ClaimedLead]
    pools: Mapping[int, PoolRules]
    seats: Seats
    lost: Losses
    sights: Sights = frozenset()
    waiting: Sequence[int] = ()


NO_SEAT = Standing(member=False, claimed_today=0, held=0, best=False)


def decide_claims(claims: Iterable[LeadClaim], known: Known, *, now: datetime) -> list[Outcome]:
    """What becomes of each claim, in order of arrival: each that is won counts for those behind it."""
    leads, seats = dict(known.leads), dict(known.seats)
    outcomes = []
    for claim in claims:
        seen = replace(known, leads=leads, seats=seats)
        outcome = _decide(claim, seen, now)
        if isinstance(outcome, Won) and not outcome.already:
            lead = leads[outcome.lead_id]
            leads[lead.id] = replace(lead, owner_id=claim.claimant.id)
            if lead.pool_id is not None:
                place = (claim.claimant.id, lead.pool_id)
                seat = seats.get(place, NO_SEAT)
                seats[place] = replace(seat, claimed_today=seat.claimed_today + 1, held=seat.held + 1)
        outcomes.append(outcome)
    return outcomes


def decide_claim(claimant: Claimant, lead: ClaimedLead | None, known: Known, *, now: datetime, path: Path) -> Outcome:
    """Whether `claimant` gets `lead`; what stands first in the way, if not."""
    if lead is None or not _sees(claimant, lead, known):
        return NotFound(path=path)
    if not claimant.may:
        return NotPermitted(path=path)
    if lead.owner_id == claimant.id:
        return Won(lead_id=lead.id, already=True)
    return next(_obstacles(claimant, lead, known, now, path), Won(lead_id=lead.id))


def _decide(claim: LeadClaim, known: Known, now: datetime) -> Outcome:
    if claim.lead_id is not None:
        return decide_claim(claim.claimant, known.leads.get(claim.lead_id), known, now=now, path=ID)
    return _best(claim, known, now)


def _best(claim: LeadClaim, known: Known, now: datetime) -> Outcome:
    """The first lead that waits and is theirs to take, else why they may take none, else that there is none."""
    if not claim.claimant.may:
        return NotPermitted(path=INPUT)
    if claim.named and not claim.pool_ids:
        return NotFound(path=POOL)
    in_the_way: Outcome | None = None
    for lead_id in known.waiting:
        lead = known.leads[lead_id]
        if lead.owner_id is not None or lead.pool_id not in claim.pool_ids:
            continue
        outcome = decide_claim(claim.claimant, lead, known, now=now, path=INPUT)
        if isinstance(outcome, Won):
            return outcome
        in_the_way = in_the_way or outcome
    return in_the_way or NothingToClaim(path=INPUT)


def _sees(claimant: Claimant, lead: ClaimedLead, known: Known) -> bool:
    """Members of a pool are told of leads that waited there; of others those who see them otherwise."""
    if lead.owner_id == claimant.id or (claimant.id, lead.id) in known.sights:
        return True
    return lead.was_pooled and _seat(claimant, lead, known).member


def _seat(claimant: Claimant, lead: ClaimedLead, known: Known) -> Standing:
    return NO_SEAT if lead.pool_id is None else known.seats.get((claimant.id, lead.pool_id), NO_SEAT)


def _obstacles(claimant: Claimant, lead: ClaimedLead, known: Known, now: datetime, path: Path) -> Iterator[DomainError]:
    """What stands in the way of a claim, that first which nobody can do anything about."""
    if lead.owner_id is not None:
        yield AlreadyClaimed(path=path)
    if reason := _ineligible(claimant, lead, known):
        yield NotEligible(path=path, reason=reason.value)
        return
    rules, seat = known.pools[lead.pool_id or 0], _seat(claimant, lead, known)
    if lead.head_start_until is not None and now < lead.head_start_until and not seat.best:
        yield HeadStart(path=path, retry_at=lead.head_start_until)
    lost = known.lost.get((claimant.id, lead.id))
    if lost is not None and rules.cool_down is not None and now < lost + rules.cool_down:
        yield CoolingDown(path=path, retry_at=lost + rules.cool_down)
    if rules.claim_quota is not None and seat.claimed_today >= rules.claim_quota:
        yield QuotaExceeded(path=path, quota=rules.claim_quota, retry_at=rules.day_ends)
    if rules.hold_limit is not None and seat.held >= rules.hold_limit:
        yield HoldLimitReached(path=path, hold_limit=rules.hold_limit)


def _ineligible(claimant: Claimant, lead: ClaimedLead, known: Known) -> Ineligibility | None:
    if lead.status not in OPEN:
        return Ineligibility.NOT_OPEN
    if lead.pool_id is None or lead.pool_id not in known.pools:
        return Ineligibility.NOT_IN_A_POOL
    if lead.duplicate:
        return Ineligibility.DUPLICATE
    if not _seat(claimant, lead, known).member:
        return Ineligibility.NOT_A_MEMBER
    return Ineligibility.NO_TEAM if claimant.team_id is None else None
