"""An import of customers, products or prices is started: checked, and stored as a job for a worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.audit import AuditAction
from domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, Refused
from domain.files import ENCODINGS
from domain.jobs import JobKind
from domain.naming import camel
from domain.ownership import Ownership
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.problems import Problem
from domain.text import one_line
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import CHANNEL, JOB
from rows.viewer import Viewer
from services.audit import record
from services.idempotency import Request, once
from services.imports.records.run import RecordParameters
from services.imports.start import find_files
from services.jobs.create import create_job
from services.leads.pools import pool_problems
from services.ownership import choose_owner
from services.references import refused, sound
from services.transaction import retrying, transaction

_MUTATIONS = {
    JobKind.CUSTOMER_IMPORT: "customerImport",
    JobKind.PRODUCT_IMPORT: "productImport",
    JobKind.CHANNEL_PRICE_IMPORT: "channelPriceImport",
    JobKind.LEAD_IMPORT: "leadImport",
}
_OF_A_CHANNEL = frozenset({JobKind.CUSTOMER_IMPORT, JobKind.CHANNEL_PRICE_IMPORT, JobKind.LEAD_IMPORT})
_OWNED = {JobKind.CUSTOMER_IMPORT: Action.KEEP_CUSTOMERS, JobKind.LEAD_IMPORT: Action.ENTER_LEADS}
"""What is made somebody's, and what they have to be allowed to do."""
_NEEDED = {JobKind.CHANNEL_PRICE_IMPORT: ("currency", "starts_on")}
"""Our columns that every row needs, from the file or for all rows from the input."""
_NOBODY = Ownership(owner_id=None, team_id=None)


@dataclass(frozen=True, kw_only=True)
class RecordImport:
    """What somebody wants to have imported: files that they uploaded, with the files' names of our columns, by ours.

    `defaults` are texts of our columns where a row has none. Customers and leads come from `channel_id`, and new ones
    belong to `owner_id`, or to whoever imports, if no pool takes them; leads wait in `pool_id`. Prices are of
    `channel_id`.
    """

    files: Sequence[int]
    columns: Mapping[str, str]
    defaults: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str = ","
    channel_id: int | None = None
    owner_id: int | None = None
    pool_id: int | None = None
    dry_run: bool = False


@retrying
async def start_record_import(
    *, viewer: Viewer, kind: JobKind, wanted: RecordImport, idempotency_key: str | None = None
) -> int:
    """Store a job that imports; its id. Whoever calls wakes a worker.

    Raises Refused with NotPermitted, NotFound (a file, the channel, the owner), InvalidInput or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation=_MUTATIONS[kind], key=idempotency_key, asked=wanted)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _start(client, viewer, kind, wanted))
    return outcome.settle()


async def _start(client: TransactionClient, viewer: Viewer, kind: JobKind, wanted: RecordImport) -> int:
    action = _OWNED.get(kind, Action.KEEP_PRODUCTS)
    if not may(viewer, action):
        raise Refused(NotPermitted())
    ownership: Ownership | DomainError = _NOBODY
    if kind in _OWNED:
        ownership = await choose_owner(client, viewer, action, owner_id=wanted.owner_id)
    files = await find_files(client, viewer, wanted.files)
    problems = [*_problems(wanted), *_lacking(kind, wanted), *refused(ownership), *refused(*files)]
    if kind in _OF_A_CHANNEL and not await visible_ids(client, CHANNEL, viewer, [wanted.channel_id or 0]):
        problems.append(NotFound(path=(*INPUT, "sourceId" if kind is JobKind.LEAD_IMPORT else "channelId")))
    if wanted.pool_id is not None:
        problems += await pool_problems(client, viewer, wanted.pool_id)
    if problems:
        raise Refused(*problems)
    parameters = RecordParameters(
        files=tuple(sound(file) for file in files),
        columns=dict(wanted.columns),
        defaults=dict(wanted.defaults),
        encoding=wanted.encoding,
        delimiter=wanted.delimiter,
        channel_id=wanted.channel_id,
        owner_named=wanted.owner_id is not None,
        pool_id=wanted.pool_id,
        owner_id=sound(ownership).owner_id,
        team_id=sound(ownership).team_id,
        dry_run=wanted.dry_run,
        scopes=viewer.scopes,
    )
    stored = parameters.model_dump(mode="json")
    job_id = await create_job(client, kind=kind, started_by=viewer.user_id, parameters=stored)
    facts = {"kind": kind, "files": [file.name for file in parameters.files], "dryRun": wanted.dry_run}
    await record(client, actor=viewer.user_id, action=AuditAction.IMPORT_STARTED, subject=(JOB, job_id), facts=facts)
    return job_id


async def _ownership(client: TransactionClient, viewer: Viewer, wanted: RecordImport) -> Ownership | DomainError:
    return await choose_owner(client, viewer, Action.KEEP_CUSTOMERS, owner_id=wanted.owner_id)


def _lacking(kind: JobKind, wanted: RecordImport) -> list[DomainError]:
    """What no row could say, since neither a column of the file nor the input does."""
    return [
        InvalidInput(path=(*INPUT, camel(name)), problem=Problem.MISSING)
        for name in _NEEDED.get(kind, ())
        if name not in wanted.columns and name not in wanted.defaults
    ]


def _problems(wanted: RecordImport) -> list[DomainError]:
    found: list[DomainError] = []
    for ours, theirs in wanted.columns.items():
        found += one_line((*INPUT, "columns", camel(ours)), theirs)
    if wanted.encoding is not None and wanted.encoding.lower() not in ENCODINGS:
        found.append(InvalidInput(path=(*INPUT, "encoding"), problem=Problem.UNKNOWN))
    if len(wanted.delimiter) != 1 or wanted.delimiter in '"\r\n\0 ':
        found.append(InvalidInput(path=(*INPUT, "delimiter"), problem=Problem.UNKNOWN))
    return found
