"""What numbers are allowed: bounds that keep every sum of an order exact and printable.

Quantities and unit prices have at most six decimals, and money exactly its currency's digits or fewer. Whoever sums up
500 lines of these stays below 10^24, so nothing is ever rounded for want of digits.
"""

from collections.abc import Iterator
from decimal import Decimal

from domain.currencies import DIGITS
from domain.errors import InvalidInput
from domain.money import exact
from domain.paths import Path
from domain.problems import Problem

MOST_QUANTITY = Decimal(10**9)
MOST_PRICE = Decimal(10**12)
MOST_RATE = Decimal(10**9)
MOST_MONEY = Decimal(10**15)
DECIMALS = 6
RATE_DECIMALS = 12
NOTHING = Decimal(0)
WHOLE = Decimal(1)


def quantity(path: Path, given: Decimal) -> Iterator[InvalidInput]:
    """What is wrong with a quantity, whatever its sign."""
    found = list(_number(path, given, most=MOST_QUANTITY, decimals=DECIMALS))
    if not found and not given:
        found.append(InvalidInput(path=path, problem=Problem.ZERO))
    yield from found


def unit_price(path: Path, given: Decimal) -> Iterator[InvalidInput]:
    """What is wrong with the price of one piece, which may have more digits than its currency."""
    yield from _not_negative(path, given, most=MOST_PRICE, decimals=DECIMALS)


def list_price(path: Path, given: Decimal, currency: str) -> Iterator[InvalidInput]:
    """What is wrong with the price that a product is shown with, in a known currency."""
    yield from _not_negative(path, given, most=MOST_PRICE, decimals=DIGITS[currency])


def tax_rate(path: Path, given: Decimal) -> Iterator[InvalidInput]:
    """What is wrong with a tax rate: a fraction from 0 to 1."""
    yield from _not_negative(path, given, most=WHOLE, decimals=DECIMALS)


def exchange_rate(path: Path, given: Decimal) -> Iterator[InvalidInput]:
    """What is wrong with the worth of one unit of a currency in another."""
    found = list(_not_negative(path, given, most=MOST_RATE, decimals=RATE_DECIMALS))
    if not found and not given:
        found.append(InvalidInput(path=path, problem=Problem.ZERO))
    yield from found


def money(path: Path, given: Decimal, currency: str) -> Iterator[InvalidInput]:
    """What is wrong with an amount of a known currency, whatever its sign."""
    return _number(path, given, most=MOST_MONEY, decimals=DIGITS[currency])


def number(path: Path, given: Decimal, *, decimals: int) -> Iterator[InvalidInput]:
    """What is wrong with a number that means nothing to Sluice, whatever its sign."""
    return _number(path, given, most=MOST_MONEY, decimals=decimals)


def plain(number: Decimal) -> Decimal:
    """`number` without trailing zeros and without an exponent, as quantities, prices and rates are kept."""
    with exact():
        short = number.normalize()
        return (short if _decimals(short) >= 0 else short.quantize(WHOLE)) + 0


def _not_negative(path: Path, given: Decimal, *, most: Decimal, decimals: int) -> Iterator[InvalidInput]:
    found = list(_number(path, given, most=most, decimals=decimals))
    if not found and given < 0:
        found.append(InvalidInput(path=path, problem=Problem.NEGATIVE))
    yield from found


def _number(path: Path, given: Decimal, *, most: Decimal, decimals: int) -> Iterator[InvalidInput]:
    if not given.is_finite():
        yield InvalidInput(path=path, problem=Problem.NOT_A_NUMBER)
    elif not -most <= given <= most:
        yield InvalidInput(path=path, problem=Problem.TOO_LARGE, limit=str(most))
    elif _decimals(given) > decimals:
        yield InvalidInput(path=path, problem=Problem.TOO_MANY_DECIMALS, limit=str(decimals))


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
