"""The report of what was not imported: a CSV file with file, line, invoice and reason."""

import asyncio
import csv
import os
from pathlib import Path
from typing import TextIO

from models.connection import pool
from services.imports.run import ImportRun
from services.imports.staging import StagingLost

ROWS_AT_ONCE = 5_000

_HEADER = ("file", "line", "invoice", "reason")
_REFUSED = """
SELECT file, line, invoice, problem FROM import_line
WHERE job_id = $1 AND problem IS NOT NULL AND (file, line) > ($2, $3) ORDER BY file, line LIMIT $4
"""


async def write_report(run: ImportRun, *, refused: int) -> str | None:
    """Write the `refused` lines of the import into a file; its path below the home, None if there are none.

    The file is there as a whole or not at all. Raises StagingLost when these lines are gone.
    """
    if not refused:
        return None
    path = Path("reports") / f"job-{run.job_id}.csv"
    final = run.home / path
    unfinished = final.with_suffix(".unfinished")
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        written = await _write_rows(run, file)
    if written != refused:
        raise StagingLost("refused lines are gone")
    os.replace(unfinished, final)
    return str(path)


async def _write_rows(run: ImportRun, file: TextIO) -> int:
    writer = csv.writer(file)
    writer.writerow(_HEADER)
    names = [defused(kept.name) for kept in run.parameters.files]
    written, last = 0, (-1, -1)
    while rows := await pool().fetch(_REFUSED, run.job_id, *last, ROWS_AT_ONCE):
        cells = [(names[row["file"]], row["line"], defused(row["invoice"] or ""), row["problem"]) for row in rows]
        await asyncio.to_thread(writer.writerows, cells)
        written += len(rows)
        last = (rows[-1]["file"], rows[-1]["line"])
    return written


def defused(cell: str) -> str:
    """A cell that came from outside, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
