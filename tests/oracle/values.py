"""How values are written down and read."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from typing import Any

from graphql import get_named_type

CURRENCY_DIGITS = {"GBP": 2, "EUR": 2, "JPY": 0, "BHD": 3, "CLF": 4}


def named(of: Any) -> Any:
    """The type inside of lists and what is required."""
    return get_named_type(of)


def snake(name: str) -> str:
    """`placedAt` as a column is called: `placed_at`."""
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def written(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, Decimal):
        plain = format(value, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else value


def moment(value: datetime) -> str:
    """2026-01-31T08:00:00.123Z"""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def money(amount: Decimal, currency: str) -> dict[str, str]:
    """An amount with exactly its currency's digits."""
    with localcontext(prec=200):
        exact = amount.quantize(Decimal(1).scaleb(-CURRENCY_DIGITS[currency]))
    if exact != amount:
        raise ValueError(f"{amount} has more digits than {currency}")
    return {"amount": format(exact, "f"), "currency": currency}


def total(amounts: list[Decimal]) -> Decimal:
    """The exact sum."""
    with localcontext(prec=200):
        return sum(amounts, Decimal(0))


def read_decimal(value: Any) -> Decimal:
    """An exact number out of an argument."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError("a decimal is text or a whole number")
    return Decimal(value)


def read_moment(value: Any) -> datetime:
    """A moment out of an argument."""
    return datetime.fromisoformat(value)


def read_date(value: Any) -> date:
    """A day out of an argument."""
    return date.fromisoformat(value)
