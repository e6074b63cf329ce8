"""An import of records: a batch at a time is checked, written and reported, all in one transaction.

It may be stopped at any instant and run again from the beginning: what is written already is no change the second time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from models.connection import TransactionClient
from services.files.store import copied_out
from services.imports.preset import FileTable
from services.imports.records.cells import Record, RecordKind, RecordReader, Refused
from services.imports.records.run import RecordRun
from services.imports.rows import read_rows
from services.imports.run import KeptFile
from services.imports.unreadable import FileUnreadable
from services.jobs.leases import CancelAsked, hold_lease
from services.jobs.reporting import add_to_report, file_report, forget_report
from services.transaction import retrying, transaction

ROWS_AT_ONCE = 1_000
_DAYS = "%Y-%m-%d"

Check = Callable[[TransactionClient, RecordRun, Sequence[Record]], Awaitable[list[Refused]]]
Write = Callable[[TransactionClient, RecordRun, Sequence[Record]], Awaitable[tuple[int, int]]]


@dataclass
class Imported:
    """What became of the rows so far: of those `read`, some were `refused`; of the others, some `made` a record or
    `changed` one, and the rest said what was known. `report` is the file that tells of those refused."""

    read: int = 0
    refused: int = 0
    made: int = 0
    changed: int = 0
    report: int | None = None
    cancelled: bool = False


async def import_records(run: RecordRun, kind: RecordKind, check: Check, write: Write) -> Imported:
    """Import the files of `run`; when it is cancelled, as far as it has come.

    Raises FileUnreadable, in which case what came before in the files stays, LeaseLost, and what `run.progress` raises.
    """
    await forget_report(job_id=run.job_id, attempt=run.attempt)
    so_far = Imported()
    try:
        for file in run.parameters.files:
            async with copied_out(file.file_id, run.home) as path:
                rows = await asyncio.to_thread(_read, run, kind, file, path)
                while batch := await asyncio.to_thread(_take, rows):
                    await _apply(run, batch, so_far, check, write)
                    await run.progress(done=so_far.read, failed=so_far.refused)
    except CancelAsked:
        so_far.cancelled = True
    so_far.report = await file_report(
        job_id=run.job_id, owner_id=run.viewer.user_id, folder=run.home, kept_for=run.kept_for
    )
    return so_far


def _read(run: RecordRun, kind: RecordKind, file: KeptFile, path: Path) -> Iterator[Record | Refused]:
    given = run.parameters
    form = FileTable(encoding=given.encoding, delimiter=given.delimiter, time_format=_DAYS, zone=ZoneInfo("UTC"))
    rows = read_rows(path, form, name=file.name)
    header = next(rows, None)
    if header is None:
        raise FileUnreadable(f"{file.name} is empty")
    return map(RecordReader(kind, given.columns, header.cells, file=file.name).read, rows)


def _take(rows: Iterator[Record | Refused]) -> list[Record | Refused]:
    return list(islice(rows, ROWS_AT_ONCE))


async def _apply(
    run: RecordRun, batch: Sequence[Record | Refused], so_far: Imported, check: Check, write: Write
) -> None:
    latest: dict[str, Record] = {}
    refused = [row for row in batch if isinstance(row, Refused)]
    for row in batch:
        if isinstance(row, Record):
            if row.key in latest:
                refused.append(_overtaken(latest[row.key], by=row))
            latest[row.key] = row
    more, made, changed = await _commit(run, list(latest.values()), refused, so_far.refused, check, write)
    so_far.read += len(batch)
    so_far.refused += len(refused) + more
    so_far.made += made
    so_far.changed += changed


def _overtaken(earlier: Record, *, by: Record) -> Refused:
    return Refused(earlier.file, earlier.line, earlier.key, f"line {by.line} says something newer of the same one")


@retrying
async def _commit(
    run: RecordRun, records: Sequence[Record], refused: Sequence[Refused], reported: int, check: Check, write: Write
) -> tuple[int, int, int]:
    """Write the records that can be, and report the others: how many more were refused, were made, were changed."""
    async with transaction() as client:
        await hold_lease(client, job_id=run.job_id, attempt=run.attempt)
        more = await check(client, run, records)
        lines = {(row.file, row.line) for row in more}
        sound = [record for record in records if (record.file, record.line) not in lines]
        made, changed = (0, 0) if run.parameters.dry_run or not sound else await write(client, run, sound)
        told = sorted([*refused, *more], key=lambda row: row.line)
        refusals = [(row.file, row.line, row.key, row.reason) for row in told]
        await add_to_report(client, job_id=run.job_id, after=reported, refusals=refusals)
    return len(more), made, changed
