"""Rows of a file: CSV, plain or gzip, a few at a time in memory however big the file is, or XLSX."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.files import LONGEST_MARK, encoding_by_mark
from domain.job_messages import JobMessageCode
from domain.row_problems import RowFault, RowProblem
from services.imports.preset import FileTable
from services.imports.sheets import read_sheet_rows
from services.imports.unreadable import FileUnreadable, Row

LONGEST_LINE = 1_000_000  # characters; more is not a table, or would not fit into memory
MOST_CELLS = 10_000  # in a row
MOST_TEXT = 5_000_000_000  # characters, of which gzip needs few
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"


def read_rows(path: Path, form: FileTable, *, name: str) -> Iterator[Row]:
    """The rows of a file, its header first, without blank ones. A row that is no CSV has a problem and no cells.

    `name` is what people call the file. Raises FileUnreadable when it is damaged, not in the preset's encoding, or
    has a quote that swallows the lines after it.
    """
    if not path.exists():
        raise FileUnreadable(JobMessageCode.FILE_GONE, file=name)
    if _begins(path, ZIP):
        yield from read_sheet_rows(path, name=name, time_format=form.time_format)
        return
    encoding = _encoding(path, form)
    with _opened(path, encoding) as text:
        lines = _Lines(text, form.delimiter)
        try:
            yield from _rows(lines, form.delimiter)
        except UnicodeDecodeError:
            named = encoding.removesuffix("-sig")
            raise FileUnreadable(JobMessageCode.WRONG_ENCODING, file=name, encoding=named, line=lines.read) from None
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise FileUnreadable(JobMessageCode.DAMAGED_GZIP, file=name, line=lines.read) from None
        except _NoTable as error:
            raise FileUnreadable(error.code, file=name, **error.facts) from None


def _begins(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


class _NoTable(Exception):
    """Where a row ends can't be told."""

    def __init__(self, code: JobMessageCode, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class _Lines:
    """The lines of a text as csv wants them, counted; a quoted cell may go over several.

    `of_row` is how many characters the row has so far, which are set to zero for the next one.
    """

    def __init__(self, text: io.TextIOWrapper, delimiter: str) -> None:
        self._next = text.readline
        self._delimiter = delimiter
        self._characters = 0
        self.read = 0
        self.of_row = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._next(LONGEST_LINE + 1):
            self.read += 1
            self.of_row += len(line)
            self._characters += len(line)
            if self.of_row > LONGEST_LINE:
                raise _NoTable(JobMessageCode.LINE_TOO_LONG, line=self.read, limit=LONGEST_LINE)
            if len(line) > MOST_CELLS and line.count(self._delimiter) >= MOST_CELLS:
                raise _NoTable(JobMessageCode.TOO_MANY_CELLS, line=self.read, limit=MOST_CELLS)
            if self._characters > MOST_TEXT:
                raise _NoTable(JobMessageCode.FILE_TOO_LONG, limit=MOST_TEXT)
            yield line


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        begin, lines.of_row = lines.read + 1, 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if lines.read > begin:
                raise _NoTable(JobMessageCode.QUOTE_NOT_CLOSED, line=begin) from None
            yield Row(begin, [], RowProblem(RowFault.NOT_CSV))
            continue
        if cells:
            yield Row(begin, cells)


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    with path.open("rb") as plain:
        zipped = plain.peek(len(GZIP)).startswith(GZIP)
        content = io.BufferedReader(gzip.GzipFile(fileobj=plain)) if zipped else plain
        with io.TextIOWrapper(content, encoding=encoding, newline="") as text:
            yield text


def _encoding(path: Path, form: FileTable) -> str:
    """The codec of the file, which drops a byte order mark: as the preset says, else as the mark does, else UTF-8."""
    named = (form.encoding or "").lower().replace("_", "-")
    if named not in {"", "utf-8", "utf8"}:
        return named
    with path.open("rb") as plain:
        zipped = plain.peek(len(GZIP)).startswith(GZIP)
        beginning = (gzip.GzipFile(fileobj=plain) if zipped else plain).read(LONGEST_MARK)
    return (encoding_by_mark(beginning) if not named else None) or "utf-8-sig"
