"""Lists that a company manages itself: what an entry may say. One that is in use is never removed, only inactive."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.assignment import AssignmentRuleEntry, capacity_problems
from domain.errors import InvalidInput
from domain.labels import Labels, labels_problems
from domain.leads.forms import LeadFormEntry, form_problems
from domain.leads.pools import LeadPoolEntry, pool_problems
from domain.levels import LevelRuleEntry
from domain.money import is_currency
from domain.numbers import exchange_rate
from domain.orders.review_policies import ReviewPolicyEntry, policy_problems
from domain.paths import INPUT
from domain.prices import ChannelPriceEntry, price_problems
from domain.problems import Problem
from domain.text import TAG, code, one_line
from domain.unset import UNSET, Change, Unset

LARGEST_PLACE = 1_000_000
"""Of ranks and positions."""
_COLOUR = re.compile("#[0-9a-f]{6}", re.ASCII)


class ReasonKind(StrEnum):
    """What a reason is given for."""

    DELAY = "DELAY"
    RETURN = "RETURN"
    LOSS = "LOSS"
    CANCELLATION = "CANCELLATION"
    COMPLAINT = "COMPLAINT"
    DISQUALIFICATION = "DISQUALIFICATION"


@dataclass(frozen=True, kw_only=True)
class ChannelEntry(Change):
    """A channel by its `code`. Here and below, what is `UNSET` stays as it is, or is the default of a new entry."""

    code: str
    name: str | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class TierEntry(Change):
    """A tier (订单分层) by its `code`. The smallest `rank` comes first; `colour` is "#rrggbb"."""

    code: str
    labels: Labels | Unset = UNSET
    rank: int | Unset = UNSET
    colour: str | Unset | None = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class ReasonEntry(Change):
    """A reason by its `kind` and `code`; `position` is its place among those of its kind."""

    kind: ReasonKind
    code: str
    labels: Labels | Unset = UNSET
    position: int | Unset = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class TagEntry(Change):
    """A tag by its `code`, which is the text that orders and customers carry; `position` is its place in the list."""

    code: str
    labels: Labels | Unset = UNSET
    position: int | Unset = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class RateEntry(Change):
    """What one unit of `currency` is worth in the company's own from `date` on."""

    currency: str
    date: date
    rate: Decimal | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class WarehouseEntry(Change):
    """A warehouse by its `code`; goods are picked from the one with the smallest `position` first."""

    code: str
    name: str | Unset = UNSET
    position: int | Unset = UNSET
    active: bool | Unset = UNSET


Entry = (
    ChannelEntry
    | TierEntry
    | ReasonEntry
    | TagEntry
    | RateEntry
    | WarehouseEntry
    | ChannelPriceEntry
    | ReviewPolicyEntry
    | AssignmentRuleEntry
    | LevelRuleEntry
    | LeadPoolEntry
    | LeadFormEntry
)


def entry_problems(entry: Entry) -> Iterator[InvalidInput]:
    """Everything that is wrong with `entry` by itself, each with its path."""
    match entry:
        case RateEntry():
            yield from _rate_problems(entry)
        case ChannelPriceEntry():
            yield from price_problems(entry)
        case ReviewPolicyEntry():
            yield from _ranked_problems(entry)
            yield from policy_problems(entry)
        case AssignmentRuleEntry():
            yield from _ranked_problems(entry)
            yield from capacity_problems(entry)
        case LevelRuleEntry():
            yield from _ranked_problems(entry)
        case LeadFormEntry():
            yield from _listed_problems(entry)
            yield from form_problems(entry)
        case LeadPoolEntry():
            yield from _listed_problems(entry)
            yield from _place_problems("rank", entry.rank)
            yield from pool_problems(entry)
        case ChannelEntry():
            yield from code((*INPUT, "code"), entry.code)
            yield from one_line((*INPUT, "name"), entry.name)
        case WarehouseEntry():
            yield from code((*INPUT, "code"), entry.code, limit=TAG)
            yield from one_line((*INPUT, "name"), entry.name)
            yield from _place_problems("position", entry.position)
        case TierEntry():
            yield from _listed_problems(entry)
            yield from _place_problems("rank", entry.rank)
            if isinstance(entry.colour, str) and not _COLOUR.fullmatch(entry.colour):
                yield InvalidInput(path=(*INPUT, "colour"), problem=Problem.NOT_A_COLOUR)
        case ReasonEntry() | TagEntry():
            yield from _listed_problems(entry)
            yield from _place_problems("position", entry.position)


def _listed_problems(
    entry: TierEntry | ReasonEntry | TagEntry | LeadPoolEntry | LeadFormEntry,
) -> Iterator[InvalidInput]:
    yield from code((*INPUT, "code"), entry.code, limit=TAG)
    if isinstance(entry.labels, Labels):
        yield from labels_problems((*INPUT, "labels"), entry.labels)


def _ranked_problems(entry: ReviewPolicyEntry | AssignmentRuleEntry | LevelRuleEntry) -> Iterator[InvalidInput]:
    yield from code((*INPUT, "code"), entry.code, limit=TAG)
    yield from _place_problems("rank", entry.rank)


def _place_problems(name: str, place: int | Unset) -> Iterator[InvalidInput]:
    if isinstance(place, int) and not 0 <= place <= LARGEST_PLACE:
        yield InvalidInput(path=(*INPUT, name), problem=Problem.OUT_OF_RANGE, limit=f"0..{LARGEST_PLACE}")


def _rate_problems(entry: RateEntry) -> Iterator[InvalidInput]:
    if not is_currency(entry.currency):
        yield InvalidInput(path=(*INPUT, "currency"), problem=Problem.UNKNOWN_CURRENCY)
    if isinstance(entry.rate, Decimal):
        yield from exchange_rate((*INPUT, "rate"), entry.rate)
