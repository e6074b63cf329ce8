"""The scalars: what they accept and how they are written. Anything else is INVALID_INPUT."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from domain.moments import write_moment

CurrencyCode = NewType("CurrencyCode", str)
JSON = NewType("JSON", object)

_DECIMAL = re.compile(r"-?[0-9]{1,28}(\.[0-9]{1,12})?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)


def _invalid(expected: str) -> ValueError:
    return ValueError(f"Expected {expected}.")


def parse_decimal(value: Any) -> Decimal:
    """An exact number, from text such as "12.50" or a whole number; floats have lost what was written."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise _invalid('a decimal number as text, such as "12.50", of at most 28 digits before the point and 12 behind')
    return Decimal(text)


def parse_moment(value: Any) -> datetime:
    """A moment with its offset and at most milliseconds."""
    expected = _invalid('a moment such as "2026-01-31T08:00:00.123Z", with an offset and at most milliseconds')
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise expected
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise expected from error
    if not _EARLIEST <= moment <= _LATEST:
        raise expected
    return moment.astimezone(UTC)


def parse_date(value: Any) -> date:
    """A day: 2026-01-31."""
    expected = _invalid('a day such as "2026-01-31"')
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise expected
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise expected from error
    if not _EARLIEST.date() <= day <= _LATEST.date():
        raise expected  # the driver takes the very first and last day for infinity
    return day


def parse_currency(value: Any) -> str:
    """Three capital letters; whether there is such a currency is for rules to say."""
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise _invalid('an ISO 4217 currency code, such as "GBP"')
    return value


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description="An exact number as text: money with its currency's digits, others without trailing zeros.",
        serialize=str,
        parse_value=parse_decimal,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC with milliseconds: 2026-01-31T08:00:00.123Z. Any offset is accepted in inputs.",
        serialize=write_moment,
        parse_value=parse_moment,
    ),
    date: strawberry.scalar(
        name="Date", description="A day: 2026-01-31.", serialize=date.isoformat, parse_value=parse_date
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="An ISO 4217 currency code, such as GBP.",
        specified_by_url="https://www.iso.org/iso-4217-currency-codes.html",
        serialize=str,
        parse_value=parse_currency,
    ),
    JSON: strawberry.scalar(name="JSON", description="Any JSON, where the shape is truly free."),
}
