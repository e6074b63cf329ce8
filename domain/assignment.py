"""Who gets an order that is nobody's (自动分配): rules in their order, and how one of a team is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.unset import UNSET, Change, Unset


class AssignmentStrategy(StrEnum):
    """How one of a team's active REPs is chosen."""

    LEAST_LOADED = "LEAST_LOADED"
    ROUND_ROBIN = "ROUND_ROBIN"


@dataclass(frozen=True, kw_only=True)
class AssignmentRuleEntry(Change):
    """A rule by its `code`: orders of a channel, and of a region or one below it, go to REPs of a team.

    The smallest `rank` is asked first. Without a channel, or a region, it is for all of them.
    """

    code: str
    rank: int | Unset = UNSET
    team_id: int | Unset = UNSET
    strategy: AssignmentStrategy | Unset = UNSET
    channel_id: int | Unset | None = UNSET
    region_id: int | Unset | None = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who may get the order, and how many orders of theirs are not over."""

    id: int
    open: int


def choose(strategy: AssignmentStrategy, candidates: Sequence[Candidate], *, last: int | None) -> int | None:
    """The id of who gets the next order; None if there is nobody. `last` is who got the rule's last one.

    Who has fewest gets it, of several the smallest id; or it goes round by id, past those who are not there any more.
    """
    if not candidates:
        return None
    if strategy is AssignmentStrategy.LEAST_LOADED:
        return min(candidates, key=lambda person: (person.open, person.id)).id
    ids = sorted(person.id for person in candidates)
    return next((user_id for user_id in ids if last is not None and user_id > last), ids[0])
