"""Policies of review as they are typed: what is checked of orders in which channel."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from domain.errors import InvalidInput
from domain.numbers import quantity, tax_rate, unit_price
from domain.orders.review import ReviewPolicy
from domain.paths import INPUT
from domain.problems import Problem
from domain.unset import UNSET, Change, Unset

MOST_HOURS = 24 * 365
MOST_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class ReviewPolicyEntry(Change):
    """A policy by its `code`, for orders of a channel or of all; the smallest `rank` that fits an order counts."""

    code: str
    rank: int | Unset = UNSET
    channel_id: int | Unset | None = UNSET
    approve_clean: bool | Unset = UNSET
    address_needed: bool | Unset = UNSET
    contact_needed: bool | Unset = UNSET
    most_per_line: Decimal | Unset | None = UNSET
    price_tolerance: Decimal | Unset | None = UNSET
    duplicate_hours: int | Unset | None = UNSET
    placed_within_days: int | Unset | None = UNSET
    most_without_customer: Decimal | Unset | None = UNSET
    active: bool | Unset = UNSET


def unchecked(policy: ReviewPolicy) -> list[str]:
    """The fields of `policy` that are not checked, and are where a company has no policy."""
    default = ReviewPolicy()
    checks = (field.name for field in fields(default) if field.name != "approve_clean" and getattr(default, field.name))
    return [name for name in checks if getattr(policy, name) is None or getattr(policy, name) is False]


def policy_problems(policy: ReviewPolicyEntry) -> Iterator[InvalidInput]:
    """What is wrong with the bounds that `policy` sets."""
    if isinstance(policy.most_per_line, Decimal):
        path = (*INPUT, "mostPerLine")
        found = list(quantity(path, policy.most_per_line))
        if not found and policy.most_per_line < 0:
            found.append(InvalidInput(path=path, problem=Problem.NEGATIVE))
        yield from found
    if isinstance(policy.price_tolerance, Decimal):
        yield from tax_rate((*INPUT, "priceTolerance"), policy.price_tolerance)  # a fraction like this one
    if isinstance(policy.most_without_customer, Decimal):
        yield from unit_price((*INPUT, "mostWithoutCustomer"), policy.most_without_customer)  # an amount, from zero on
    yield from _range("duplicateHours", policy.duplicate_hours, MOST_HOURS)
    yield from _range("placedWithinDays", policy.placed_within_days, MOST_DAYS)


def _range(name: str, given: int | Unset | None, most: int) -> Iterator[InvalidInput]:
    if isinstance(given, int) and not 1 <= given <= most:
        yield InvalidInput(path=(*INPUT, name), problem=Problem.OUT_OF_RANGE, limit=f"1..{most}")
