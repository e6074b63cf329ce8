"""A job's report: the rows that it did not take, and why, for the API and as a CSV file."""

import asyncio
import csv
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TextIO

import asyncpg
import orjson

from domain.cells import defused
from domain.files import CSV, FileKind
from domain.row_problems import row_texts
from models.connection import TransactionClient, pool
from services.files.store import store_file, work_file
from services.jobs.leases import hold_lease
from services.transaction import transaction

ROWS_AT_ONCE = 5_000

_HEADER = ("file", "line", "subject", "reason")
_FORGET = """
DELETE FROM job_report_row WHERE id = ANY (ARRAY(SELECT id FROM job_report_row WHERE job_id = $1 LIMIT $2))
"""
_READ = """
SELECT position, file, line, subject, problems, reason FROM job_report_row
WHERE job_id = $1 AND position > $2 ORDER BY position LIMIT $3
"""
_COLUMNS = ("job_id", "position", "file", "line", "subject", "problems")

Refusal = tuple[str, int, str | None, str]
"""A row that was not taken: the file's name, its line, what it is about, and why (`domain.row_problems.stored`)."""


async def forget_report(*, job_id: int, attempt: int) -> None:
    """Remove what an earlier attempt at the job reported. Raises LeaseLost."""
    removed = f"DELETE {ROWS_AT_ONCE}"
    while removed == f"DELETE {ROWS_AT_ONCE}":
        async with transaction() as client:
            await hold_lease(client, job_id=job_id, attempt=attempt)
            removed = await client.connection.execute(_FORGET, job_id, ROWS_AT_ONCE)


async def add_to_report(client: TransactionClient, *, job_id: int, after: int, refusals: Sequence[Refusal]) -> None:
    """Report `refusals`, of which the first gets the position behind `after`."""
    records = ((job_id, position, *refusal) for position, refusal in enumerate(refusals, after + 1))
    await client.connection.copy_records_to_table("job_report_row", records=records, columns=_COLUMNS)


async def file_report(*, job_id: int, owner_id: int | None, folder: Path, kept_for: timedelta) -> int | None:
    """Keep the report as a CSV file in the job's language, made below `folder`; its id, None if there is nothing to
    report."""
    language: str = await pool().fetchval("SELECT language FROM job WHERE id = $1", job_id)
    with work_file(folder) as path:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            written = await _write_rows(job_id, file, language)
        if not written:
            return None
        return await store_file(
            path,
            kind=FileKind.REPORT,
            owner_id=owner_id,
            name=f"job-{job_id}-report.csv",
            media_type=f"{CSV}; charset=utf-8",
            kept_for=kept_for,
        )


async def _write_rows(job_id: int, file: TextIO, language: str) -> int:
    writer = csv.writer(file)
    writer.writerow(_HEADER)
    last = 0
    while rows := await pool().fetch(_READ, job_id, last, ROWS_AT_ONCE):
        await asyncio.to_thread(lambda: writer.writerows(_written(row, language) for row in rows))
        last = rows[-1]["position"]
    return last


def _written(row: asyncpg.Record, language: str) -> list[object]:
    [reason] = row_texts([(row["problems"] and orjson.loads(row["problems"]), row["reason"])], language)
    cells = (row["file"], row["line"], row["subject"], reason)
    return [defused(cell) if isinstance(cell, str) else cell for cell in cells]
