"""Rows of a CSV file, plain or gzip, a few at a time in memory however big the file is."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from domain.files import LONGEST_MARK, encoding_by_mark
from services.imports.preset import FileTable

LONGEST_LINE = 1_000_000  # characters; more is not a table, or would not fit into memory
GZIP = b"\x1f\x8b"


class FileUnreadable(Exception):
    """A file is not what its preset says, as a whole; the message says where and why."""


class Row(NamedTuple):
    """A row with the number of the line on which it begins, the file's first line being 1."""

    line: int
    cells: list[str]
    problem: str | None = None


def read_rows(path: Path, form: FileTable, *, name: str) -> Iterator[Row]:
    """The rows of a file, its header first, without blank ones. A row that is no CSV has a problem and no cells.

    `name` is what people call the file. Raises FileUnreadable when it is damaged, not in the preset's encoding, or
    has a quote that swallows the lines after it.
    """
    if not path.exists():
        raise FileUnreadable(f"{name} is not there")
    encoding = _encoding(path, form)
    with _opened(path, encoding) as text:
        lines = _Lines(text)
        try:
            yield from _rows(lines, form.delimiter)
        except UnicodeDecodeError as error:
            raise FileUnreadable(
                f"{name}: not {encoding.removesuffix('-sig')} after line {lines.read}: {error.reason}"
            ) from None
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise FileUnreadable(f"{name}: damaged gzip after line {lines.read}: {error}") from None
        except _NoTable as error:
            raise FileUnreadable(f"{name}: {error}") from None


class _NoTable(Exception):
    """Where a row ends can't be told."""


class _Lines:
    """The lines of a text as csv wants them, counted; a quoted cell may go over several."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._next = text.readline
        self.read = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._next(LONGEST_LINE + 1):
            self.read += 1
            if len(line) > LONGEST_LINE:
                raise _NoTable(f"line {self.read} is longer than {LONGEST_LINE} characters")
            yield line


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        begin = lines.read + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if lines.read > begin:
                raise _NoTable(f"a quoted cell that begins on line {begin} does not end well: {error}") from None
            yield Row(begin, [], f"not CSV: {error}")
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
