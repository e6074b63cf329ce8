"""What a cell of an order file says, or what is wrong with it. `column` is the file's own name of the column."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.cells import as_written
from domain.errors import InvalidInput
from domain.imports import moment_of, price_problems, quantity_problems, time_problems
from domain.numbers import plain
from domain.problems import Problem
from domain.row_problems import RowFault, RowProblem, cell_problems, shown
from domain.text import code, one_line
from services.imports.preset import FileTable

NULL = "\\N"
"""Nothing, as COPY reads it."""

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")


@dataclass(frozen=True, slots=True)
class Cell:
    """What is staged of a cell, as COPY reads it, and what is wrong with it."""

    staged: str
    problems: tuple[RowProblem, ...] = ()


ABSENT = Cell(NULL)


def read_code(text: str, *, column: str) -> Cell:
    """A number or code by which something is found again."""
    text = as_written(text.strip())
    return _cell(text, column, text, code((), text))


def read_name(text: str, *, column: str) -> Cell:
    """A name, which may be absent."""
    text = as_written(text.strip())
    return _cell(text, column, text, one_line((), text)) if text else ABSENT


def read_customer(text: str, *, column: str, drop_suffix: str) -> Cell:
    """A customer's number, which may be absent."""
    text = as_written(text.strip()).removesuffix(drop_suffix)
    return read_code(text, column=column) if text else ABSENT


def read_quantity(text: str, *, column: str, is_return: bool) -> Cell:
    """How many pieces, fewer than none when they come back."""
    number = _number(text)
    if number is None:
        return _refused(Problem.NOT_A_NUMBER, column, text)
    return _cell(f"{number:f}", column, text, quantity_problems(number, is_return=is_return))


def read_price(text: str, *, column: str) -> Cell:
    """The price of a piece."""
    number = _number(text)
    if number is None:
        return _refused(Problem.NOT_A_NUMBER, column, text)
    return _cell(f"{number:f}", column, text, price_problems(number))


def read_time(text: str, *, column: str, form: FileTable, now: datetime) -> Cell:
    """A local time of the file's zone, as a moment in UTC."""
    try:
        local = datetime.strptime(text.strip(), form.time_format)  # noqa: DTZ007  # the zone is the preset's
        moment = moment_of(local, form.zone)
    except (ValueError, OverflowError):
        return _refused(RowFault.NOT_A_TIME, column, text, form.time_format)
    return _cell(moment.isoformat(), column, text, time_problems(moment, now=now))


def escaped(text: str) -> str:
    """`text` as COPY reads it."""
    return text.translate(_ESCAPES)


def _cell(value: str, column: str, text: str, problems: Iterable[InvalidInput]) -> Cell:
    return Cell(escaped(value), cell_problems(column, text, problems))


def _refused(problem: str, column: str, text: str, limit: str = "") -> Cell:
    return Cell(NULL, (RowProblem(problem, column, shown(text), limit),))


def _number(text: str) -> Decimal | None:
    text = text.strip()
    return plain(Decimal(text)) if _NUMBER.fullmatch(text) else None
