"""An export is started: checked, and stored as a job for a worker."""

from collections.abc import Iterator, Mapping

import orjson

from domain.audit import AuditAction
from domain.jobs import JobKind
from models.connection import TransactionClient
from rows.custom_fields import CustomFields
from rows.entities import JOB, SEGMENT
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.exports.parameters import EXPORTED, ExportParameters, understand
from services.exports.segments import kept_filter
from services.idempotency import Request, once
from services.jobs.create import create_job
from services.transaction import retrying, transaction

MUTATIONS = {
    JobKind.ORDER_EXPORT: "orderExport",
    JobKind.CUSTOMER_EXPORT: "customerExport",
    JobKind.PRODUCT_EXPORT: "productExport",
    JobKind.LEAD_EXPORT: "leadExport",
}


@retrying
async def start_export(
    *,
    viewer: Viewer,
    kind: JobKind,
    wanted: ExportParameters,
    custom_fields: CustomFields,
    idempotency_key: str | None = None,
) -> int:
    """Store a job that exports what `viewer` sees; its id. Whoever calls wakes a worker.

    Raises Refused with InvalidInput, NotFound (there is no such segment) or IdempotencyKeyReused.
    """
    parameters = wanted.model_copy(update={"scopes": viewer.scopes})
    asked = {name: value for name, value in _as_json(parameters).items() if name != "scopes"}
    request = Request(
        principal=viewer.user_id, mutation=MUTATIONS[kind], key=idempotency_key, asked=orjson.dumps(asked).decode()
    )

    async def start() -> int:
        complete = parameters
        if parameters.segment is not None:
            kept = await kept_filter(client, viewer, EXPORTED[kind], parameters.segment)
            complete = parameters.model_copy(update={"segment_filter": kept})
        understand(EXPORTED[kind], complete, custom_fields)
        return await _store(client, viewer, kind, complete)

    async with transaction() as client:
        outcome = await once(client, request, start)
    return outcome.settle()


def _as_json(parameters: ExportParameters) -> dict[str, object]:
    stored: dict[str, object] = orjson.loads(orjson.dumps(parameters.model_dump(mode="json"), default=str))
    return stored


async def _store(client: TransactionClient, viewer: Viewer, kind: JobKind, parameters: ExportParameters) -> int:
    stored = _as_json(parameters)
    job_id = await create_job(client, kind=kind, started_by=viewer.user_id, parameters=stored)
    # Not its values: they may be a person's, and what is in the audit stays.
    names = None if parameters.filter is None else sorted(set(_names(parameters.filter)))
    facts = {"kind": kind, "format": stored["format"], "filter": names, "columns": stored["columns"]}
    if parameters.segment is not None:
        facts["segment"] = global_id(SEGMENT, parameters.segment)
    await record(client, actor=viewer.user_id, action=AuditAction.EXPORT_STARTED, subject=(JOB, job_id), facts=facts)
    return job_id


def _names(given: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    """What a filter looks at, as "customer.email.eq"."""
    match given:
        case Mapping():
            for name, value in given.items():
                yield from _names(value, (*path, name))
        case list() | tuple():
            for value in given:
                yield from _names(value, path)
        case _:
            yield ".".join(path)
