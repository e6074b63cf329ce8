"""Mutations of custom fields."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import strawberry
import structlog

from domain.custom_fields.definition import CustomFieldChanges, NewCustomField
from resolvers.answers import Info, written
from rows.entities import CUSTOM_FIELD
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.custom_fields import (
    CustomFieldArchiveInput,
    CustomFieldCreateInput,
    CustomFieldIndexInput,
    CustomFieldRestoreInput,
    CustomFieldUpdateInput,
)
from schema.payloads.custom_fields import (
    CustomFieldArchivePayload,
    CustomFieldCreatePayload,
    CustomFieldIndexPayload,
    CustomFieldRestorePayload,
    CustomFieldUpdatePayload,
)
from services.custom_fields.archive import archive_custom_field, restore_custom_field
from services.custom_fields.change import update_custom_field
from services.custom_fields.define import define_custom_field
from services.custom_fields.indexing import index_custom_field, index_job

P = TypeVar("P")
log = structlog.get_logger(__name__)


@strawberry.type
class CustomFieldMutations:
    @mutation("Define a custom field; for administrators.")
    async def custom_field_create(self, info: Info, input: CustomFieldCreateInput) -> CustomFieldCreatePayload | None:
        async def work() -> int:
            return await define_custom_field(
                viewer=info.context.viewer,
                company=info.context.company,
                field=command(NewCustomField, input),
                idempotency_key=input.idempotency_key,
            )

        return await _defined(info, CustomFieldCreatePayload, work)

    @mutation("Change a custom field; for administrators.")
    async def custom_field_update(self, info: Info, input: CustomFieldUpdateInput) -> CustomFieldUpdatePayload | None:
        async def work() -> int:
            return await update_custom_field(
                viewer=info.context.viewer,
                field_id=row_id(CUSTOM_FIELD, input.id),
                expected_version=input.expected_version,
                changes=command(CustomFieldChanges, input),
                idempotency_key=input.idempotency_key,
            )

        return await _defined(info, CustomFieldUpdatePayload, work)

    @mutation("Take a custom field out of use, its values with it; for administrators.")
    async def custom_field_archive(
        self, info: Info, input: CustomFieldArchiveInput
    ) -> CustomFieldArchivePayload | None:
        async def work() -> int:
            return await archive_custom_field(
                viewer=info.context.viewer,
                field_id=row_id(CUSTOM_FIELD, input.id),
                idempotency_key=input.idempotency_key,
            )

        return await _defined(info, CustomFieldArchivePayload, work)

    @mutation("Take an archived custom field into use again, with the values that it had; for administrators.")
    async def custom_field_restore(
        self, info: Info, input: CustomFieldRestoreInput
    ) -> CustomFieldRestorePayload | None:
        async def work() -> int:
            return await restore_custom_field(
                viewer=info.context.viewer,
                field_id=row_id(CUSTOM_FIELD, input.id),
                idempotency_key=input.idempotency_key,
            )

        return await _defined(info, CustomFieldRestorePayload, work)

    @mutation("Have the index of a custom field built or dropped, by a job; for administrators.")
    async def custom_field_index(self, info: Info, input: CustomFieldIndexInput) -> CustomFieldIndexPayload | None:
        async def work() -> int:
            field_id = row_id(CUSTOM_FIELD, input.id)
            await index_custom_field(
                viewer=info.context.viewer,
                field_id=field_id,
                indexed=input.indexed,
                idempotency_key=input.idempotency_key,
            )
            if job_id := await index_job(field_id):
                await info.context.wake(job_id)
            return field_id

        return await _defined(info, CustomFieldIndexPayload, work)


async def _defined(info: Info, payload: Callable[..., P], work: Callable[[], Awaitable[int]]) -> P:
    """As `written`; this process's filters and sorts know the field at once, others within seconds."""
    answer = await written(info, payload, CUSTOM_FIELD, work)
    try:
        await info.context.custom_fields.refresh()
    except Exception as error:  # the change is made, and what is asked again every few seconds makes it known
        log.warning("the definitions of custom fields were not read again", error=repr(error))
    return answer
