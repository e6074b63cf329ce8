"""Pools of leads: by which rules their leads find an owner, and lose one (线索池, 公海)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.errors import InvalidInput
from domain.labels import Labels
from domain.naming import camel
from domain.numbers import money
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import too_many
from domain.unset import UNSET, Change, Unset


class PoolStrategy(StrEnum):
    """How leads of a pool find an owner; those that assign fall back to CLAIM when nobody is eligible."""

    CLAIM = "CLAIM"
    ROUND_ROBIN = "ROUND_ROBIN"
    WEIGHTED = "WEIGHTED"
    EXPERTISE = "EXPERTISE"
    LEAST_LOADED = "LEAST_LOADED"


class OnBreach(StrEnum):
    """What becomes of a lead whose owner missed a deadline."""

    RETURN_TO_POOL = "RETURN_TO_POOL"
    REASSIGN = "REASSIGN"
    ESCALATE = "ESCALATE"


MOST_MEMBERS = 500
"""How many users, and how many teams, a pool may have by name."""
_RANGES = {
    "claim_quota": (0, 10_000),
    "hold_limit": (1, 10_000),
    **dict.fromkeys(
        (
            *("cool_down_minutes", "head_start_minutes", "first_contact_minutes", "follow_up_minutes"),
            *("convert_minutes", "remind_before_minutes"),
        ),
        (1, 525_600),  # a year
    ),
    "head_start_percent": (1, 100),
    "weight_floor_percent": (0, 100),
}
"""What a rule may say, from and to."""


@dataclass(frozen=True, kw_only=True)
class LeadPoolEntry(Change):
    """A pool by its `code`; see `models.pools.LeadPool` for what its rules mean.

    `entry_filter` is a filter of leads as JSON has it. What is `UNSET` stays as it is, or is the default of a new one.
    """

    code: str
    labels: Labels | Unset = UNSET
    rank: int | Unset = UNSET
    active: bool | Unset = UNSET
    calendar_id: int | Unset | None = UNSET
    entry_filter: Mapping[str, Any] | Unset | None = UNSET
    strategy: PoolStrategy | Unset = UNSET
    claim_quota: int | Unset | None = UNSET
    hold_limit: int | Unset | None = UNSET
    cool_down_minutes: int | Unset | None = UNSET
    head_start_minutes: int | Unset | None = UNSET
    head_start_value: Decimal | Unset | None = UNSET
    head_start_percent: int | Unset = UNSET
    first_contact_minutes: int | Unset | None = UNSET
    follow_up_minutes: int | Unset | None = UNSET
    convert_minutes: int | Unset | None = UNSET
    remind_before_minutes: int | Unset | None = UNSET
    on_breach: OnBreach | Unset = UNSET
    weight_floor_percent: int | Unset = UNSET


def pool_problems(pool: LeadPoolEntry) -> Iterator[InvalidInput]:
    """What is wrong with the rules of a pool, but for its filter and amount, each with its path."""
    for name, (least, most) in _RANGES.items():
        value = getattr(pool, name)
        if isinstance(value, int) and not least <= value <= most:
            yield InvalidInput(path=(*INPUT, camel(name)), problem=Problem.OUT_OF_RANGE, limit=f"{least}..{most}")


def worth_problems(name: str, worth: Decimal | Unset | None, currency: str) -> Iterator[InvalidInput]:
    """What is wrong with an amount of the company's `currency` that a lead may come to, in the field `name`."""
    if isinstance(worth, Decimal):
        yield from money((*INPUT, name), worth, currency)
        if worth < 0:
            yield InvalidInput(path=(*INPUT, name), problem=Problem.NEGATIVE)


@dataclass(frozen=True, kw_only=True)
class Members:
    """Who gets leads of a pool: users, and everybody of teams and of those below them."""

    user_ids: Sequence[int] = ()
    team_ids: Sequence[int] = ()


def members_problems(members: Members) -> Iterator[InvalidInput]:
    """What is wrong with the members of a pool by themselves."""
    for name, ids in (("userIds", members.user_ids), ("teamIds", members.team_ids)):
        if len(ids) > MOST_MEMBERS:
            yield too_many((*INPUT, name), MOST_MEMBERS)
            continue
        for place, each in enumerate(ids):
            if each in ids[:place]:
                yield InvalidInput(path=(*INPUT, name, str(place)), problem=Problem.DUPLICATE)
