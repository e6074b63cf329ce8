"""What a row of a file says of a record. An empty cell says nothing: what there is stays."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.cells import as_written
from domain.errors import DomainError, InvalidInput
from services.imports.reasons import quoted
from services.imports.unreadable import FileUnreadable, Row

Read = Callable[[str], Any]

_NUMBER = re.compile(r"[+-]?[0-9]{1,28}(\.[0-9]{1,12})?", re.ASCII)
_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Record:
    """A row that says something sound of the record called `key`: values by column."""

    file: str
    line: int
    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class RefusedRow:
    """A row that cannot be taken, and why."""

    file: str
    line: int
    key: str | None
    reason: str


@dataclass(frozen=True)
class Checked:
    """What a look at the tables says of records: those refused, and the keys of `known` ones, which are locked."""

    refused: Sequence[RefusedRow]
    known: Set[str]


@dataclass(frozen=True)
class RecordKind:
    """A kind of record: what names one, how its cells are read, and what can be wrong with what they say together."""

    key: str
    readers: Mapping[str, Read]
    problems: Callable[[Mapping[str, Any]], Iterable[DomainError]]


class RecordReader:
    """Reads the rows of a file, called `file`, whose first row is `header`.

    Raises FileUnreadable when that lacks a column of `columns`, or has it twice.
    """

    def __init__(self, kind: RecordKind, columns: Mapping[str, str], header: Sequence[str], *, file: str) -> None:
        names = [name.strip() for name in header]
        if missing := [name for name in columns.values() if name not in names]:
            raise FileUnreadable(f"{file}: no column {', '.join(missing)}; there are {', '.join(names)}")
        if twice := [name for name in columns.values() if names.count(name) > 1]:
            raise FileUnreadable(f"{file}: more than one column {', '.join(twice)}")
        self._kind = kind
        self._columns = columns
        self._places = {ours: names.index(theirs) for ours, theirs in columns.items()}
        self._width = len(names)
        self._file = file

    def read(self, row: Row) -> Record | RefusedRow:
        """What the row says."""
        if row.problem:
            return RefusedRow(self._file, row.line, None, row.problem)
        if len(row.cells) > self._width:
            reason = f"{len(row.cells)} cells, where the header has {self._width}"
            return RefusedRow(self._file, row.line, None, reason)
        cells = [*row.cells, *[""] * (self._width - len(row.cells))]
        texts = {ours: as_written(cells[place].strip()) for ours, place in self._places.items()}
        key = texts[self._kind.key]
        values: dict[str, Any] = {}
        reasons = [] if key else [f"{self._columns[self._kind.key]}: is missing"]
        for ours, text in texts.items():
            if text:
                try:
                    values[ours] = self._kind.readers[ours](text)
                except ValueError as error:
                    reasons.append(f"{self._columns[ours]} {quoted(text)}: {error}")
        reasons += [] if reasons else [self._reason(error) for error in self._kind.problems(values)]
        if reasons:
            return RefusedRow(self._file, row.line, key or None, "; ".join(reasons))
        return Record(self._file, row.line, key, values)

    def _reason(self, error: DomainError) -> str:
        said = error.problem.replace("_", " ") if isinstance(error, InvalidInput) else error.code.value
        limit = f" ({error.limit})" if isinstance(error, InvalidInput) and error.limit else ""
        return f"{'.'.join(error.path[1:])}: {said}{limit}"


def number(text: str) -> Decimal:
    """An exact number."""
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return Decimal(text)


def yes_no(text: str) -> bool:
    """Yes or no."""
    if text.lower() not in _YES_NO:
        raise ValueError("neither true nor false")
    return _YES_NO[text.lower()]


def day(text: str) -> date:
    """A day: 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("not a day like 2026-01-31") from None


def one_of(enum: type[StrEnum]) -> Read:
    """A member of `enum`."""

    def read(text: str) -> StrEnum:
        try:
            return enum(text.upper())
        except ValueError:
            raise ValueError(f"not one of {', '.join(enum)}") from None

    return read


def many(text: str) -> list[str]:
    """Texts with commas between them."""
    return [part.strip() for part in text.split(",") if part.strip()]
