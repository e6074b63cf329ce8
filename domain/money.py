"""Arithmetic on amounts of money: exact, whatever the decimal context of the caller.

Input is bounded (`domain.numbers`), so 80 digits hold every intermediate result of an order with room to spare.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)

from domain.currencies import DIGITS, UNITS

_EXACT = Context(prec=80, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])


def exact() -> AbstractContextManager[Context]:
    """A decimal context with digits enough for every amount; calculations with money happen inside it."""
    return localcontext(_EXACT)


def is_currency(code: str) -> bool:
    """Whether `code` is an active currency of ISO 4217."""
    return code in DIGITS


def round_money(amount: Decimal, currency: str) -> Decimal:
    """`amount` with exactly the digits of `currency`, rounded half away from zero."""
    with exact():
        return amount.quantize(UNITS[currency], rounding=ROUND_HALF_UP) + 0  # + 0 makes -0.00 into 0.00


def part_of(amount: Decimal, part: Decimal, whole: Decimal, currency: str) -> Decimal:
    """`part` of `whole` pieces of `amount`, rounded towards zero to the digits of `currency`: never more than that."""
    with exact():
        return (amount * part / whole).quantize(UNITS[currency], rounding=ROUND_DOWN) + 0


def convert(amount: Decimal, rate: Decimal, currency: str) -> Decimal:
    """`amount` of another currency, of which one unit is worth `rate`, as an amount of `currency`."""
    with exact():
        return round_money(amount * rate, currency)


def spread(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """`total` divided by `weights` (amounts of `currency`), in whole units, by largest remainder.

    Only weights with the sign of `total` get a share, and none more than itself; of equal remainders the earlier one
    counts. The shares add up to `total`, which must not exceed what those weights add up to (ValueError).
    """
    sign = -1 if total < 0 else 1
    units = [max(0, sign * _in_units(weight, currency)) for weight in weights]
    shares = _largest_remainder(sign * _in_units(total, currency), units)
    with exact():
        return [sign * share * UNITS[currency] + 0 for share in shares]


def _in_units(amount: Decimal, currency: str) -> int:
    with exact():
        return int((amount / UNITS[currency]).to_integral_exact())


def _largest_remainder(total: int, weights: list[int]) -> list[int]:
    whole = sum(weights)
    if total > whole:
        raise ValueError("more to spread than there is to spread it over")
    if total == 0:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares
