"""An import of records: a batch at a time is checked, written and reported, all in one transaction.

It may be stopped at any instant and run again from the beginning: what is written already is no change the second time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence, Set
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg

from domain.job_messages import JobMessageCode
from domain.row_problems import RowFault, RowProblem, stored
from models.connection import TransactionClient
from services.files.store import copied_out
from services.imports.preset import FileTable
from services.imports.records.cells import Checked, Record, RecordKind, RecordReader, RefusedRow
from services.imports.records.run import RecordRun
from services.imports.rows import read_rows
from services.imports.run import KeptFile
from services.imports.unreadable import FileUnreadable, Row
from services.jobs.leases import CancelAsked, hold_lease
from services.jobs.reporting import add_to_report, file_report, forget_report
from services.transaction import Forestalled, retrying, transaction

ROWS_AT_ONCE = 1_000
ROWS_COUNTED_AT_ONCE = 100_000
_DAYS = "%Y-%m-%d"
# In the batch's transaction: an attempt that follows a crash finds what is written already, and goes on counting.
_COUNT = """
UPDATE job SET parameters = parameters || jsonb_build_object(
    'made', coalesce((parameters ->> 'made')::bigint, 0) + $2::bigint,
    'changed', coalesce((parameters ->> 'changed')::bigint, 0) + $3::bigint)
WHERE id = $1 RETURNING (parameters ->> 'made')::bigint AS made, (parameters ->> 'changed')::bigint AS changed
"""

Check = Callable[[TransactionClient, RecordRun, Sequence[Record]], Awaitable[Checked]]
Write = Callable[[TransactionClient, RecordRun, Sequence[Record], Set[str]], Awaitable[tuple[int, int]]]


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

    All files are read to their ends first, so that how many rows there are is known before any is written. Raises
    FileUnreadable, in which case nothing is written, LeaseLost, and what `run.progress` raises.
    """
    await forget_report(job_id=run.job_id, attempt=run.attempt)
    so_far = Imported()
    try:
        async with AsyncExitStack() as stack:
            paths = {
                file: await stack.enter_async_context(copied_out(file.file_id, run.home))
                for file in run.parameters.files
            }
            total = await _count(run, kind, paths)
            for file, path in paths.items():
                rows = await asyncio.to_thread(_read, run, kind, file, path)
                while batch := await asyncio.to_thread(_take, rows):
                    await _apply(run, batch, so_far, check, write)
                    await run.progress(
                        done=so_far.read, failed=so_far.refused, unchanged=_unchanged(run, so_far), total=total
                    )
    except CancelAsked:
        so_far.cancelled = True
    so_far.report = await file_report(
        job_id=run.job_id, owner_id=run.viewer.user_id, folder=run.home, kept_for=run.kept_for
    )
    return so_far


def _unchanged(run: RecordRun, so_far: Imported) -> int:
    """Rows that said what was known. What an earlier attempt wrote is none of these, though it finds it there."""
    if run.parameters.dry_run:
        return 0
    return max(so_far.read - so_far.refused - so_far.made - so_far.changed, 0)


async def _count(run: RecordRun, kind: RecordKind, paths: Mapping[KeptFile, Path]) -> int:
    """How many rows there are, headers aside; `run.progress` is told as they are counted."""
    total = 0
    for file, path in paths.items():
        _reader, rows = await asyncio.to_thread(_opened, run, kind, file, path)
        while counted := await asyncio.to_thread(_pass, rows):
            total += counted
            await run.progress(done=0, total=total)
    return total


def _pass(rows: Iterator[Row]) -> int:
    return sum(1 for _row in islice(rows, ROWS_COUNTED_AT_ONCE))


def _read(run: RecordRun, kind: RecordKind, file: KeptFile, path: Path) -> Iterator[Record | RefusedRow]:
    reader, rows = _opened(run, kind, file, path)
    return map(reader.read, rows)


def _opened(run: RecordRun, kind: RecordKind, file: KeptFile, path: Path) -> tuple[RecordReader, Iterator[Row]]:
    given = run.parameters
    form = FileTable(encoding=given.encoding, delimiter=given.delimiter, time_format=_DAYS, zone=ZoneInfo("UTC"))
    rows = read_rows(path, form, name=file.name)
    header = next(rows, None)
    if header is None:
        raise FileUnreadable(JobMessageCode.FILE_EMPTY, file=file.name)
    return RecordReader(kind, given.columns, header.cells, file=file.name, defaults=given.defaults), rows


def _take(rows: Iterator[Record | RefusedRow]) -> list[Record | RefusedRow]:
    return list(islice(rows, ROWS_AT_ONCE))


async def _apply(
    run: RecordRun, batch: Sequence[Record | RefusedRow], so_far: Imported, check: Check, write: Write
) -> None:
    latest: dict[str, Record] = {}
    refused = [row for row in batch if isinstance(row, RefusedRow)]
    for row in batch:
        if isinstance(row, Record):
            if row.key in latest:
                refused.append(_overtaken(latest[row.key], by=row))
            latest[row.key] = row
    more, so_far.made, so_far.changed = await _commit(run, list(latest.values()), refused, so_far.refused, check, write)
    so_far.read += len(batch)
    so_far.refused += len(refused) + more


def _overtaken(earlier: Record, *, by: Record) -> RefusedRow:
    overtaken = RowProblem(RowFault.OVERTAKEN, limit=str(by.line))
    return RefusedRow(earlier.file, earlier.line, earlier.key, [overtaken])


@retrying
async def _commit(
    run: RecordRun, records: Sequence[Record], refused: Sequence[RefusedRow], reported: int, check: Check, write: Write
) -> tuple[int, int, int]:
    """Write the records that can be, and report the others: how many more were refused, and how many the job has made
    and changed by now, in all its attempts."""
    async with transaction() as client:
        await hold_lease(client, job_id=run.job_id, attempt=run.attempt)
        checked = await check(client, run, records)
        lines = {(row.file, row.line) for row in checked.refused}
        sound = [record for record in records if (record.file, record.line) not in lines]
        written = (0, 0) if run.parameters.dry_run or not sound else await _write(client, run, sound, checked, write)
        [counts] = await client.connection.fetch(_COUNT, run.job_id, *written)
        told = sorted([*refused, *checked.refused], key=lambda row: row.line)
        refusals = [(row.file, row.line, row.key, stored(row.problems)) for row in told]
        await add_to_report(client, job_id=run.job_id, after=reported, refusals=refusals)
    return len(checked.refused), counts["made"], counts["changed"]


async def _write(
    client: TransactionClient, run: RecordRun, records: Sequence[Record], checked: Checked, write: Write
) -> tuple[int, int]:
    """As `write`. Raises Forestalled when a record was made by others since it was checked, as somebody's it may be."""
    try:
        return await write(client, run, records, checked.known)
    except asyncpg.UniqueViolationError as violation:
        raise Forestalled from violation
