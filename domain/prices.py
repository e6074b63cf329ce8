"""What a channel sells a product for, and when: price lists and promotions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.errors import InvalidInput
from domain.money import is_currency
from domain.numbers import list_price
from domain.paths import INPUT
from domain.problems import Problem
from domain.unset import UNSET, Change, Unset


@dataclass(frozen=True, kw_only=True)
class ChannelPriceEntry(Change):
    """The price of a product in a channel and currency from the day `starts_on` to `ends_on`, both included.

    A promotion has an end, and goes before the price list while it lasts. Of several that hold on a day, the one that
    began last counts.
    """

    channel_id: int
    product_id: int
    currency: str
    starts_on: date
    promotion: bool = False
    price: Decimal | Unset = UNSET
    ends_on: date | Unset | None = UNSET


def price_problems(entry: ChannelPriceEntry) -> Iterator[InvalidInput]:
    """Everything that is wrong with `entry` by itself, each with its path."""
    if not is_currency(entry.currency):
        yield InvalidInput(path=(*INPUT, "currency"), problem=Problem.UNKNOWN_CURRENCY)
    elif isinstance(entry.price, Decimal):
        yield from list_price((*INPUT, "price"), entry.price, entry.currency)
    if isinstance(entry.ends_on, date) and entry.ends_on < entry.starts_on:
        yield InvalidInput(path=(*INPUT, "endsOn"), problem=Problem.TOO_EARLY, limit=entry.starts_on.isoformat())
    if entry.promotion and entry.ends_on is None:
        yield InvalidInput(path=(*INPUT, "endsOn"), problem=Problem.MISSING)
