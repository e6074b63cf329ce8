"""Cursors: the sort, the row's id and its value in that sort, so that a page can begin right behind it.

A cursor is base64url, without padding, of "<sort>.<asc|desc>,<id>,=<value>", or "...,<id>,-" where the value is null.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.naming import camel
from rows.declare import Column, Kind
from rows.ids import LARGEST

LONGEST = 2_000


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
    if len(text) > LONGEST:
        raise InvalidCursor(text)
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode("utf-8")
        found, number, value = plain.split(",", 2)
        position = Position(_value(value, column), int(number))
    except ValueError as error:
        raise InvalidCursor(text) from error
    if found != tag or not _NUMBER.fullmatch(number) or position.id > LARGEST:
        raise InvalidCursor(text)
    return position


def _value(text: str, column: Column) -> Any:
    if text == "-" and column.null:
        return None
    pattern, read = _READ[column.kind]
    if not text.startswith("=") or not pattern.fullmatch(text, 1):
        raise InvalidCursor(text)
    return read(text[1:])


def _integer(text: str) -> int:
    if abs(number := int(text)) > LARGEST:
        raise InvalidCursor(text)
    return number


_NUMBER = re.compile("[1-9][0-9]{0,18}")
_READ: dict[Kind, tuple[re.Pattern[str], Callable[[str], Any]]] = {
    Kind.ID: (_NUMBER, lambda text: min(int(text), LARGEST)),
    Kind.TEXT: (re.compile("[^\0]*"), str),
    Kind.INTEGER: (re.compile("-?[0-9]{1,19}"), _integer),
    Kind.BOOLEAN: (re.compile("true|false"), "true".__eq__),
    Kind.DECIMAL: (re.compile(r"-?[0-9]+(\.[0-9]+)?"), Decimal),
    Kind.DATETIME: (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z"), datetime.fromisoformat),
    Kind.DATE: (re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"), date.fromisoformat),
}
"""How each kind of value is written in a cursor, and what reads it."""
