"""Files of rows, a part at a time, whatever their length. Values come as text, None where there is none."""

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import orjson
import xlsxwriter

from domain.cells import defused
from domain.exports import MOST_ROWS_OF_XLSX, ExportFormat
from domain.files import CSV, NDJSON, XLSX
from rows.declare import Kind
from rows.transfer import ExportColumn

Values = Sequence[str | None]

MEDIA_TYPES = {
    ExportFormat.CSV: f"{CSV}; charset=utf-8",
    ExportFormat.XLSX: XLSX,
    ExportFormat.NDJSON: NDJSON,
}
_NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
_FROM_OUTSIDE = frozenset({Kind.TEXT, Kind.TEXTS})
_EXACT_DIGITS = 15  # what a spreadsheet's numbers hold


class TooManyRows(Exception):
    """The format holds no more rows than `limit`."""

    def __init__(self, form: ExportFormat, limit: int) -> None:
        super().__init__(f"{form} holds at most {limit:,} rows")
        self.format = form
        self.limit = limit


class Writer(Protocol):
    """A file in the making; used as a context."""

    def write(self, rows: Sequence[Values]) -> None:
        """Append `rows`, for which there is room."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class _Closing:
    def __init__(self) -> None:
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()


class CsvWriter(_Closing):
    """UTF-8 with a byte order mark, which spreadsheets want. Text that would be a formula gets an apostrophe."""

    def __init__(self, path: Path, columns: Sequence[ExportColumn]) -> None:
        super().__init__()
        self._outside = [column.kind in _FROM_OUTSIDE for column in columns]
        file = self._open.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
        self._writer = csv.writer(file)
        self._writer.writerow([column.name for column in columns])

    def write(self, rows: Sequence[Values]) -> None:
        """Append `rows`."""
        self._writer.writerows(
            [defused(value) if outside and value else value for value, outside in zip(row, self._outside, strict=True)]
            for row in rows
        )


class NdjsonWriter(_Closing):
    """An object a line, its values as the API writes them."""

    def __init__(self, path: Path, columns: Sequence[ExportColumn]) -> None:
        super().__init__()
        self._columns = columns
        self._file = self._open.enter_context(path.open("wb"))

    def write(self, rows: Sequence[Values]) -> None:
        """Append `rows`."""
        for row in rows:
            values = {column.name: _json(column.kind, value) for column, value in zip(self._columns, row, strict=True)}
            self._file.write(orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE))


class XlsxWriter(_Closing):
    """A sheet of texts and numbers, none of which is a formula. Numbers of more than 15 digits are texts."""

    def __init__(self, path: Path, columns: Sequence[ExportColumn]) -> None:
        super().__init__()
        self._columns = columns
        self._next = 0
        options: dict[str, Any] = {"constant_memory": True, "tmpdir": str(path.parent)}
        book = xlsxwriter.Workbook(path, options)
        self._open.callback(book.close)
        self._sheet = book.add_worksheet()
        self._row([column.name for column in columns], numbers=False)

    def write(self, rows: Sequence[Values]) -> None:
        """Append `rows`."""
        for row in rows:
            self._row(row, numbers=True)

    def _row(self, row: Values, *, numbers: bool) -> None:
        for place, (column, value) in enumerate(zip(self._columns, row, strict=True)):
            if value is None:
                continue
            if numbers and column.kind in _NUMBERS and sum(map(str.isdigit, value)) <= _EXACT_DIGITS:
                self._sheet.write_number(self._next, place, float(value))
            else:
                self._sheet.write_string(self._next, place, value)
        self._next += 1


def check_room(form: ExportFormat, rows: int) -> None:
    """Raises TooManyRows when no file of this format holds so many."""
    if form is ExportFormat.XLSX and rows > MOST_ROWS_OF_XLSX:
        raise TooManyRows(form, MOST_ROWS_OF_XLSX)


def writer_of(form: ExportFormat, path: Path, columns: Sequence[ExportColumn]) -> Writer:
    """A writer of the file at `path`, which begins with its header if it has one."""
    match form:
        case ExportFormat.CSV:
            return CsvWriter(path, columns)
        case ExportFormat.NDJSON:
            return NdjsonWriter(path, columns)
        case ExportFormat.XLSX:
            return XlsxWriter(path, columns)


def _json(kind: Kind, value: str | None) -> Any:
    match kind, value:
        case _, None:
            return None
        case Kind.INTEGER, str():
            return int(value)
        case Kind.BOOLEAN, str():
            return value == "true"
        case _:
            return value
