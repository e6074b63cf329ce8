"""Business calendars and leave."""

import datetime

from schema.describe import object_type, text
from schema.enums import Weekday
from schema.types.base import Node
from schema.types.jobs import Job
from schema.types.lists import Labels
from schema.types.organisation import User


@object_type
class DayHours:
    """When is worked on a weekday."""

    weekday: Weekday = text("The day.")
    hours: list[str] = text('Intervals of the clock in the calendar\'s zone, in order, such as "09:00-17:30".')


@object_type
class CalendarException:
    """A date with hours of its own, whatever its weekday and the country's holidays say."""

    date: datetime.date = text("The date in the calendar's zone.")
    hours: list[str] = text("When is worked, as on weekdays; empty where it is closed.")
    reason: str | None = text("What people call it.")


@object_type
class CalendarHoliday:
    """A public holiday, or a weekend day that is worked in its place (调休)."""

    date: datetime.date = text("The date.")
    name: str = text("What it is called, in the language of the request as far as that is known.")
    worked: bool = text("Whether it is worked: with the hours that most days of the week have.")


@object_type
class BusinessCalendar(Node):
    """When people work: what deadlines in working time are measured by."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    code: str = text("A short code, unique among calendars.")
    label: str = text("What it is called in the language of the request, or in the other where it has no name in that.")
    labels: Labels = text("Its names.")
    time_zone: str = text('Whose clock its hours are of, such as "Asia/Shanghai".')
    weekly_hours: list[DayHours] = text("The days of the week on which is worked, from Monday on.")
    country: str | None = text("Whose public holidays are kept: ISO 3166, two letters; null for none.")
    subdivision: str | None = text('The part of the country, such as "SCT" of GB; null for what holds everywhere.')
    exceptions: list[CalendarException] = text("Dates with hours of their own, in order.")
    holidays: list[CalendarHoliday] = text(
        "Public holidays and make-up days (调休) of the country, from last year on, in order. Empty until a worker has"
        " looked them up, seconds after the calendar was made."
    )
    holidays_known_until: datetime.date | None = text(
        "The last day for which they are announced, where a country does that year by year; what comes later is what is"
        " usual there, and exceptions can say otherwise. Null where none are known."
    )
    company_default: bool = text("Whether the company works by it, and so do those who have no calendar of their own.")
    worked_out_until: datetime.date | None = text("Deadlines behind this day are not known yet.")
    created_at: datetime.datetime = text("When it was made.")
    job: Job | None = text(
        "The job that makes open deadlines anew after the last change; seen by who made that and by ADMIN."
    )


@object_type
class Leave(Node):
    """Somebody is off duty (请假): nothing is assigned to them by rules meanwhile."""

    starts_at: datetime.datetime = text("From this moment on.")
    ends_at: datetime.datetime = text("Until before this moment.")
    reason: str | None = text("Why; seen by the person, by who leads their team, and by ADMIN.")
    created_at: datetime.datetime = text("When it was entered.")
    user: User | None = text("Who.")
    entered_by: User | None = text("Who entered it.")
