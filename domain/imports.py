"""What an order file has to say: rules for its rows, and how the clock of a shop is read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain import numbers
from domain.errors import InvalidInput
from domain.moments import write_moment
from domain.orders.entry import EARLIEST, LONGEST_AHEAD
from domain.paths import Path
from domain.problems import Problem

IMPORTED = "imported"
"""The reason of the step by which an imported order begins."""
QUANTITY: Path = ("quantity",)
UNIT_PRICE: Path = ("unit_price",)
PLACED_AT: Path = ("placed_at",)


def quantity_problems(quantity: Decimal, *, is_return: bool) -> Iterator[InvalidInput]:
    """Why no line can have this quantity: a sale needs one above zero, a return line a negative one."""
    found = list(numbers.quantity(QUANTITY, quantity))
    if not found and is_return and quantity > 0:
        found.append(InvalidInput(path=QUANTITY, problem=Problem.NOT_NEGATIVE))
    if not found and not is_return and quantity < 0:
        found.append(InvalidInput(path=QUANTITY, problem=Problem.NEGATIVE))
    yield from found


def price_problems(unit_price: Decimal) -> Iterator[InvalidInput]:
    """Why no imported line can have this price: unlike a typed one it is above zero, since files mark gifts,
    losses and corrections of stock by a price of zero."""
    found = list(numbers.unit_price(UNIT_PRICE, unit_price))
    if not found and not unit_price:
        found.append(InvalidInput(path=UNIT_PRICE, problem=Problem.ZERO))
    yield from found


def time_problems(placed_at: datetime, *, now: datetime) -> Iterator[InvalidInput]:
    """Why no order can have been placed then."""
    if placed_at < EARLIEST:
        yield InvalidInput(path=PLACED_AT, problem=Problem.TOO_EARLY, limit=write_moment(EARLIEST))
    if placed_at > now + LONGEST_AHEAD:
        yield InvalidInput(path=PLACED_AT, problem=Problem.TOO_LATE, limit=write_moment(now + LONGEST_AHEAD))


def moment_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which a clock in `zone` showed `local`, in UTC.

    An hour that came twice, when clocks were put back, counts as its first coming. One that never came, when they
    were put forward, counts as shown by a clock that nobody had put forward yet: a sale is not lost for that.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
