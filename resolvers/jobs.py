"""Mutations of jobs: what starts them, and what stops them."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import strawberry

from domain.errors import InvalidInput, Refused
from domain.paths import INPUT
from domain.problems import Problem
from resolvers.answers import Info, errors_of, written
from rows.custom_fields import CustomFields
from rows.entities import FILE, JOB, USER
from rows.ids import global_id
from schema.commands import row_id
from schema.describe import mutation
from schema.inputs.jobs import FileDeleteInput, JobCancelInput, OrderImportInput, OrderMappingInput
from schema.payloads.jobs import FileDeletePayload, JobCancelPayload, OrderImportPayload
from services.files.delete import delete_file
from services.imports.mapping import mapped_preset, named_preset
from services.imports.preset import Preset
from services.imports.start import OrderImport, start_order_import
from services.jobs.cancel import cancel_job

P = TypeVar("P")


@strawberry.type
class JobMutations:
    @mutation("Stop a job. What it has done by then stays.")
    async def job_cancel(self, info: Info, input: JobCancelInput) -> JobCancelPayload | None:
        async def work() -> int:
            return await cancel_job(
                viewer=info.context.viewer, job_id=row_id(JOB, input.id), idempotency_key=input.idempotency_key
            )

        return await written(info, JobCancelPayload, JOB, work)

    @mutation("Remove a file, unless a job that has not ended reads it.")
    async def file_delete(self, info: Info, input: FileDeleteInput) -> FileDeletePayload | None:
        try:
            number = await delete_file(
                viewer=info.context.viewer, file_id=row_id(FILE, input.id), idempotency_key=input.idempotency_key
            )
        except Refused as refused:
            return FileDeletePayload(deleted_id=None, errors=errors_of(info, refused))
        return FileDeletePayload(deleted_id=strawberry.ID(global_id(FILE, number)), errors=[])

    @mutation("Make orders of files, in a job.")
    async def order_import(self, info: Info, input: OrderImportInput) -> OrderImportPayload | None:
        async def work() -> int:
            wanted = OrderImport(
                files=[row_id(FILE, file) for file in input.files],
                preset=_preset(input, info.context.custom_fields.current),
                owner_id=row_id(USER, input.owner_id) if input.owner_id else None,
                dry_run=input.dry_run,
            )
            return await start_order_import(
                viewer=info.context.viewer, wanted=wanted, idempotency_key=input.idempotency_key
            )

        return await started(info, OrderImportPayload, work)


async def started(info: Info, payload: Callable[..., P], work: Callable[[], Awaitable[int]]) -> P:
    """As `written`, for a job that `work` stores: a worker is woken for it."""

    async def start() -> int:
        job_id = await work()
        await info.context.wake(job_id)
        return job_id

    return await written(info, payload, JOB, start)


def _preset(given: OrderImportInput, defined: CustomFields) -> Preset:
    path = (*INPUT, "preset")
    match given.preset, given.mapping:
        case str() as name, None:
            return named_preset(name)
        case None, OrderMappingInput() as mapping:
            custom = [(entry.key, entry.column) for entry in mapping.custom_fields or ()]
            return mapped_preset(_tables(mapping), custom, defined)
        case None, None:
            raise Refused(InvalidInput(path=path, problem=Problem.MISSING))
        case _:
            raise Refused(InvalidInput(path=path, problem=Problem.NOT_TOGETHER, limit="mapping"))


def _tables(mapping: OrderMappingInput) -> dict[str, Any]:
    """The mapping in the shape of a preset's file."""
    returns = {"prefix": mapping.return_prefix, "status": mapping.return_status}
    return {
        "channel": {"code": mapping.channel_code, "name": mapping.channel_name or mapping.channel_code},
        "file": {
            "encoding": mapping.encoding,
            "delimiter": mapping.delimiter,
            "time_format": mapping.time_format,
            "zone": mapping.zone,
        },
        "columns": vars(mapping.columns),
        "orders": {"currency": mapping.currency},
        "sales": {"type": mapping.sale_type, "status": mapping.sale_status},
        "returns": returns if mapping.return_prefix is not None else None,
        "customers": {"drop_suffix": mapping.customer_suffix, "name": mapping.customer_name},
    }
