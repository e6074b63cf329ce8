"""What a row of a file says of a record. An empty cell says nothing: what there is stays."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.cells import as_written
from domain.errors import InvalidInput
from domain.naming import snake
from domain.problems import Problem
from domain.row_problems import RowFault, RowProblem, shown
from services.imports.lines import checked_header
from services.imports.unreadable import Row

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
    """A row that cannot be taken, and all that is wrong with it."""

    file: str
    line: int
    key: str | None
    problems: Sequence[RowProblem]


class Unreadable(ValueError):
    """A cell is not what its column holds: `problem` and `limit` as in RowProblem."""

    def __init__(self, problem: str, limit: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.limit = limit


@dataclass(frozen=True)
class Checked:
    """What a look at the tables says of records: those refused, and the keys of `known` ones, which are locked."""

    refused: Sequence[RefusedRow]
    known: Set[str]


@dataclass(frozen=True)
class RecordKind:
    """A kind of record: what names one, how its cells are read, and what can be wrong with what they say together.

    Where the column `key` alone does not tell two records apart, `named` gives the name by the values.
    """

    key: str
    readers: Mapping[str, Read]
    problems: Callable[[Mapping[str, Any]], Iterable[InvalidInput]]
    named: Callable[[Mapping[str, Any]], str] | None = None


class RecordReader:
    """Reads the rows of a file, called `file`, whose first row is `header`.

    `defaults` are the texts of our columns where the file has none, or its cell is empty. Raises FileUnreadable when
    the header lacks a column of `columns`, or has it twice.
    """

    def __init__(
        self,
        kind: RecordKind,
        columns: Mapping[str, str],
        header: Sequence[str],
        *,
        file: str,
        defaults: Mapping[str, str],
    ) -> None:
        names = checked_header(columns.values(), header, file)
        self._kind = kind
        self._columns = columns
        self._defaults = defaults
        self._places = {ours: names.index(theirs) for ours, theirs in columns.items()}
        self._width = len(names)
        self._file = file

    def read(self, row: Row) -> Record | RefusedRow:
        """What the row says."""
        if row.problem:
            return RefusedRow(self._file, row.line, None, [row.problem])
        if len(row.cells) > self._width:
            too_wide = RowProblem(RowFault.WRONG_WIDTH, limit=str(self._width))
            return RefusedRow(self._file, row.line, None, [too_wide])
        cells = [*row.cells, *[""] * (self._width - len(row.cells))]
        said = {ours: as_written(cells[place].strip()) for ours, place in self._places.items()}
        texts = {**self._defaults, **{ours: text for ours, text in said.items() if text or ours not in self._defaults}}
        key = texts[self._kind.key]
        values: dict[str, Any] = {}
        problems = [] if key else [RowProblem(Problem.MISSING, self._columns[self._kind.key])]
        for ours, text in texts.items():
            if text:
                try:
                    values[ours] = self._kind.readers[ours](text)
                except Unreadable as error:
                    problems.append(RowProblem(error.problem, self._columns.get(ours, ours), shown(text), error.limit))
        problems += [] if problems else [self._problem(error, texts) for error in self._kind.problems(values)]
        if problems:
            return RefusedRow(self._file, row.line, key or None, problems)
        return Record(self._file, row.line, self._kind.named(values) if self._kind.named else key, values)

    def _problem(self, error: InvalidInput, texts: Mapping[str, str]) -> RowProblem:
        """What a rule says of the input of a mutation, said of the file's column."""
        ours = snake(error.path[1])
        column = self._columns.get(ours, error.path[1])
        return RowProblem(error.problem, column, shown(texts.get(ours, "")), error.limit)


def number(text: str) -> Decimal:
    """An exact number."""
    if not _NUMBER.fullmatch(text):
        raise Unreadable(Problem.NOT_A_NUMBER)
    return Decimal(text)


def yes_no(text: str) -> bool:
    """Yes or no."""
    if text.lower() not in _YES_NO:
        raise Unreadable(Problem.NOT_YES_OR_NO)
    return _YES_NO[text.lower()]


def day(text: str) -> date:
    """A day: 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(Problem.NOT_A_DATE) from None


def one_of(enum: type[StrEnum]) -> Read:
    """A member of `enum`."""

    def read(text: str) -> StrEnum:
        try:
            return enum(text.upper())
        except ValueError:
            raise Unreadable(RowFault.NOT_ONE_OF, ", ".join(enum)) from None

    return read


def many(text: str) -> list[str]:
    """Texts with commas between them."""
    return [part.strip() for part in text.split(",") if part.strip()]
