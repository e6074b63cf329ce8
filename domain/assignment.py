"""Who gets an order that is nobody's (自动分配): rules in their order, and how one of a team is chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import InvalidInput
from domain.paths import INPUT
from domain.problems import Problem
from domain.unset import UNSET, Change, Unset

LARGEST_CAPACITY = 100_000
"""Of a rule's `most_open`."""


class AssignmentStrategy(StrEnum):
    """How one of a team's active REPs is chosen."""

    LEAST_LOADED = "LEAST_LOADED"
    ROUND_ROBIN = "ROUND_ROBIN"
    EXPERTISE = "EXPERTISE"


class AssignmentGround(StrEnum):
    """Why somebody has an order."""

    CUSTOMERS_OWNER = "CUSTOMERS_OWNER"
    RULE = "RULE"
    PERSON = "PERSON"
    NOBODY = "NOBODY"


class CandidateStanding(StrEnum):
    """What a decision made of somebody."""

    CHOSEN = "CHOSEN"
    ELIGIBLE = "ELIGIBLE"
    AT_CAPACITY = "AT_CAPACITY"
    UNSKILLED = "UNSKILLED"
    OFF_DUTY = "OFF_DUTY"


@dataclass(frozen=True, kw_only=True)
class AssignmentRuleEntry(Change):
    """A rule by its `code`: orders of a channel, and of a region or one below it, go to REPs of a team.

    The smallest `rank` is asked first. Without a channel, or a region, it is for all of them. Whoever has `most_open`
    orders that are not over gets none.
    """

    code: str
    rank: int | Unset = UNSET
    team_id: int | Unset = UNSET
    strategy: AssignmentStrategy | Unset = UNSET
    channel_id: int | Unset | None = UNSET
    region_id: int | Unset | None = UNSET
    most_open: int | Unset | None = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who may get the order, how many of theirs are not over, and how many of their skills it asks for.

    Who is `off_duty` gets none.
    """

    id: int
    open: int
    matches: int = 0
    off_duty: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The id of who gets the order, None for nobody, and how each candidate stood, in the order they were given in."""

    chosen: int | None
    standings: Sequence[CandidateStanding]


def capacity_problems(entry: AssignmentRuleEntry) -> Iterator[InvalidInput]:
    """What is wrong with `most_open`."""
    if isinstance(entry.most_open, int) and not 0 < entry.most_open <= LARGEST_CAPACITY:
        yield InvalidInput(path=(*INPUT, "mostOpen"), problem=Problem.OUT_OF_RANGE, limit=f"1..{LARGEST_CAPACITY}")


def decide(
    strategy: AssignmentStrategy, candidates: Sequence[Candidate], *, most_open: int | None = None, last: int | None
) -> Decision:
    """Who of `candidates` gets the next order. `last` is who got the rule's last one.

    Nobody does who is off duty or has `most_open` orders, nor by EXPERTISE who has no skill for it. Of the others, who
    has fewest, or most skills and then fewest, gets it, of several the smallest id; or it goes round by id, past those
    who are not there any more or cannot have it now.
    """
    standings = [_standing(strategy, person, most_open) for person in candidates]
    eligible = [
        person for person, stands in zip(candidates, standings, strict=True) if stands is CandidateStanding.ELIGIBLE
    ]
    chosen = _choose(strategy, eligible, last) if eligible else None
    return Decision(
        chosen=chosen,
        standings=[
            CandidateStanding.CHOSEN if person.id == chosen else stands
            for person, stands in zip(candidates, standings, strict=True)
        ],
    )


def _standing(strategy: AssignmentStrategy, person: Candidate, most_open: int | None) -> CandidateStanding:
    if person.off_duty:
        return CandidateStanding.OFF_DUTY
    if most_open is not None and person.open >= most_open:
        return CandidateStanding.AT_CAPACITY
    if strategy is AssignmentStrategy.EXPERTISE and not person.matches:
        return CandidateStanding.UNSKILLED
    return CandidateStanding.ELIGIBLE


def _choose(strategy: AssignmentStrategy, eligible: Sequence[Candidate], last: int | None) -> int:
    match strategy:
        case AssignmentStrategy.LEAST_LOADED:
            return min(eligible, key=lambda person: (person.open, person.id)).id
        case AssignmentStrategy.EXPERTISE:
            return min(eligible, key=lambda person: (-person.matches, person.open, person.id)).id
        case AssignmentStrategy.ROUND_ROBIN:
            ids = sorted(person.id for person in eligible)
            return next((user_id for user_id in ids if last is not None and user_id > last), ids[0])
