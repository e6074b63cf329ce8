"""Mutations of business calendars and leave."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import strawberry

from domain.calendars import BusinessCalendarEntry, NewLeave
from domain.errors import Refused
from resolvers.answers import Info, errors_of, written
from rows.declare import Entity
from rows.entities import BUSINESS_CALENDAR, LEAVE
from rows.ids import global_id
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.calendars import (
    BusinessCalendarDeleteInput,
    BusinessCalendarUpsertInput,
    LeaveCancelInput,
    LeaveCreateInput,
)
from schema.payloads.calendars import (
    BusinessCalendarDeletePayload,
    BusinessCalendarUpsertPayload,
    LeaveCancelPayload,
    LeaveCreatePayload,
)
from services.calendars.delete import delete_calendar
from services.calendars.leave import cancel_leave, create_leave
from services.calendars.upsert import calendar_job, upsert_calendar

P = TypeVar("P")


@strawberry.type
class CalendarMutations:
    @mutation("Make a business calendar, or change the one with this code; for administrators.")
    async def business_calendar_upsert(
        self, info: Info, input: BusinessCalendarUpsertInput
    ) -> BusinessCalendarUpsertPayload | None:
        async def work() -> int:
            number = await upsert_calendar(
                viewer=info.context.viewer,
                calendar=command(BusinessCalendarEntry, input),
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )
            if (job_id := await calendar_job(number)) is not None:
                await info.context.wake(job_id)
            return number

        return await written(info, BusinessCalendarUpsertPayload, BUSINESS_CALENDAR, work)

    @mutation("Remove a business calendar by which nobody works; for administrators.")
    async def business_calendar_delete(
        self, info: Info, input: BusinessCalendarDeleteInput
    ) -> BusinessCalendarDeletePayload | None:
        async def work() -> int:
            return await delete_calendar(
                viewer=info.context.viewer,
                calendar_id=row_id(BUSINESS_CALENDAR, input.id),
                idempotency_key=input.idempotency_key,
            )

        return await _removed(info, BusinessCalendarDeletePayload, BUSINESS_CALENDAR, work)

    @mutation("Say when you are off duty, or somebody whose team you lead; ADMIN for everybody.")
    async def leave_create(self, info: Info, input: LeaveCreateInput) -> LeaveCreatePayload | None:
        async def work() -> int:
            return await create_leave(
                viewer=info.context.viewer,
                company=info.context.company,
                leave=command(NewLeave, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, LeaveCreatePayload, LEAVE, work)

    @mutation("Remove leave: your own, or that of somebody whose team you lead; ADMIN everybody's.")
    async def leave_cancel(self, info: Info, input: LeaveCancelInput) -> LeaveCancelPayload | None:
        async def work() -> int:
            return await cancel_leave(
                viewer=info.context.viewer,
                leave_id=row_id(LEAVE, input.id),
                idempotency_key=input.idempotency_key,
            )

        return await _removed(info, LeaveCancelPayload, LEAVE, work)


async def _removed(info: Info, payload: Callable[..., P], entity: Entity, work: Callable[[], Awaitable[int]]) -> P:
    try:
        number = await work()
    except Refused as refused:
        return payload(deleted_id=None, errors=errors_of(info, refused))
    return payload(deleted_id=global_id(entity, number), errors=[])
