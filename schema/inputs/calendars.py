"""Inputs about business calendars and leave."""

import datetime

import strawberry

from schema.describe import input_type, text
from schema.enums import Weekday
from schema.inputs.common import IDEMPOTENCY_KEY, change, optional
from schema.inputs.lists import LabelsInput

_HOURS = 'Intervals of the clock, in order and apart, such as "09:00-17:30"; "24:00" ends a day. At most 8.'


@input_type
class DayHoursInput:
    """When is worked on a weekday."""

    weekday: Weekday = text("The day.")
    hours: list[str] = text(_HOURS)


@input_type
class CalendarExceptionInput:
    """A date with hours of its own."""

    date: datetime.date = text("The date in the calendar's zone.")
    hours: list[str] = text(f"{_HOURS} Empty closes the day.")
    reason: str | None = optional("What people call it.")


@input_type
class BusinessCalendarUpsertInput:
    """A calendar by its code: what is left out stays as it is, null empties."""

    code: str = text("A short code, unique among calendars.")
    expected_version: int | None = optional("The version that the change was decided on; absent for a new one.")
    labels: LabelsInput | None = change("What people call it, all languages together; needed for a new one.")
    time_zone: str | None = change('Whose clock its hours are of, such as "Europe/London"; needed for a new one.')
    weekly_hours: list[DayHoursInput] | None = change(
        "All days of the week on which is worked, one at least; needed for a new one."
    )
    country: str | None = change("Whose public holidays are kept: ISO 3166, two letters.")
    subdivision: str | None = change('The part of the country, such as "SCT" of GB or "BY" of DE.')
    exceptions: list[CalendarExceptionInput] | None = change(
        "All dates with hours of their own, at most 500: they go before weekdays and public holidays."
    )
    company_default: bool | None = change("Whether the company works by it; another one ceases to be that.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class BusinessCalendarDeleteInput:
    """A calendar to be removed: one that is neither the company's default nor anybody's own."""

    id: strawberry.ID = text("The calendar.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeaveCreateInput:
    """When somebody is off duty: whole days, or from one moment to another; at most 366 days."""

    user_id: strawberry.ID | None = optional("Who; you yourself if absent. Others as ADMIN, or MANAGER of their team.")
    starts_on: datetime.date | None = optional("The first day, in the zone of the person's calendar.")
    ends_on: datetime.date | None = optional("The last day.")
    starts_at: datetime.datetime | None = optional("From which moment on, in place of days.")
    ends_at: datetime.datetime | None = optional("Until which moment, in place of days.")
    reason: str | None = optional("Why; at most 1,000 characters.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeaveCancelInput:
    """Leave that is not taken, or that was entered by mistake."""

    id: strawberry.ID = text("The leave.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
