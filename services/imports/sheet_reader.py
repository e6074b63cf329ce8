"""Reads the first sheet of an XLSX file, as a process: `python -m services.imports.sheet_reader FILE FORMAT`.

The library holds a sheet in memory and ends the process when that does not suffice, so its process is bounded, and is
nobody else's. Each row that holds anything becomes a line of JSON: [its number, [its cells as text]]. Moments are
written as FORMAT says (strftime). Of merged cells, the first has the value.
"""

import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import orjson
from python_calamine import CalamineWorkbook

MEMORY = 1_500_000_000
SECONDS = 300
LARGEST_OUTPUT = 2_000_000_000


def cell_as_text(value: Any, moments: str) -> str:
    """A cell as a CSV file would have it: 12.1 is 12.1, 7.0 is 7."""
    match value:
        case bool():
            return str(value).upper()
        case float() | int():
            return format(Decimal(repr(value)).normalize(), "f")
        case datetime():
            return _rounded(value, timedelta(milliseconds=1 if "%f" in moments else 1000)).strftime(moments)
        case date():
            return datetime.combine(value, time()).strftime(moments)
        case _:
            return str(value)


def _rounded(moment: datetime, unit: timedelta) -> datetime:
    """A spreadsheet's moments are fractions of days, and so never quite what was meant."""
    midnight = datetime.combine(moment.date(), time())
    return midnight + round((moment - midnight) / unit) * unit


def rows_of(path: str, moments: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that hold anything, with their numbers, as wide as the first of them."""
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    width = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [cell_as_text(cell, moments) for cell in row]
        filled = next((place for place in range(len(cells), 0, -1) if cells[place - 1].strip()), 0)
        width = width or filled
        if filled:
            yield number, cells[: max(width, filled)]


def main() -> None:
    """Write the rows to standard output."""
    path, moments = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    write = sys.stdout.buffer.write
    for row in rows_of(path, moments):
        write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
