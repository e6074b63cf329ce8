"""Calendars are kept: holidays of their countries are looked up, and they are worked out for the years that come near.

What is looked up comes from a library that only workers load; here it is compared with what is stored.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date

import orjson

from domain.calendars import YEARS_AHEAD, YEARS_LEFT
from domain.jobs import FINAL, JobKind, JobState
from models.connection import TransactionClient, pool
from services.calendars.periods import hold_calendars, work_out
from services.clock import now
from services.jobs.create import create_job
from services.transaction import retrying, transaction


@dataclass(frozen=True)
class Holiday:
    """What a date is called, by language, and whether it is `worked`: a make-up day (调休)."""

    worked: bool
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Holidays:
    """Those of a place; `known_until` is None where none are known of it."""

    days: Mapping[date, Holiday]
    known_until: date | None


LookUp = Callable[[str, str, int], Awaitable[Holidays]]
"""Gives the holidays of a country and its subdivision, "" for what holds everywhere, until the end of a year."""

_PLACES = """
SELECT DISTINCT c.country, coalesce(c.subdivision, '') AS subdivision
FROM business_calendar c LEFT JOIN holiday_source s
    ON s.country = c.country AND s.subdivision = coalesce(c.subdivision, '')
WHERE c.country IS NOT NULL AND (s.id IS NULL OR s.library <> $1 OR s.last_year < $2) ORDER BY 1, 2
"""
_RUNNING_OUT = "SELECT id FROM business_calendar WHERE worked_out_until < $1 ORDER BY id"
_OPEN = "SELECT EXISTS (SELECT FROM job WHERE kind = $1 AND started_by_id IS NULL AND state = ANY ($2))"
_STORED = "SELECT date, worked, labels FROM public_holiday WHERE country = $1 AND subdivision = $2"
_SOURCE = """
INSERT INTO holiday_source (country, subdivision, last_year, known_until, library, loaded_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (country, subdivision) DO UPDATE
SET last_year = excluded.last_year, known_until = excluded.known_until, library = excluded.library,
    loaded_at = excluded.loaded_at
"""
_FORGET = "DELETE FROM public_holiday WHERE country = $1 AND subdivision = $2"
_KEEP = """
INSERT INTO public_holiday (country, subdivision, date, worked, labels)
SELECT $1, $2, * FROM unnest($3::date[], $4::boolean[], $5::jsonb[])
"""
_OF_PLACE = "SELECT id FROM business_calendar WHERE country = $1 AND coalesce(subdivision, '') = $2 ORDER BY id"
_UNKNOWN = """
SELECT concat_ws('-', s.country, nullif(s.subdivision, '')) FROM business_calendar c JOIN holiday_source s
    ON s.country = c.country AND s.subdivision = coalesce(c.subdivision, '')
WHERE c.id = $1 AND s.known_until IS NULL
"""


async def have_calendars_kept(library: str) -> int | None:
    """Where something is to be done, a new job that does it; `library` is the version of the list of holidays."""
    places = await pool().fetch(_PLACES, library, _last_year())
    if not places and not await pool().fetch(_RUNNING_OUT, _enough()):
        return None
    waiting = [state.value for state in JobState if state not in FINAL]
    async with transaction() as client:
        await hold_calendars(client)
        if await client.connection.fetchval(_OPEN, JobKind.WORKING_TIME.value, waiting):
            return None
        return await create_job(client, kind=JobKind.WORKING_TIME, started_by=None, parameters={})


async def keep_calendars(library: str, look_up: LookUp) -> None:
    """Look up what is not known yet, or is known by another version of the list, and work out what runs out."""
    for place in await pool().fetch(_PLACES, library, _last_year()):
        found = await look_up(place["country"], place["subdivision"], _last_year())
        await _store(place["country"], place["subdivision"], found, library)
    for row in await pool().fetch(_RUNNING_OUT, _enough()):
        await _work_out_alone(row["id"])


async def unknown_place(calendar_id: int) -> str | None:
    """The country of the calendar, "DE" or "DE-BY", if it was looked up and no holidays of it are known."""
    place: str | None = await pool().fetchval(_UNKNOWN, calendar_id)
    return place


def _last_year() -> int:
    return now().year + YEARS_AHEAD


def _enough() -> date:
    return date(now().year + YEARS_LEFT, 12, 31)


@retrying
async def _store(country: str, subdivision: str, found: Holidays, library: str) -> None:
    """Keep what was found of the place. Where it is something new, its calendars are worked out anew."""
    async with transaction() as client:
        await hold_calendars(client)
        source = (country, subdivision, _last_year(), found.known_until, library, now())
        await client.connection.execute(_SOURCE, *source)
        if await _stored(client, country, subdivision) == found.days:
            return
        await client.connection.execute(_FORGET, country, subdivision)
        labels = [orjson.dumps(dict(day.labels)).decode() for day in found.days.values()]
        worked = [day.worked for day in found.days.values()]
        await client.connection.execute(_KEEP, country, subdivision, list(found.days), worked, labels)
        for row in await client.connection.fetch(_OF_PLACE, country, subdivision):
            await work_out(client, row["id"])


async def _stored(client: TransactionClient, country: str, subdivision: str) -> dict[date, Holiday]:
    rows = await client.connection.fetch(_STORED, country, subdivision)
    return {row["date"]: Holiday(row["worked"], orjson.loads(row["labels"])) for row in rows}


@retrying
async def _work_out_alone(calendar_id: int) -> None:
    async with transaction() as client:
        await hold_calendars(client)
        if await client.connection.fetchval("SELECT EXISTS (SELECT FROM business_calendar WHERE id = $1)", calendar_id):
            await work_out(client, calendar_id)
