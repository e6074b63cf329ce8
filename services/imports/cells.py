"""What a cell of an order file says, or what is wrong with it. `column` is the file's own name of the column."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from domain.imports import moment_of, price_problems, quantity_problems, time_problems
from domain.numbers import plain
from domain.text import code, one_line
from services.imports.preset import FileTable
from services.imports.reasons import quoted, reason

T = TypeVar("T")

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")


class Cell(NamedTuple, Generic[T]):
    """A value, which may be absent where that is allowed, or a problem."""

    value: T | None
    problem: str | None = None


def read_code(text: str, *, column: str) -> Cell[str]:
    """A number or code by which something is found again."""
    text = text.strip()
    return Cell(text, reason(column, text, code((), text)))


def read_name(text: str, *, column: str) -> Cell[str]:
    """A name, which may be absent."""
    text = text.strip()
    return Cell(text, reason(column, text, one_line((), text))) if text else Cell(None)


def read_customer(text: str, *, column: str, drop_suffix: str) -> Cell[str]:
    """A customer's number, which may be absent."""
    text = text.strip().removesuffix(drop_suffix)
    return read_code(text, column=column) if text else Cell(None)


def read_quantity(text: str, *, column: str, is_return: bool) -> Cell[Decimal]:
    """How many pieces, fewer than none when they come back."""
    number = _number(text)
    if number is None:
        return Cell(None, f"{column} {quoted(text)}: not a number")
    return Cell(number, reason(column, text, quantity_problems(number, is_return=is_return)))


def read_price(text: str, *, column: str) -> Cell[Decimal]:
    """The price of a piece."""
    number = _number(text)
    if number is None:
        return Cell(None, f"{column} {quoted(text)}: not a number")
    return Cell(number, reason(column, text, price_problems(number)))


def read_time(text: str, *, column: str, form: FileTable, now: datetime) -> Cell[datetime]:
    """A local time of the file's zone, as a moment in UTC."""
    try:
        local = datetime.strptime(text.strip(), form.time_format)  # noqa: DTZ007  # the zone is the preset's
        moment = moment_of(local, form.zone)
    except (ValueError, OverflowError):
        return Cell(None, f"{column} {quoted(text)}: not a time like {form.time_format}")
    return Cell(moment, reason(column, text, time_problems(moment, now=now)))


def _number(text: str) -> Decimal | None:
    text = text.strip()
    return plain(Decimal(text)) if _NUMBER.fullmatch(text) else None
