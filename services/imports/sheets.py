"""Rows of an XLSX file, which is looked at from outside before anything of it is unpacked."""

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import orjson

from domain.job_messages import JobMessageCode
from services.imports.unreadable import FileUnreadable, Row

MOST_PARTS = 1_000
LARGEST_UNPACKED = 400_000_000
MOST_SQUEEZED = 300
"""How many bytes one may become, of parts that are large at all."""
_LARGE = 10_000_000
_SECONDS = 330
_DECLARATIONS = 4_096


def read_sheet_rows(path: Path, *, name: str, time_format: str) -> Iterator[Row]:
    """The rows of the first sheet, its header first, without empty ones; moments written as `time_format` says.

    Raises FileUnreadable when it is no spreadsheet, damaged, or would take too much memory.
    """
    _look(path, name)
    with tempfile.TemporaryFile() as rows:
        _convert(path, name, time_format, rows)
        rows.seek(0)
        for line in rows:
            number, cells = orjson.loads(line)
            yield Row(number, cells)


def _look(path: Path, name: str) -> None:
    """Raises FileUnreadable for what no spreadsheet is like."""
    try:
        with zipfile.ZipFile(path) as parts:
            problem = _problem(parts)
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError):
        raise FileUnreadable(JobMessageCode.NO_SPREADSHEET, file=name) from None
    if problem:
        raise FileUnreadable(problem, file=name, limit=LARGEST_UNPACKED)


def _problem(parts: zipfile.ZipFile) -> JobMessageCode | None:
    found = parts.infolist()
    if len(found) > MOST_PARTS:
        return JobMessageCode.SPREADSHEET_UNSAFE
    if "xl/workbook.xml" not in parts.namelist():
        return JobMessageCode.NO_SPREADSHEET
    if sum(part.file_size for part in found) > LARGEST_UNPACKED:
        return JobMessageCode.SPREADSHEET_TOO_LARGE
    for part in found:
        squeezed = part.file_size > _LARGE and part.file_size > MOST_SQUEEZED * part.compress_size
        if squeezed or (part.filename.endswith((".xml", ".rels")) and _declares(parts, part)):
            return JobMessageCode.SPREADSHEET_UNSAFE
    return None


def _declares(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with parts.open(part) as content:
        return b"<!" in content.read(_DECLARATIONS).replace(b"<!--", b"")


def _convert(path: Path, name: str, time_format: str, rows: IO[bytes]) -> None:
    """Write the rows of the file at `path` into `rows`, by a process that may take so much memory and time."""
    command = [sys.executable, "-m", "services.imports.sheet_reader", str(path.resolve()), time_format]
    root = Path(__file__).parents[2]
    environment = {"PYTHONPATH": str(root), "PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
    try:
        ended = subprocess.run(  # noqa: S603  # our own module, and paths that are arguments
            command, stdout=rows, stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False, cwd=root, env=environment
        )
    except subprocess.TimeoutExpired:
        raise FileUnreadable(JobMessageCode.SPREADSHEET_TOO_SLOW, file=name) from None
    if ended.returncode:
        raise FileUnreadable(JobMessageCode.SPREADSHEET_DAMAGED, file=name)
