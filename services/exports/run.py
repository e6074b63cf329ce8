"""An export runs: everything that its viewer sees and asked for, in one snapshot, into one file."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from asyncpg.cursor import Cursor

from domain.currencies import DIGITS
from domain.files import FileKind
from domain.jobs import DEADLINES, JobKind
from models.connection import pool
from rows.custom_fields import CustomFields
from rows.declare import Entity
from rows.parameters import Context, Parameters, fill
from rows.sql import Compiler, ViewerShape
from rows.transfer import Export, ExportShape
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.custom_fields.definitions import CustomFieldsInUse
from services.exports.parameters import ExportParameters, understand
from services.exports.writers import MEDIA_TYPES, Writer, check_room, writer_of
from services.files.store import store_file, work_file
from services.jobs.progress import Progress
from services.transaction import snapshot

ROWS_AT_ONCE = 2_000
# Seconds: a statement that sorts everything may take longer than those of requests, but not longer than the job.
_LONGEST = DEADLINES[JobKind.ORDER_EXPORT].total_seconds()


class TookTooLong(Exception):
    """The database did not come to an end of a statement in time."""


@dataclass(frozen=True, kw_only=True)
class ExportRun:
    """One attempt at the job `job_id`, for `viewer`; the file is made below `home` and `kept_for` so long."""

    job_id: int
    viewer: Viewer
    entity: Entity
    parameters: ExportParameters
    company: Company
    home: Path
    kept_for: timedelta
    progress: Progress


@dataclass(frozen=True)
class Exported:
    """A file of so many rows, by its id."""

    rows: int
    file_id: int


async def export_rows(run: ExportRun) -> Exported:
    """Write the file. Raises Refused when what was asked for is not there any more, TooManyRows, TookTooLong, and
    what `run.progress` raises."""
    shape, values = understand(run.entity, run.parameters, await _custom_fields())
    form = run.parameters.format
    with work_file(run.home) as path:
        rows = await _write(run, shape, values, path)
        file_id = await store_file(
            path,
            kind=FileKind.RESULT,
            owner_id=run.viewer.user_id,
            name=f"{run.entity.name.lower()}s-{run.job_id}.{form.lower()}",
            media_type=MEDIA_TYPES[form],
            kept_for=run.kept_for,
        )
    return Exported(rows, file_id)


async def _custom_fields() -> CustomFields:
    found = CustomFieldsInUse(pool().fetch)
    await found.refresh()
    return found.current


async def _write(run: ExportRun, shape: ExportShape, values: Sequence[Any], path: Path) -> int:
    """Write all rows of the export; how many. They are those of the moment at which it began."""
    done = 0
    with writer_of(run.parameters.format, path, _compiled(run, shape).columns()) as writer:
        async with snapshot() as connection:
            total = await _count(connection, run, shape, values)
            check_room(run.parameters.format, total)
            async for part in _parts(connection, run, shape, values):
                await asyncio.to_thread(_append, writer, part)
                done += len(part)
                await run.progress(done=done, total=total)
    return done


def _append(writer: Writer, part: Sequence[asyncpg.Record]) -> None:
    writer.write([tuple(row) for row in part])


def _compiled(run: ExportRun, shape: ExportShape) -> Export:
    return Export(Compiler(ViewerShape(run.viewer.roles, 0, run.viewer.scopes), Parameters()), shape)


async def _count(connection: asyncpg.Connection, run: ExportRun, shape: ExportShape, values: Sequence[Any]) -> int:
    export = _compiled(run, shape)
    sql = export.count()
    with _in_time():
        return int(await connection.fetchval(sql, *_arguments(run, export, values), timeout=_LONGEST))


async def _parts(
    connection: asyncpg.Connection, run: ExportRun, shape: ExportShape, values: Sequence[Any]
) -> AsyncIterator[list[asyncpg.Record]]:
    export = _compiled(run, shape)
    sql = export.rows()
    with _in_time():
        cursor = await connection.cursor(sql, *_arguments(run, export, values), timeout=_LONGEST)
    while part := await _fetched(cursor):
        yield part


async def _fetched(cursor: "Cursor[asyncpg.Record]") -> list[asyncpg.Record]:
    with _in_time():
        return await cursor.fetch(ROWS_AT_ONCE, timeout=_LONGEST)


@contextmanager
def _in_time() -> Iterator[None]:
    """Around one statement: a timeout of any other kind is a fault of the machine, and tried again."""
    try:
        yield
    except (TimeoutError, asyncpg.QueryCanceledError) as error:
        raise TookTooLong from error


def _arguments(run: ExportRun, export: Export, values: Sequence[Any]) -> list[Any]:
    company = run.company
    digits, today = DIGITS[company.currency], company.day_of(now())
    context = Context(run.viewer, company.currency, digits, zone=company.zone.key, today=today)
    return fill(export.compiler.parameters.sources, context, [values])
