"""An import is started: checked, and stored as a job for a worker."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.audit import AuditAction
from domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, Refused
from domain.jobs import JobKind
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.problems import Problem
from domain.text import too_many
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import FILE, JOB
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.idempotency import Request, once
from services.imports.preset import Preset
from services.imports.run import ImportParameters, KeptFile
from services.jobs.create import create_job
from services.ownership import choose_owner
from services.references import refused, sound
from services.transaction import retrying, transaction

MOST_FILES = 20

_FILES: tuple[str, ...] = (*INPUT, "files")
# Held, so that nobody removes them before the job is there that needs them.
_STORED = """
SELECT id, name, sha256 FROM stored_file WHERE id = ANY ($1::bigint[]) AND expires_at > $2 ORDER BY id FOR KEY SHARE
"""


@dataclass(frozen=True, kw_only=True)
class OrderImport:
    """What somebody wants to have imported: files that they uploaded, in this order, as `preset` says.

    Orders belong to `owner_id`, or to whoever imports. A `dry_run` checks everything and makes nothing.
    """

    files: Sequence[int]
    preset: Preset
    owner_id: int | None = None
    dry_run: bool = False


@retrying
async def start_order_import(*, viewer: Viewer, wanted: OrderImport, idempotency_key: str | None = None) -> int:
    """Store a job that imports; its id. Whoever calls wakes a worker.

    Raises Refused with NotPermitted, NotFound (a file, the owner), InvalidInput or IdempotencyKeyReused.
    """
    asked = {
        "files": wanted.files,
        "preset": wanted.preset.model_dump(mode="json"),
        "ownerId": wanted.owner_id,
        "dryRun": wanted.dry_run,
    }
    request = Request(principal=viewer.user_id, mutation="orderImport", key=idempotency_key, asked=asked)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _start(client, viewer, wanted))
    return outcome.settle()


async def _start(client: TransactionClient, viewer: Viewer, wanted: OrderImport) -> int:
    if not may(viewer, Action.IMPORT_ORDERS):
        raise Refused(NotPermitted())
    ownership = await choose_owner(client, viewer, Action.IMPORT_ORDERS, owner_id=wanted.owner_id)
    files = await find_files(client, viewer, wanted.files)
    if problems := [*refused(ownership), *refused(*files)]:
        raise Refused(*problems)
    parameters = ImportParameters(
        files=tuple(sound(file) for file in files),
        preset=wanted.preset,
        owner_id=sound(ownership).owner_id,
        team_id=sound(ownership).team_id,
        dry_run=wanted.dry_run,
    )
    job_id = await create_job(
        client,
        kind=JobKind.ORDER_IMPORT,
        started_by=viewer.user_id,
        parameters=parameters.model_dump(mode="json"),
    )
    facts = {"kind": JobKind.ORDER_IMPORT, "files": [file.name for file in parameters.files], "dryRun": wanted.dry_run}
    await record(client, actor=viewer.user_id, action=AuditAction.IMPORT_STARTED, subject=(JOB, job_id), facts=facts)
    return job_id


async def find_files(client: TransactionClient, viewer: Viewer, ids: Sequence[int]) -> list[KeptFile | DomainError]:
    """The viewer's files with these ids, in this order, each at `input.files`; a refusal where there is none."""
    if not ids:
        return [InvalidInput(path=_FILES, problem=Problem.MISSING)]
    if len(ids) > MOST_FILES:
        return [too_many(_FILES, MOST_FILES)]
    seen = await visible_ids(client, FILE, viewer, ids)
    rows = {row["id"]: row for row in await client.connection.fetch(_STORED, seen, now())}
    contents = [rows[file_id]["sha256"] if file_id in rows else None for file_id in ids]
    found: list[KeptFile | DomainError] = []
    for place, (file_id, content) in enumerate(zip(ids, contents, strict=True)):
        path = (*_FILES, str(place))
        if content is None:
            found.append(NotFound(path=path))
        elif content in contents[:place]:
            found.append(InvalidInput(path=path, problem=Problem.DUPLICATE))
        else:
            found.append(KeptFile(name=rows[file_id]["name"], file_id=file_id))
    return found
