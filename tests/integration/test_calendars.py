"""Calendars are changed by one at a time, follow holidays of their countries, and are worked out far enough ahead."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import AsyncMock
from zoneinfo import ZoneInfo

import pytest

from domain.calendars import BusinessCalendarEntry, CalendarException, DayHours, Weekday
from domain.errors import InUse, InvalidInput, NotPermitted, VersionConflict
from domain.jobs import JobKind
from domain.labels import Labels
from domain.people import Role
from models import AuditEntry, BusinessCalendar, Job, Leave, PublicHoliday, User, WorkingPeriod
from models.connection import pool
from rows.viewer import Viewer
from services.calendars.delete import delete_calendar
from services.calendars.off_duty import who_is_off_duty
from services.calendars.periods import read_calendar
from services.calendars.refresh import have_calendars_kept, keep_calendars
from services.calendars.upsert import upsert_calendar
from services.clock import clock_set_to as at
from services.transaction import transaction
from tests.factories import make_user
from tests.integration.writes import COMPANY, race, refusals, viewing
from workers.context import JobContext, JobFailed, JobOutcome
from workers.jobs.working_time import run_working_time
from workers.public_holidays import library, look_up

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
OFFICE = ("09:00-12:00", "13:30-18:00")
PERIODS = "SELECT starts_at FROM working_period WHERE calendar_id = $1 AND starts_at > $2 ORDER BY starts_at LIMIT 50"
WEEK = tuple(DayHours(weekday=day, hours=OFFICE) for day in list(Weekday)[:5])


@pytest.fixture
async def ada(database: str) -> Viewer:  # noqa: ARG001  # emptied before
    return await viewing(await make_user(Role.ADMIN, name="Ada"))


async def keep(viewer: Viewer, code: str = "sh", version: int | None = None, **values: Any) -> int:
    new: dict[str, Any] = {"labels": Labels(zh="上海"), "time_zone": "Asia/Shanghai", "weekly_hours": WEEK}
    entry = BusinessCalendarEntry(code=code, **((new if version is None else {}) | values))
    return await upsert_calendar(viewer=viewer, calendar=entry, expected_version=version)


async def run(calendar_id: int | None) -> JobOutcome:
    context = JobContext(
        attempt=1,
        parameters={"calendar_id": calendar_id},
        started_by=None,
        company=COMPANY,
        home=None,  # type: ignore[arg-type]  # it keeps no files
        kept_for=timedelta(days=1),
        progress=AsyncMock(),
    )
    return await run_working_time(context, 1)


async def due(calendar_id: int, begin: str, hours: float, zone: str = "Asia/Shanghai") -> str:
    since = datetime.fromisoformat(begin).replace(tzinfo=ZoneInfo(zone))
    until: datetime = await pool().fetchval("SELECT add_working_time($1, $2, $3)", calendar_id, since, hours * 3600)
    return until.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


async def test_holidays_and_make_up_days_of_china_are_looked_up_by_a_worker_and_exceptions_go_before_them(
    ada: Viewer,
) -> None:
    with at(NOW):
        calendar = await keep(ada, country="CN")
        # Before that, weekdays count: it says of itself that it knows of no holidays.
        assert await due(calendar, "2026-02-13 14:30", 24) == "2026-02-18 16:00"
        await run(calendar)
    # The State Council's notice for 2026, checked by hand.
    assert await due(calendar, "2026-02-13 14:30", 24) == "2026-02-25 16:00"
    assert await due(calendar, "2026-09-18 18:00", 7.5) == "2026-09-20 18:00"
    assert await due(calendar, "2026-09-30 17:00", 2) == "2026-10-08 10:00"
    assert await due(calendar, "2026-10-09 17:30", 1) == "2026-10-10 09:30"
    source = await pool().fetchrow("SELECT last_year, known_until FROM holiday_source")
    assert tuple(source) == (2031, date(2026, 12, 31))  # of 2027, nothing is announced yet
    spring = await PublicHoliday.get(date="2026-02-17")
    assert (spring.labels["zh"], spring.worked) == ("春节", False)
    # Before the library knows it, people enter what was announced, and what is their own.
    days = (
        CalendarException(date=date(2026, 10, 10), reason="moving"),
        CalendarException(date=date(2026, 10, 7), hours=("10:00-11:00",)),
    )
    with at(NOW):
        await keep(ada, version=1, exceptions=days)
    assert await due(calendar, "2026-09-30 17:00", 2) == "2026-10-07 11:00"
    assert await due(calendar, "2026-10-09 17:30", 1) == "2026-10-12 09:30"


async def test_parts_of_a_country_have_holidays_of_their_own_and_of_some_places_none_are_known(ada: Viewer) -> None:
    uk = {"time_zone": "Europe/London", "labels": Labels(en="UK")}
    with at(NOW):
        england, scotland, nowhere = [
            await keep(ada, code, **uk, country=country, subdivision=part)
            for code, country, part in (("e", "GB", "ENG"), ("s", "GB", "SCT"), ("n", "GB", "XX"))
        ]
        await run(england)
        with pytest.raises(JobFailed) as failure:
            await run(nowhere)
    assert failure.value.message.facts == {"places": "GB-XX"}
    # Easter Monday is a bank holiday in England alone; 2 January in Scotland alone.
    begin = "2026-04-02 17:30"
    found = [await due(each, begin, 1, "Europe/London") for each in (england, scotland, nowhere)]
    assert found == ["2026-04-07 09:30", "2026-04-06 09:30", "2026-04-03 09:30"]
    assert await due(scotland, "2025-12-31 17:30", 1, "Europe/London") == "2026-01-05 09:30"
    assert await due(england, "2025-12-31 17:30", 1, "Europe/London") == "2026-01-02 09:30"


async def test_years_ahead_are_worked_out_in_time_and_a_newer_list_is_read(ada: Viewer) -> None:
    with at(NOW):
        calendar = await keep(ada, country="CN")
        await run(calendar)
        assert await have_calendars_kept(library()) is None
    later = NOW + timedelta(days=366)
    with at(later):
        job_id = await have_calendars_kept(library())
        job = await Job.get(id=job_id)
        assert (job.kind, job.started_by_id) == (JobKind.WORKING_TIME, None)  # type: ignore[attr-defined]  # Tortoise adds it
        assert await have_calendars_kept(library()) is None  # it is on its way
        await run(None)
        await Job.filter(id=job_id).update(state="SUCCEEDED")
        assert (await BusinessCalendar.get(id=calendar)).worked_out_until == date(2032, 12, 31)
        last = await WorkingPeriod.filter(calendar_id=calendar, ends_at=None).get()
        assert last.starts_at == datetime(2032, 12, 31, 16, tzinfo=UTC)
        assert await have_calendars_kept(library()) is None
        assert await have_calendars_kept("newer") is not None
        before = await WorkingPeriod.filter(calendar_id=calendar).count()
        await keep_calendars("newer", look_up)
        assert await WorkingPeriod.filter(calendar_id=calendar).count() == before


async def test_of_two_administrators_one_is_told_of_the_other_and_what_is_worked_out_is_the_calendar(
    ada: Viewer,
) -> None:
    first, second = WEEK[:2], WEEK[2:4]
    made = await race(lambda: keep(ada), lambda: keep(ada))
    assert sum(isinstance(each, int) for each in made) == 1
    [calendar] = [each for each in made if isinstance(each, int)]
    for version in range(1, 4):
        outcomes = await race(
            lambda: keep(ada, version=version, weekly_hours=first),  # noqa: B023  # awaited here
            lambda: keep(ada, version=version, weekly_hours=second),  # noqa: B023  # as above
        )
        lost = [each for each in outcomes if not isinstance(each, int)]
        assert lost in ([], [(VersionConflict(path=("input", "expectedVersion"), current_version=version + 1),)])
        if not lost:  # the other wrote what is there already, which changes nothing
            break
        row = await BusinessCalendar.get(id=calendar)
        days = [day["weekday"] for day in row.week]
        assert days in (["MONDAY", "TUESDAY"], ["WEDNESDAY", "THURSDAY"])
        periods = await pool().fetch(PERIODS, calendar, NOW)
        async with transaction() as client:
            as_it_is = await read_calendar(client, calendar)
        assert all(as_it_is.hours(as_it_is.day_of(each["starts_at"])) for each in periods)


async def test_one_calendar_is_the_companys_and_what_somebody_works_by_stays(ada: Viewer) -> None:
    with at(NOW):
        one, two = await keep(ada, "one", company_default=True), await keep(ada, "two")
        assert await pool().fetchval("SELECT company_calendar()") == one
        await keep(ada, "two", 1, company_default=True)
    versions = {row.code: (row.version, row.company_default) for row in await BusinessCalendar.all()}
    assert versions == {"one": (2, None), "two": (2, True)}
    told = await AuditEntry.filter(subject_kind="BusinessCalendar").order_by("id").values_list("action", flat=True)
    assert [str(each) for each in told] == [*["LIST_ENTRY_CREATED"] * 2, *["LIST_ENTRY_UPDATED"] * 2]
    rep = await make_user(Role.REP, calendar_id=one)
    in_use = (InUse(path=("input", "id")),)
    assert await refusals(delete_calendar(viewer=ada, calendar_id=two)) == in_use
    assert await refusals(delete_calendar(viewer=ada, calendar_id=one)) == in_use
    assert await refusals(delete_calendar(viewer=await viewing(rep), calendar_id=one)) == (NotPermitted(),)
    await User.filter(id=rep.id).update(calendar_id=None)
    assert await delete_calendar(viewer=ada, calendar_id=one) == one
    assert not await WorkingPeriod.filter(calendar_id=one).exists()


async def test_only_what_moves_deadlines_has_them_made_anew(ada: Viewer) -> None:
    with at(NOW):
        calendar = await keep(ada)
        await keep(ada, version=1, labels=Labels(en="Shanghai"))
        assert await keep(ada, version=2, labels=Labels(en="Shanghai")) == calendar
    row = await BusinessCalendar.get(id=calendar)
    assert (row.version, await Job.all().count()) == (2, 1)
    with at(NOW):
        await keep(ada, version=2, time_zone="Asia/Tokyo")
    jobs = await Job.all().order_by("id")
    assert [(job.kind, job.parameters) for job in jobs] == [(JobKind.WORKING_TIME, {"calendar_id": calendar})] * 2
    assert (await BusinessCalendar.get(id=calendar)).job_id == jobs[-1].id


async def test_what_is_wrong_with_a_calendar_is_told_at_once(ada: Viewer) -> None:
    week = (
        DayHours(weekday=Weekday.MONDAY, hours=("9:00-17:00", "17:00-09:00", "24:00-24:00")),
        DayHours(weekday=Weekday.MONDAY, hours=("09:00-12:00", "11:00-13:00", "13:00-24:00")),
    )
    days = (CalendarException(date=date(2026, 1, 1)), CalendarException(date=date(2026, 1, 1), reason=" "))
    wrong = {"time_zone": "Europe/Oz", "country": "XX", "subdivision": "gb", "labels": Labels()}
    found = await refusals(keep(ada, " ", **wrong, weekly_hours=week, exceptions=days))
    told = {(".".join(each.path), each.problem) for each in found if isinstance(each, InvalidInput)}
    assert told == {
        ("input.code", "blank"),
        ("input.labels", "missing"),
        ("input.timeZone", "unknown_zone"),
        ("input.country", "unknown_country"),
        ("input.subdivision", "malformed"),
        ("input.weeklyHours.0.hours.0", "not_hours"),
        ("input.weeklyHours.0.hours.1", "not_hours"),
        ("input.weeklyHours.0.hours.2", "not_hours"),
        ("input.weeklyHours.1.weekday", "duplicate"),
        ("input.weeklyHours.1.hours.1", "hours_overlap"),
        ("input.exceptions.1.date", "duplicate"),
        ("input.exceptions.1.reason", "blank"),
    }
    idle = await refusals(keep(ada, weekly_hours=(DayHours(weekday=Weekday.MONDAY, hours=()),), subdivision="SCT"))
    assert [each.problem for each in idle if isinstance(each, InvalidInput)] == ["no_working_hours", "missing"]


async def test_whoever_is_on_leave_is_off_duty_and_whoever_sleeps_is_not(ada: Viewer) -> None:
    away, here = await make_user(Role.REP), await make_user(Role.REP)
    end = NOW + timedelta(hours=2)
    await Leave.create(user=away, entered_by=away, starts_at=NOW, ends_at=end)
    moments = (NOW - timedelta(seconds=1), NOW, end - timedelta(seconds=1), end)
    async with transaction() as client:
        found = [await who_is_off_duty(client, [away.id, here.id, ada.user_id], moment) for moment in moments]
    assert found == [frozenset(), {away.id}, {away.id}, frozenset()]
