"""Which member of a pool gets its next lead (自动分配), and whether everybody gets what is due to them.

Whoever might get a lead is due a share of it; together the shares of a lead are one. ROUND_ROBIN gives in turn,
WEIGHTED to whoever is owed most: the largest deficit first, as in deficit round robin (Shreedhar and Varghese 1995), so
that nobody is ever more than about one lead away from what is due.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from domain.leads.pools import PoolStrategy


class MemberStanding(StrEnum):
    """What a decision made of somebody."""

    CHOSEN = "CHOSEN"
    ELIGIBLE = "ELIGIBLE"
    OFF_DUTY = "OFF_DUTY"
    AT_CAPACITY = "AT_CAPACITY"
    MISSED_IT = "MISSED_IT"
    UNSKILLED = "UNSKILLED"


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who gets leads of a pool: how many open ones they hold, whether they work now, and how they perform."""

    id: int
    team_id: int
    held: int
    off_duty: bool
    weight: Decimal


@dataclass(frozen=True, kw_only=True)
class OfferedLead:
    """A lead that needs an owner: who missed it before, and how many of their skills it asks for, by member."""

    id: int
    missed_by: frozenset[int] = frozenset()
    matches: Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class GivingRules:
    """How a pool gives: a floor is a part of an equal share, from 0 to 1, that everybody gets by WEIGHTED."""

    strategy: PoolStrategy
    hold_limit: int | None
    floor: Decimal


@dataclass(frozen=True, kw_only=True)
class Considered:
    """What a decision made of a member, and the share of the lead that was due to them, 0 if they could not get it."""

    member: Member
    standing: MemberStanding
    share: Decimal


@dataclass(frozen=True, kw_only=True)
class Given:
    """Who gets a lead, None for nobody, and who was considered."""

    lead_id: int
    to: Member | None
    considered: Sequence[Considered]


Credits: TypeAlias = Mapping[int, Decimal]
"""By member, how many leads were due to them more than they were given."""


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Where a pool stands: who had the last turn, and what is owed to whom."""

    last: int | None
    credits: Credits


def give(
    leads: Sequence[OfferedLead], members: Sequence[Member], rules: GivingRules, turns: Turns
) -> tuple[list[Given], Turns]:
    """Who gets each of `leads`, in their order, and where the pool stands then. Members come in order of id."""
    given = []
    held = {member.id: member.held for member in members}
    for lead in leads:
        decided = _give_one(lead, members, held, rules, turns)
        if decided.to is not None:
            held[decided.to.id] += 1
            turns = Turns(last=decided.to.id, credits=_credited(turns.credits, decided))
        given.append(decided)
    return given, turns


def shares(strategy: PoolStrategy, eligible: Sequence[Member], *, floor: Decimal) -> dict[int, Decimal]:
    """What is due of a lead to each of those who can get it; together 1.

    By WEIGHTED `floor` of it is shared out equally, the rest by their weights; else all of it equally.
    """
    if not eligible:
        return {}
    equal = Decimal(1) / len(eligible)
    total = sum(member.weight for member in eligible)
    if strategy is not PoolStrategy.WEIGHTED or not total:
        return {member.id: equal for member in eligible}
    return {member.id: floor * equal + (1 - floor) * member.weight / total for member in eligible}


def _give_one(
    lead: OfferedLead, members: Sequence[Member], held: Mapping[int, int], rules: GivingRules, turns: Turns
) -> Given:
    standings = {member.id: _standing(lead, member, held[member.id], rules) for member in members}
    eligible = [member for member in members if standings[member.id] is MemberStanding.ELIGIBLE]
    due = shares(rules.strategy, eligible, floor=rules.floor)
    to = _choose(lead, eligible, held, rules.strategy, due, turns) if eligible else None
    if to is not None:
        standings[to.id] = MemberStanding.CHOSEN
    considered = [
        Considered(member=member, standing=standings[member.id], share=due.get(member.id, Decimal(0)))
        for member in members
    ]
    return Given(lead_id=lead.id, to=to, considered=considered)


def _standing(lead: OfferedLead, member: Member, held: int, rules: GivingRules) -> MemberStanding:
    if member.off_duty:
        return MemberStanding.OFF_DUTY
    if member.id in lead.missed_by:
        return MemberStanding.MISSED_IT
    if rules.hold_limit is not None and held >= rules.hold_limit:
        return MemberStanding.AT_CAPACITY
    if rules.strategy is PoolStrategy.EXPERTISE and not lead.matches.get(member.id):
        return MemberStanding.UNSKILLED
    return MemberStanding.ELIGIBLE


def _choose(
    lead: OfferedLead,
    eligible: Sequence[Member],
    held: Mapping[int, int],
    strategy: PoolStrategy,
    due: Mapping[int, Decimal],
    turns: Turns,
) -> Member | None:
    match strategy:
        case PoolStrategy.CLAIM:
            return None
        case PoolStrategy.ROUND_ROBIN:
            return next((each for each in eligible if turns.last is not None and each.id > turns.last), eligible[0])
        case PoolStrategy.WEIGHTED:
            return min(eligible, key=lambda each: (-turns.credits.get(each.id, Decimal(0)) - due[each.id], each.id))
        case PoolStrategy.EXPERTISE:
            return min(eligible, key=lambda each: (-lead.matches[each.id], held[each.id], each.id))
        case PoolStrategy.LEAST_LOADED:
            return min(eligible, key=lambda each: (held[each.id], each.id))


def _credited(owed: Credits, given: Given) -> Credits:
    """What is owed after a lead: more by the share of each, less by one for who got it."""
    after = dict(owed)
    for each in given.considered:
        got = each.standing is MemberStanding.CHOSEN
        after[each.member.id] = after.get(each.member.id, Decimal(0)) + each.share - got
    return after
