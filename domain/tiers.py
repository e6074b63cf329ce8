"""Tier rules: which orders get which tier, priority and response time (订单分层)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.errors import DomainError, InvalidInput
from domain.moments import write_moment
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import CODE, many_lines, one_line, too_many

MOST_RULES = 50
LOWEST_PRIORITY = 9
"""Priorities run from 1, which comes first, to this."""
LONGEST_RESPONSE = 2_000 * 60
"""Minutes of working time: about a year of it."""
MOST_COMPARISONS = 200
"""In the filters of all rules together: each order that is written is held against them, in its writer's time."""
MOST_WINDOWS = 10
"""How many different `days` the frequencies of all rules have."""
MOST_COMPARED = 5_000
"""How many values the comparisons of all rules name."""
MOST_DAYS = 3_660
"""How far back a frequency counts."""
LONGEST_OVERRIDE = timedelta(days=366)
FREQUENT_TYPES = frozenset({OrderType.NEW, OrderType.RENEWAL})
NOT_FREQUENT = frozenset({OrderStatus.DRAFT, OrderStatus.CANCELLED, OrderStatus.REJECTED})
"""A frequency counts sales that were handed in and not called off: of these types, in no such status."""


class RuleSetState(StrEnum):
    """Where a set of tier rules stands; there is one draft and one published set at the most."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    RETIRED = "RETIRED"


@dataclass(frozen=True, kw_only=True)
class NewTierRule:
    """Orders for which `filter`, as JSON has it, holds get the tier and priority; they are due after the minutes."""

    name: str
    tier_id: int
    priority: int
    response_minutes: int
    filter: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class NewOverride:
    """A tier that somebody gives an order until `expires_at`, whatever rules say; its priority stays without one."""

    tier_id: int
    reason: str
    expires_at: datetime
    priority: int | None = None


def override_problems(given: NewOverride, *, now: datetime) -> Iterator[DomainError]:
    """Everything that is wrong with it by itself, each with its path."""
    if given.priority is not None:
        yield from _within((*INPUT, "priority"), given.priority, LOWEST_PRIORITY)
    yield from many_lines((*INPUT, "reason"), given.reason)
    latest = now + LONGEST_OVERRIDE
    if given.expires_at <= now:
        yield InvalidInput(path=(*INPUT, "expiresAt"), problem=Problem.TOO_EARLY, limit=write_moment(now))
    elif given.expires_at > latest:
        yield InvalidInput(path=(*INPUT, "expiresAt"), problem=Problem.TOO_LATE, limit=write_moment(latest))


def rules_problems(rules: Sequence[NewTierRule]) -> Iterator[DomainError]:
    """Everything that is wrong with rules by themselves but for their filters, each with its path."""
    if len(rules) > MOST_RULES:
        yield too_many((*INPUT, "rules"), MOST_RULES)
        return
    for place, rule in enumerate(rules):
        path = (*INPUT, "rules", str(place))
        yield from one_line((*path, "name"), rule.name, limit=CODE)
        yield from _within((*path, "priority"), rule.priority, LOWEST_PRIORITY)
        yield from _within((*path, "responseMinutes"), rule.response_minutes, LONGEST_RESPONSE)


def _within(path: tuple[str, ...], number: int, most: int) -> Iterator[DomainError]:
    if not 1 <= number <= most:
        yield InvalidInput(path=path, problem=Problem.OUT_OF_RANGE, limit=f"1..{most}")
