"""Lines wait in staging tables until they are applied. These are not logged: a crash of the database empties them."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path

from services.clock import now
from services.files.store import copied_out
from services.imports.cell_reader import CellReader
from services.imports.custom_cells import CustomCells, custom_cells
from services.imports.lines import STAGED, Line, read_lines
from services.imports.run import ImportRun, KeptFile
from services.imports.unreadable import FileUnreadable
from services.jobs.leases import hold_lease
from services.transaction import transaction

LINES_AT_ONCE = 5_000
ROWS_CLEARED_AT_ONCE = 50_000

_COLUMNS = ("job_id", "file", *STAGED)
_CLEAR = (
    "DELETE FROM import_line WHERE ctid = ANY (ARRAY(SELECT ctid FROM import_line WHERE job_id = $1 LIMIT $2))",
    "DELETE FROM import_order WHERE ctid = ANY (ARRAY(SELECT ctid FROM import_order WHERE job_id = $1 LIMIT $2))",
)
_CLEAR_OVER = (
    """DELETE FROM import_line WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM import_line
           WHERE job_id NOT IN (SELECT id FROM job WHERE state IN ('QUEUED', 'RUNNING')) LIMIT $1))""",
    """DELETE FROM import_order WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM import_order
           WHERE job_id NOT IN (SELECT id FROM job WHERE state IN ('QUEUED', 'RUNNING')) LIMIT $1))""",
)


@dataclass(frozen=True)
class Staged:
    """How many lines were read, and how many of them cannot become lines of orders."""

    lines: int
    refused: int


class StagingLost(ConnectionError):
    """The database crashed and came back without the staged lines: the run has to begin again."""


async def stage_files(run: ImportRun) -> Staged:
    """Read all files of the import into the staging table, instead of what an earlier run left there.

    Raises FileUnreadable, in which case no line of any file stays staged, and LeaseLost.
    """
    await clear_staging(run)
    try:
        return await _stage_all(run)
    except FileUnreadable:
        await clear_staging(run)
        raise


async def _stage_all(run: ImportRun) -> Staged:
    lines = refused = 0
    cells = CellReader(run.parameters.preset, now=now())
    custom = await custom_cells(run.parameters.preset)
    for position, file in enumerate(run.parameters.files):
        async with copied_out(file.file_id, run.home) as path:
            read = await asyncio.to_thread(_read_file, run, file, path, cells, custom)
            while chunk := await asyncio.to_thread(_take, read):
                await _copy(run, position, chunk)
                lines += len(chunk)
                refused += sum(line.refused for line in chunk)
                await run.progress(done=refused, failed=refused, total=lines)
    await _analyse(run)
    return Staged(lines, refused)


async def clear_staging(run: ImportRun) -> None:
    """Remove all staged rows of the job. Raises LeaseLost."""
    for statement in _CLEAR:
        while await _clear_some(run, statement) == ROWS_CLEARED_AT_ONCE:
            pass


async def clear_staging_of_ended() -> None:
    """Remove the staged rows of jobs that are over: of those that were given up, or failed by a fault of ours."""
    for statement in _CLEAR_OVER:
        while await _clear_some_of_ended(statement) == ROWS_CLEARED_AT_ONCE:
            pass


async def _clear_some_of_ended(statement: str) -> int:
    async with transaction() as client:
        tag = await client.connection.execute(statement, ROWS_CLEARED_AT_ONCE)
    return int(tag.removeprefix("DELETE "))


async def _clear_some(run: ImportRun, statement: str) -> int:
    async with transaction() as client:
        await hold_lease(client, job_id=run.job_id, attempt=run.attempt)
        tag = await client.connection.execute(statement, run.job_id, ROWS_CLEARED_AT_ONCE)
    return int(tag.removeprefix("DELETE "))


def _read_file(run: ImportRun, file: KeptFile, path: Path, cells: CellReader, custom: CustomCells) -> Iterator[Line]:
    return read_lines(path, run.parameters.preset, cells, custom, name=file.name)


def _take(lines: Iterator[Line]) -> list[Line]:
    return list(islice(lines, LINES_AT_ONCE))


async def _copy(run: ImportRun, file: int, lines: list[Line]) -> None:
    begin = f"{run.job_id}\t{file}\t"
    rows = "".join([f"{begin}{line.staged}\n" for line in lines])
    async with transaction() as client:
        await hold_lease(client, job_id=run.job_id, attempt=run.attempt)
        await client.connection.copy_to_table("import_line", source=BytesIO(rows.encode()), columns=_COLUMNS)


async def _analyse(run: ImportRun) -> None:
    """Tell the planner what the tables hold now: autovacuum would come too late."""
    async with transaction() as client:
        await hold_lease(client, job_id=run.job_id, attempt=run.attempt)
        await client.connection.execute("ANALYZE import_line")
