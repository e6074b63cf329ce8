"""Cursors: the sort, the row's id and its value in that sort, so that a page can begin right behind it.

A cursor is base64url, without padding, of "<sort>.<asc|desc>,<id>,=<value>", or "...,<id>,-" where the value is null.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from domain.naming import camel
from rows.declare import Column, Kind

LONGEST = 2_000
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Position:
    """Where a row stands in a sort: its value there (None for null) and its id."""

    value: Any
    id: int


class InvalidCursor(ValueError):
    """Not a cursor of this sort."""


def sort_tag(sort: str, *, descending: bool) -> str:
    """The part of a cursor that binds it to a sort."""
    return f"{camel(sort)}.{'desc' if descending else 'asc'}"


def decode(text: str, tag: str, column: Column) -> Position:
    """The position that a cursor of the sort `tag` over `column` stands for; InvalidCursor for anything else."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode("utf-8")
        found, number, value = plain.split(",", 2)
        if len(text) > LONGEST or found != tag or not number.isascii() or not 0 < int(number) <= _LARGEST_ID:
            raise InvalidCursor(text)
        return Position(_value(value, column), int(number))
    except (UnicodeError, binascii.Error, ValueError, InvalidOperation) as error:
        raise InvalidCursor(text) from error


def _value(text: str, column: Column) -> Any:
    if text == "-" and column.null:
        return None
    if not text.startswith("=") or "\0" in text:
        raise InvalidCursor(text)
    return _READ[column.kind](text[1:])


def _decimal(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise InvalidCursor(text)
    return value


_READ: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.DECIMAL: _decimal,
    Kind.DATETIME: datetime.fromisoformat,
    Kind.DATE: date.fromisoformat,
}
