"""Working time in SQL is that of the domain: over zones, clocks that are put forward and back, holidays, and pauses."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from domain.working_periods import period_rows
from domain.working_time import BusinessCalendar, Period, add_working_time, merged, working_time
from tests.unit.test_working_time import BRITISH, CHINESE, DAY, MOMENTS, NIGHTS, PERIODS, calendars

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
SECOND = timedelta(seconds=1)
ADDED = """
SELECT add_working_time(1, since, seconds) AS until, working_time_between(1, since, until) AS between,
    working_deadline(1, since, seconds, 'ORDER', place) AS deadline
FROM unnest($1::timestamptz[], $2::timestamptz[], $3::numeric[]) WITH ORDINALITY t (since, until, seconds, place)
"""


@pytest.fixture(scope="module")
async def connection(module_database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a database with one calendar, which has no hours yet."""
    connection = await asyncpg.connect(module_database)
    await connection.execute("SET timezone = 'America/New_York'")  # whose days do not count
    await connection.execute(
        "INSERT INTO business_calendar (id, code, version, labels, time_zone, week, exceptions, created_at)"
        """ VALUES (1, 'a', 1, '{"en": "a"}', 'UTC', '[]', '[]', now())"""
    )
    yield connection
    await connection.close()


async def work_by(connection: asyncpg.Connection, calendar: BusinessCalendar) -> None:
    await connection.execute("DELETE FROM working_period; DELETE FROM deadline_pause")
    await connection.copy_records_to_table(
        "working_period",
        records=[(1, *row) for row in period_rows(calendar, FIRST, LAST)],
        columns=("calendar_id", "starts_at", "ends_at", "seconds_before"),
    )


async def pause(connection: asyncpg.Connection, subject: int, periods: list[Period]) -> None:
    await connection.copy_records_to_table(
        "deadline_pause",
        records=[("ORDER", subject, begin, end, None, "CUSTOMER_ASKED") for begin, end in periods],
        columns=("subject_kind", "subject_id", "starts_at", "ends_at", "running", "reason"),
    )


QUESTIONS = some.lists(
    some.tuples(MOMENTS, MOMENTS, some.timedeltas(timedelta(0), 12 * DAY), PERIODS), min_size=5, max_size=20
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(calendars().filter(lambda calendar: any(calendar.week)), QUESTIONS)
async def test_it_is_what_the_domain_says(
    connection: asyncpg.Connection,
    calendar: BusinessCalendar,
    questions: list[tuple[datetime, datetime, timedelta, list[Period]]],
) -> None:
    await work_by(connection, calendar)
    for place, (_, _, _, periods) in enumerate(questions, start=1):
        await pause(connection, place, merged(periods))
    begins, ends, amounts, pauses = zip(*questions, strict=True)
    seconds = [Decimal(amount // timedelta(microseconds=1)) / 1_000_000 for amount in amounts]
    rows = await connection.fetch(ADDED, begins, ends, seconds)
    for row, begin, end, amount, periods in zip(rows, begins, ends, amounts, pauses, strict=True):
        assert row["until"] == add_working_time(calendar, begin, amount)
        assert row["between"] == Decimal(working_time(calendar, begin, end) // SECOND)
        assert row["deadline"] == add_working_time(calendar, begin, amount, off=periods)


async def test_deadlines_of_two_countries_that_were_checked_by_hand(connection: asyncpg.Connection) -> None:
    asked = [
        (CHINESE, "2026-02-13 14:30", 24, "2026-02-25 16:00"),
        (CHINESE, "2026-09-30 17:00", 2, "2026-10-08 10:00"),
        (CHINESE, "2026-10-09 17:30", 1, "2026-10-10 09:30"),
        (BRITISH, "2026-04-02 16:30", 1, "2026-04-07 09:30"),
        (BRITISH, "2026-12-24 12:00", 8, "2026-12-29 12:00"),
        (NIGHTS, "2026-03-28 22:00", 7, "2026-03-29 06:00"),
        (NIGHTS, "2026-10-24 22:00", 9, "2026-10-25 06:00"),
        # Backwards: an hour of work before the office opens on a Monday is Friday's last one.
        (BRITISH, "2026-06-01 09:00", -1, "2026-05-29 16:00"),
    ]
    for calendar, begin, hours, end in asked:
        await work_by(connection, calendar)
        since, until = (datetime.fromisoformat(text).replace(tzinfo=calendar.zone) for text in (begin, end))
        assert await connection.fetchval("SELECT add_working_time(1, $1, $2)", since, hours * 3600) == until
        between = await connection.fetchval("SELECT working_time_between(1, $1, $2)", since, until)
        assert between == hours * 3600


async def test_outside_of_what_is_known_there_is_no_answer_and_without_a_calendar_time_runs_on(
    connection: asyncpg.Connection,
) -> None:
    await work_by(connection, BRITISH)
    inside, before, behind = (datetime(year, 6, 1, tzinfo=UTC) for year in (2026, 2025, 2028))
    end = datetime(2028, 1, 1, tzinfo=UTC)
    last = await connection.fetchval("SELECT working_time_between(1, $1, $2)", inside, end - SECOND)
    asked = [(inside, last), (inside, last + 1), (before, 60), (behind, 60), (end, 60), (end, 0)]
    found = [await connection.fetchval("SELECT add_working_time(1, $1, $2)", *each) for each in asked]
    assert found == [datetime(2027, 12, 31, 17, tzinfo=UTC), None, None, None, None, end]
    assert await connection.fetchval("SELECT working_time_between(1, $1, $2)", inside, behind) is None
    assert await connection.fetchval("SELECT add_working_time(NULL, $1, 86400)", inside) == inside + DAY
    assert await connection.fetchval("SELECT working_time_between(NULL, $1, $2)", before, inside) == 365 * 86400


async def test_a_deadline_is_not_known_while_it_stands_still_unless_it_has_come_before(
    connection: asyncpg.Connection,
) -> None:
    await work_by(connection, BRITISH)
    monday = datetime(2026, 5, 11, 8, tzinfo=UTC)  # nine o'clock
    hour = timedelta(hours=1)
    await pause(connection, 7, [(monday + hour, monday + 2 * hour)])
    await connection.execute(
        "INSERT INTO deadline_pause (subject_kind, subject_id, starts_at, running, reason)"
        " VALUES ('ORDER', 7, $1, true, 'CUSTOMER_ASKED')",
        monday + 4 * hour,
    )
    ask = "SELECT working_deadline(1, $1, $2, 'ORDER', 7)"
    found = [await connection.fetchval(ask, monday, hours * 3600) for hours in (1, 2, 3, 4)]
    assert found == [monday + hour, monday + 3 * hour, monday + 4 * hour, None]
    # What was before counts for nothing: a lead's time runs from its last follow-up.
    later = monday + timedelta(hours=1.5)
    assert await connection.fetchval(ask, later, 3600) == monday + 3 * hour
    assert await connection.fetchval("SELECT working_deadline(1, $1, 3600, 'LEAD', 7)", monday) == monday + hour
