"""Working time is added and measured right over zones, clocks that are put forward and back, holidays, make-up days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.working_time import (
    BusinessCalendar,
    Hours,
    NoWorkingTime,
    Period,
    add_working_time,
    merged,
    working_time,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CHINA, UK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
OFFICE: Hours = ((9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))
NINE_TO_FIVE: Hours = ((9 * 60, 17 * 60),)
OFF: Hours = ()

# The State Council's notice for 2026: spring festival from 15 to 23 February, with 14 and 28 February worked; national
# day from 1 to 7 October, with 20 September and 10 October worked.
CHINESE = BusinessCalendar(
    zone=CHINA,
    week=(OFFICE,) * 5 + (OFF, OFF),
    days={date(2026, 2, day): OFF for day in range(15, 24)}
    | {date(2026, 10, day): OFF for day in range(1, 8)}
    | dict.fromkeys((date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)), OFFICE),
)
BRITISH = BusinessCalendar(
    zone=UK,
    week=(NINE_TO_FIVE,) * 5 + (OFF, OFF),
    days=dict.fromkeys((date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25), date(2026, 12, 28)), OFF),
)
# A night shift every night, on each side of midnight.
NIGHTS = BusinessCalendar(zone=UK, week=(((0, 6 * 60), (22 * 60, 24 * 60)),) * 7)


def at(calendar: BusinessCalendar, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


@pytest.mark.parametrize(
    ("calendar", "begin", "hours", "end"),
    [
        # 24 working hours from the Friday before spring festival: 3.5 on it, 7.5 on the make-up Saturday, then none
        # until Tuesday the 24th, 7.5 on it, and 5.5 on the 25th.
        (CHINESE, "2026-02-13 14:30", 24, "2026-02-25 16:00"),
        # 28 February is a Saturday that is worked.
        (CHINESE, "2026-02-27 17:00", 8.5, "2026-02-28 18:00"),
        # 20 September is a Sunday that is worked.
        (CHINESE, "2026-09-18 18:00", 7.5, "2026-09-20 18:00"),
        (CHINESE, "2026-09-30 17:00", 2, "2026-10-08 10:00"),
        (CHINESE, "2026-10-09 17:30", 1, "2026-10-10 09:30"),
        # Lunch does not count, and what ends with the day ends on that day.
        (CHINESE, "2026-03-03 11:30", 1, "2026-03-03 14:00"),
        (CHINESE, "2026-03-03 09:00", 7.5, "2026-03-03 18:00"),
        # Over Easter, and the night in which British clocks are put forward.
        (BRITISH, "2026-03-27 16:00", 2, "2026-03-30 10:00"),
        (BRITISH, "2026-04-02 16:30", 1, "2026-04-07 09:30"),
        # Christmas, a weekend, and its substitute day.
        (BRITISH, "2026-12-24 12:00", 8, "2026-12-29 12:00"),
        # In the night of 28 to 29 March there is no hour from one to two, in that of 24 to 25 October there are two.
        (NIGHTS, "2026-03-28 22:00", 7, "2026-03-29 06:00"),
        (NIGHTS, "2026-10-24 22:00", 9, "2026-10-25 06:00"),
        (NIGHTS, "2026-06-01 22:00", 8, "2026-06-02 06:00"),
    ],
)
def test_cases_that_were_checked_by_hand(calendar: BusinessCalendar, begin: str, hours: float, end: str) -> None:
    amount = timedelta(hours=hours)
    assert add_working_time(calendar, at(calendar, begin), amount) == at(calendar, end)
    assert working_time(calendar, at(calendar, begin), at(calendar, end)) == amount


def test_hours_that_the_clock_leaves_out_begin_when_it_is_put_forward() -> None:
    calendar = BusinessCalendar(zone=UK, week=((((90, 240)),),) * 7)
    begin = datetime(2026, 3, 29, tzinfo=UTC)
    assert calendar.periods(date(2026, 3, 29)) == ((datetime(2026, 3, 29, 1, tzinfo=UTC), begin + 3 * HOUR),)
    only = BusinessCalendar(zone=UK, week=((((60, 120)),),) * 7)
    assert only.periods(date(2026, 3, 29)) == ()


def test_hours_that_the_clock_shows_twice_count_both_times() -> None:
    begin = datetime(2026, 10, 24, 23, tzinfo=UTC)  # midnight; from one to two comes twice
    until, since = (BusinessCalendar(zone=UK, week=((hours,),) * 7) for hours in ((0, 90), (90, 240)))
    assert until.periods(date(2026, 10, 25)) == ((begin, begin + 2.5 * HOUR),)
    assert since.periods(date(2026, 10, 25)) == ((begin + 1.5 * HOUR, begin + 5 * HOUR),)


def test_a_calendar_without_work_says_so_instead_of_looking_for_ever() -> None:
    calendar = BusinessCalendar(zone=UK, week=(OFF,) * 7, days={date(2026, 1, 5): NINE_TO_FIVE})
    begin = at(calendar, "2026-01-01 00:00")
    assert add_working_time(calendar, begin, 8 * HOUR) == at(calendar, "2026-01-05 17:00")
    with pytest.raises(NoWorkingTime):
        add_working_time(calendar, begin, 8 * HOUR + MINUTE)
    with pytest.raises(ValueError, match="not negative"):
        add_working_time(calendar, begin, -MINUTE)


def test_leave_and_pauses_do_not_count_and_may_overlap() -> None:
    begin = at(BRITISH, "2026-05-11 09:00")  # a Monday
    off = [
        (at(BRITISH, "2026-05-11 10:00"), at(BRITISH, "2026-05-11 12:00")),
        (at(BRITISH, "2026-05-11 11:00"), at(BRITISH, "2026-05-11 13:00")),
        (at(BRITISH, "2026-05-12 00:00"), at(BRITISH, "2026-05-13 00:00")),
    ]
    assert add_working_time(BRITISH, begin, 6 * HOUR, off=off) == at(BRITISH, "2026-05-13 10:00")
    assert working_time(BRITISH, begin, at(BRITISH, "2026-05-13 10:00"), off=off) == 6 * HOUR


def hours_of_a_day() -> some.SearchStrategy[Hours]:
    """Hours that begin and end where no clock is put forward or back, or at midnight."""
    bounds = some.lists(some.sampled_from([0, *range(5 * 60, 23 * 60, 15), 24 * 60]), max_size=6, unique=True)
    return bounds.map(sorted).map(lambda found: tuple(zip(found[::2], found[1::2], strict=False)))


@some.composite
def calendars(draw: some.DrawFn) -> BusinessCalendar:
    zone = draw(some.sampled_from(["Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"]))
    week = tuple(draw(hours_of_a_day()) for _ in range(7))
    near = some.dates(date(2026, 3, 1), date(2026, 11, 30))
    return BusinessCalendar(
        zone=ZoneInfo(zone), week=week, days=draw(some.dictionaries(near, hours_of_a_day(), max_size=5))
    )


# Near the days on which clocks are put forward or back, in one of the zones or another.
MOMENTS = some.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + minutes * MINUTE,
    some.sampled_from([date(2026, 3, 7), date(2026, 3, 28), date(2026, 4, 4), date(2026, 10, 3), date(2026, 10, 24)]),
    some.integers(0, 3 * 24 * 60),
)
PERIODS = some.lists(some.tuples(MOMENTS, MOMENTS).map(sorted).map(lambda two: (two[0], two[1])), max_size=3)


def by_the_minute(calendar: BusinessCalendar, begin: datetime, end: datetime, off: list[Period]) -> timedelta:
    """The same, by looking at a clock once a minute."""
    total, now = timedelta(0), begin
    while now < end:
        local = now.astimezone(calendar.zone)
        minute = local.hour * 60 + local.minute
        works = any(since <= minute < until for since, until in calendar.hours(local.date()))
        total += MINUTE * (works and not any(since <= now < until for since, until in off))
        now += MINUTE
    return total


@settings(max_examples=40, deadline=None)
@given(calendars(), MOMENTS, some.integers(0, 2 * 24 * 60), PERIODS)
def test_it_is_what_a_clock_counts_that_is_looked_at_each_minute(
    calendar: BusinessCalendar, begin: datetime, minutes: int, off: list[Period]
) -> None:
    end = begin + minutes * MINUTE
    assert working_time(calendar, begin, end, off=off) == by_the_minute(calendar, begin, end, off)


@settings(max_examples=100, deadline=None)
@given(calendars(), MOMENTS, some.timedeltas(timedelta(0), 12 * DAY), PERIODS)
def test_measuring_gives_back_what_was_added_and_no_earlier_moment_does(
    calendar: BusinessCalendar, begin: datetime, amount: timedelta, off: list[Period]
) -> None:
    try:
        end = add_working_time(calendar, begin, amount, off=off)
    except NoWorkingTime:
        assert not any(calendar.week)
        return
    assert working_time(calendar, begin, end, off=off) == amount
    if amount:
        assert working_time(calendar, begin, end - timedelta(microseconds=1), off=off) < amount


@settings(max_examples=50, deadline=None)
@given(calendars(), MOMENTS, MOMENTS, MOMENTS)
def test_parts_of_a_time_add_up_to_it(
    calendar: BusinessCalendar, first: datetime, second: datetime, third: datetime
) -> None:
    parts = working_time(calendar, first, second) + working_time(calendar, second, third)
    assert parts == working_time(calendar, first, third)


def test_periods_are_merged_where_they_touch() -> None:
    one, two, three, four = (datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in (1, 2, 3, 4))
    assert merged([(three, four), (one, two), (two, three), (four, four)]) == [(one, four)]
