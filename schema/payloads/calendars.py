"""What mutations of business calendars and leave answer."""

import strawberry

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.calendars import BusinessCalendar, Leave

_DELETED = "The global id that it had; null if anything was refused."


@object_type
class BusinessCalendarUpsertPayload:
    """The calendar that was made or changed. Open deadlines are made anew by its `job`."""

    business_calendar: BusinessCalendar | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class BusinessCalendarDeletePayload:
    """The calendar that was removed."""

    deleted_id: strawberry.ID | None = text(_DELETED)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeaveCreatePayload:
    """The leave that was entered."""

    leave: Leave | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeaveCancelPayload:
    """The leave that was removed."""

    deleted_id: strawberry.ID | None = text(_DELETED)
    errors: list[UserError] = text(ERRORS)
