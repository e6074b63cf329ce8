"""What calendars come to is worked out: the periods in which is worked, for years back and ahead."""

import asyncio
from datetime import date
from zoneinfo import ZoneInfo

import orjson

from domain.calendars import FIRST_YEAR, YEARS_AHEAD, Weekday, days_of, hours_of
from domain.working_periods import Row, period_rows
from domain.working_time import BusinessCalendar
from models.connection import TransactionClient
from models.locks import AdvisoryLock
from services.clock import now

_CALENDAR = "SELECT time_zone, week, country, subdivision, exceptions FROM business_calendar WHERE id = $1"
_HOLIDAYS = "SELECT date, worked FROM public_holiday WHERE country = $1 AND subdivision = coalesce($2, '')"
_FORGET = "DELETE FROM working_period WHERE calendar_id = $1"
_DONE = "UPDATE business_calendar SET worked_out_until = $2 WHERE id = $1"
_COLUMNS = ("calendar_id", "starts_at", "ends_at", "seconds_before")


async def hold_calendars(client: TransactionClient) -> None:
    """Be alone in changing calendars and holidays until the transaction ends."""
    await client.connection.execute("SELECT pg_advisory_xact_lock($1)", AdvisoryLock.CALENDARS)


async def work_out(client: TransactionClient, calendar_id: int) -> None:
    """Work the calendar out anew, by the holidays that are known. The caller holds the calendars."""
    calendar = await read_calendar(client, calendar_id)
    first, last = date(FIRST_YEAR, 1, 1), date(now().year + YEARS_AHEAD, 12, 31)
    rows = await asyncio.to_thread(_rows, calendar, first, last)
    await client.connection.execute(_FORGET, calendar_id)
    await client.connection.copy_records_to_table(
        "working_period", records=[(calendar_id, *row) for row in rows], columns=_COLUMNS
    )
    await client.connection.execute(_DONE, calendar_id, last)


async def read_calendar(client: TransactionClient, calendar_id: int) -> BusinessCalendar:
    """The calendar as the rules of working time take it."""
    row = await client.connection.fetchrow(_CALENDAR, calendar_id)
    assert row is not None  # noqa: S101  # the caller has it
    found = await client.connection.fetch(_HOLIDAYS, row["country"], row["subdivision"])
    named = {Weekday(day["weekday"]): hours_of(day["hours"]) for day in orjson.loads(row["week"])}
    week = tuple(named.get(day, ()) for day in Weekday)
    holidays = {each["date"]: each["worked"] for each in found}
    days = days_of(week, holidays, orjson.loads(row["exceptions"]))
    return BusinessCalendar(zone=ZoneInfo(row["time_zone"]), week=week, days=days)


def _rows(calendar: BusinessCalendar, first: date, last: date) -> list[Row]:
    return list(period_rows(calendar, first, last))
