"""Rows of a file become lines, or the reason why they can't be imported."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, TypeVar

from services.imports.cells import Cell, read_code, read_customer, read_name, read_price, read_quantity, read_time
from services.imports.preset import ColumnsTable, Preset
from services.imports.rows import FileUnreadable, Row, read_rows

T = TypeVar("T")

CELLS_KEPT = 20_000  # of each column: files repeat themselves, so most cells need to be looked at once


class Line(NamedTuple):
    """A line of an invoice, `line` being its place in the file. With a problem, hardly anything else is there."""

    line: int
    invoice: str | None = None
    is_return: bool | None = None
    sku: str | None = None
    name: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    placed_at: datetime | None = None
    customer: str | None = None
    region: str | None = None
    problem: str | None = None


class LineReader:
    """Reads the rows of a file, called `file`, whose first row is `header`; nothing is placed long after `now`.

    Raises FileUnreadable when the header lacks a column of the preset, or has it twice.
    """

    def __init__(self, preset: Preset, header: Sequence[str], *, file: str, now: datetime) -> None:
        names = preset.columns
        self._width = len(header)
        self._pick = itemgetter(*_places(names, header, file))
        self._return_prefix = preset.returns.prefix if preset.returns else None
        self._invoice = _kept(partial(read_code, column=names.invoice))
        self._sku = _kept(partial(read_code, column=names.sku))
        self._name = _kept(partial(read_name, column=names.name or ""))
        self._sold = _kept(partial(read_quantity, column=names.quantity, is_return=False))
        self._returned = _kept(partial(read_quantity, column=names.quantity, is_return=True))
        self._price = _kept(partial(read_price, column=names.unit_price))
        self._placed_at = _kept(partial(read_time, column=names.placed_at, form=preset.file, now=now))
        self._customer = _kept(
            partial(read_customer, column=names.customer or "", drop_suffix=preset.customers.drop_suffix)
        )
        self._region = _kept(partial(read_name, column=names.region or ""))

    def read(self, row: Row) -> Line:
        """The line that a row says."""
        if row.problem:
            return Line(row.line, problem=row.problem)
        if len(row.cells) != self._width:
            return Line(row.line, problem=f"{len(row.cells)} cells, where the header has {self._width}")
        texts = self._pick([*row.cells, ""])
        invoice = self._invoice(texts[0])
        is_return = self._is_return(invoice)
        cells = (
            invoice,
            sku := self._sku(texts[1]),
            quantity := (self._returned if is_return else self._sold)(texts[2]),
            unit_price := self._price(texts[3]),
            placed_at := self._placed_at(texts[4]),
            name := self._name(texts[5]),
            customer := self._customer(texts[6]),
            region := self._region(texts[7]),
        )
        if problems := [cell.problem for cell in cells if cell.problem]:
            return Line(row.line, None if invoice.problem else invoice.value, problem="; ".join(problems))
        return Line(
            row.line,
            invoice.value,
            is_return,
            sku.value,
            name.value,
            quantity.value,
            unit_price.value,
            placed_at.value,
            customer.value,
            region.value,
        )

    def _is_return(self, invoice: Cell[str]) -> bool:
        return self._return_prefix is not None and (invoice.value or "").startswith(self._return_prefix)


def read_lines(path: Path, preset: Preset, *, name: str, now: datetime) -> Iterator[Line]:
    """The lines of a file that people call `name`. Raises FileUnreadable, for its header at once, else later on."""
    rows = read_rows(path, preset.file, name=name)
    header = next(rows, None)
    if header is None:
        raise FileUnreadable(f"{name} is empty")
    return map(LineReader(preset, header.cells, file=name, now=now).read, rows)


def _kept(read: Callable[[str], Cell[T]]) -> Callable[[str], Cell[T]]:
    return lru_cache(CELLS_KEPT)(read)


def _places(columns: ColumnsTable, header: Sequence[str], file: str) -> list[int]:
    """Where a row has our columns, in the order in which they are declared; past its end for one that it never has."""
    names = [name.strip() for name in header]
    given = columns.given
    missing = [name for name in given.values() if name not in names]
    if missing:
        raise FileUnreadable(f"{file}: no column {', '.join(missing)}; there are {', '.join(names)}")
    twice = [name for name in given.values() if names.count(name) > 1]
    if twice:
        raise FileUnreadable(f"{file}: more than one column {', '.join(twice)}")
    return [names.index(given[ours]) if ours in given else len(names) for ours in ColumnsTable.model_fields]
