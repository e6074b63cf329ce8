"""What is typed to make or change a business calendar, or to enter leave, and what can be wrong with it by itself."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from domain.errors import InvalidInput
from domain.labels import Labels, labels_problems
from domain.moments import write_moment
from domain.paths import INPUT, Path
from domain.problems import Problem
from domain.text import TAG, code, country, many_lines, one_line, too_many
from domain.unset import UNSET, Change, Unset
from domain.working_time import Hours

MOST_EXCEPTIONS = 500
MOST_INTERVALS = 8
"""Of a day."""
FIRST_YEAR = 2000
"""From its first day on it is known when is worked."""
YEARS_AHEAD = 5
"""So many full years behind this one are known, too; they are made again before less than `YEARS_LEFT` are left."""
YEARS_LEFT = 4
LONGEST_LEAVE = timedelta(days=366)
FURTHEST_LEAVE = timedelta(days=3 * 366)
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))", re.ASCII)
_SUBDIVISION = re.compile("[A-Z0-9]{1,4}", re.ASCII)


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


@dataclass(frozen=True, kw_only=True)
class DayHours:
    """When is worked on a weekday: intervals such as "09:00-17:30" of the clock, in order."""

    weekday: Weekday
    hours: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CalendarException:
    """A date with hours of its own, none where it is closed; `reason` is what people call it."""

    date: date
    hours: Sequence[str] = ()
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class BusinessCalendarEntry(Change):
    """A calendar by its `code`: what is `UNSET` stays as it is, or is the default of a new one.

    `country` is that of its public holidays, `subdivision` the part of it, by the second half of its ISO 3166-2 code.
    """

    code: str
    labels: Labels | Unset = UNSET
    time_zone: str | Unset = UNSET
    weekly_hours: Sequence[DayHours] | Unset = UNSET
    country: str | Unset | None = UNSET
    subdivision: str | Unset | None = UNSET
    exceptions: Sequence[CalendarException] | Unset = UNSET
    company_default: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class NewLeave:
    """Leave of a person, of whoever enters it if `user_id` is None: whole days, the last included, or moments."""

    user_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    reason: str | None = None


def calendar_problems(entry: BusinessCalendarEntry) -> Iterator[InvalidInput]:
    """Everything that is wrong with a calendar by itself but for its time zone, each with its path."""
    yield from code((*INPUT, "code"), entry.code, limit=TAG)
    if isinstance(entry.labels, Labels):
        yield from labels_problems((*INPUT, "labels"), entry.labels)
    yield from country((*INPUT, "country"), entry.country)
    if isinstance(entry.subdivision, str) and not _SUBDIVISION.fullmatch(entry.subdivision):
        yield InvalidInput(path=(*INPUT, "subdivision"), problem=Problem.MALFORMED)
    if not isinstance(entry.weekly_hours, Unset):
        yield from _week_problems(entry.weekly_hours)
    if not isinstance(entry.exceptions, Unset):
        yield from _exception_problems(entry.exceptions)


def hours_of(intervals: Sequence[str]) -> Hours:
    """Intervals, each "09:00-17:30", in minutes from midnight. Raises ValueError for what is none."""
    return tuple(_minutes(text) for text in intervals)


def week_of(days: Sequence[DayHours]) -> tuple[Hours, ...]:
    """The hours of the days from Monday to Sunday; those that are not named have none."""
    named = {day.weekday: hours_of(day.hours) for day in days}
    return tuple(named.get(weekday, ()) for weekday in Weekday)


def week_facts(days: Sequence[DayHours]) -> list[dict[str, Any]]:
    """The days that have hours, in the order of the week, as JSON holds them."""
    named = {day.weekday: list(day.hours) for day in days}
    return [{"weekday": day.value, "hours": named[day]} for day in Weekday if named.get(day)]


def exception_facts(exceptions: Sequence[CalendarException]) -> list[dict[str, Any]]:
    """The exceptions in the order of their dates, as JSON holds them."""
    ordered = sorted(exceptions, key=lambda each: each.date)
    return [{"date": each.date.isoformat(), "hours": list(each.hours), "reason": each.reason} for each in ordered]


def days_of(
    week: Sequence[Hours], holidays: Mapping[date, bool], exceptions: Sequence[Mapping[str, Any]]
) -> dict[date, Hours]:
    """The dates that differ from their weekday: an exception says so, or else `holidays`, true where one is worked.

    What is worked on a make-up day (调休) is what is worked on most days that have hours; on Mondays if none is.
    """
    usual = _usual(week)
    days = {day: usual if worked else () for day, worked in holidays.items()}
    return days | {date.fromisoformat(each["date"]): hours_of(each["hours"]) for each in exceptions}


def leave_problems(leave: NewLeave, *, now: datetime) -> Iterator[InvalidInput]:
    """Everything that is wrong with leave by itself, each with its path."""
    yield from many_lines((*INPUT, "reason"), leave.reason, limit=1_000)
    by_days, by_moments = (leave.starts_on, leave.ends_on), (leave.starts_at, leave.ends_at)
    if any(by_days) and any(by_moments):
        first = "startsAt" if leave.starts_at else "endsAt"
        yield InvalidInput(path=(*INPUT, first), problem=Problem.NOT_TOGETHER, limit="startsOn, endsOn")
        return
    names = ("startsAt", "endsAt") if any(by_moments) else ("startsOn", "endsOn")
    bounds = by_moments if any(by_moments) else by_days
    missing = [name for name, value in zip(names, bounds, strict=True) if value is None]
    for name in missing:
        yield InvalidInput(path=(*INPUT, name), problem=Problem.MISSING)
    if not missing:
        yield from _bounds_problems(names, bounds, now)


def _bounds_problems(names: tuple[str, str], bounds: tuple[Any, Any], now: datetime) -> Iterator[InvalidInput]:
    begin, end = bounds
    moments = isinstance(begin, datetime)
    latest = now + FURTHEST_LEAVE if moments else (now + FURTHEST_LEAVE).date()
    if begin > latest:
        yield InvalidInput(path=(*INPUT, names[0]), problem=Problem.TOO_LATE, limit=_written(latest))
    elif end < begin or (moments and end == begin):
        yield InvalidInput(path=(*INPUT, names[1]), problem=Problem.TOO_EARLY, limit=_written(begin))
    elif end - begin > LONGEST_LEAVE:
        yield InvalidInput(path=(*INPUT, names[1]), problem=Problem.TOO_LATE, limit=_written(begin + LONGEST_LEAVE))


def _written(bound: date | datetime) -> str:
    return write_moment(bound) if isinstance(bound, datetime) else bound.isoformat()


def _week_problems(days: Sequence[DayHours]) -> Iterator[InvalidInput]:
    path = (*INPUT, "weeklyHours")
    named: set[Weekday] = set()
    for place, day in enumerate(days):
        if day.weekday in named:
            yield InvalidInput(path=(*path, str(place), "weekday"), problem=Problem.DUPLICATE)
        named.add(day.weekday)
        yield from _hours_problems((*path, str(place), "hours"), day.hours)
    if not any(day.hours for day in days):
        yield InvalidInput(path=path, problem=Problem.NO_WORKING_HOURS)


def _exception_problems(exceptions: Sequence[CalendarException]) -> Iterator[InvalidInput]:
    path = (*INPUT, "exceptions")
    if len(exceptions) > MOST_EXCEPTIONS:
        yield too_many(path, MOST_EXCEPTIONS)
        return
    named: set[date] = set()
    for place, each in enumerate(exceptions):
        here = (*path, str(place))
        if each.date in named:
            yield InvalidInput(path=(*here, "date"), problem=Problem.DUPLICATE)
        named.add(each.date)
        if not FIRST_YEAR <= each.date.year < FIRST_YEAR + 200:
            limit = f"{FIRST_YEAR}-01-01..{FIRST_YEAR + 199}-12-31"
            yield InvalidInput(path=(*here, "date"), problem=Problem.OUT_OF_RANGE, limit=limit)
        yield from _hours_problems((*here, "hours"), each.hours)
        yield from one_line((*here, "reason"), each.reason)


def _hours_problems(path: Path, intervals: Sequence[str]) -> Iterator[InvalidInput]:
    if len(intervals) > MOST_INTERVALS:
        yield too_many(path, MOST_INTERVALS)
        return
    wrong = [place for place, text in enumerate(intervals) if not _is_interval(text)]
    for place in wrong:
        yield InvalidInput(path=(*path, str(place)), problem=Problem.NOT_HOURS)
    if wrong:
        return
    for place, (earlier, later) in enumerate(pairwise(hours_of(intervals)), start=1):
        if later[0] < earlier[1]:
            yield InvalidInput(path=(*path, str(place)), problem=Problem.HOURS_OVERLAP)


def _is_interval(text: str) -> bool:
    if not _HOURS.fullmatch(text):
        return False
    begin, end = _minutes(text)
    return begin < end


def _minutes(text: str) -> tuple[int, int]:
    begin, end = ((int(clock[:2]), int(clock[3:])) for clock in text.split("-"))
    return begin[0] * 60 + begin[1], end[0] * 60 + end[1]


def _usual(week: Sequence[Hours]) -> Hours:
    """The hours that most working days have; of several that are as frequent, those that come first in the week."""
    worked = [hours for hours in week if hours]
    return max(worked, key=worked.count) if worked else ()
