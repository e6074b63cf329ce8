"""Working time (工作时间): how much of it lies between two moments, and when a given amount of it will have passed.

A calendar has a zone, hours for each weekday, and dates with hours of their own: none on a holiday, ordinary ones on a
make-up day (调休), what an exception says. Hours are those of a clock in the zone, what is measured is elapsed time:
a day on which the clock is put forward during work has an hour less, and one on which it is put back one more.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import TypeAlias
from zoneinfo import ZoneInfo

NOTHING, SECOND = timedelta(0), timedelta(seconds=1)
MOST_DAYS_OFF = 750
"""How many days in a row may be without work before nothing is due any more: two years and some days."""

Hours: TypeAlias = tuple[tuple[int, int], ...]
"""A day's working hours, as (begin, end) in minutes of the clock from midnight, at most 1,440: in order, and apart."""
Period: TypeAlias = tuple[datetime, datetime]
"""From the first moment until before the second, both in UTC."""


class NoWorkingTime(Exception):
    """The calendar has no working time for so long that nothing is due in it."""


@dataclass(frozen=True, kw_only=True)
class BusinessCalendar:
    """When people work: the hours of a `week` from Monday to Sunday, and of `days` that differ."""

    zone: ZoneInfo
    week: tuple[Hours, ...]
    days: Mapping[date, Hours] = field(default_factory=dict)
    _known: dict[date, tuple[Period, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def hours(self, day: date) -> Hours:
        """The hours of a date, on the clock."""
        special = self.days.get(day)
        return self.week[day.weekday()] if special is None else special

    def periods(self, day: date) -> tuple[Period, ...]:
        """The working periods of a date. Hours that the clock leaves out are none."""
        found = self._known.get(day)
        if found is None:
            bounds = [(self._moment(day, begin, 0), self._moment(day, end, 1)) for begin, end in self.hours(day)]
            found = self._known[day] = tuple((begin, end) for begin, end in bounds if begin < end)
        return found

    def day_of(self, moment: datetime) -> date:
        """The date that it is in the calendar's zone."""
        return moment.astimezone(self.zone).date()

    def _moment(self, day: date, minutes: int, fold: int) -> datetime:
        """When the clock shows that time. Of two such moments the one that `fold` says; if there is none, when the
        clock is put forward past it.
        """
        local = datetime.combine(day, time(), self.zone) + timedelta(minutes=minutes)
        local = local.replace(fold=fold)
        moment = local.astimezone(UTC)
        if moment.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return moment
        return _jump(self.zone, local.replace(fold=1).astimezone(UTC), local.replace(fold=0).astimezone(UTC))


def add_working_time(
    calendar: BusinessCalendar, begin: datetime, amount: timedelta, *, off: Sequence[Period] = ()
) -> datetime:
    """The first moment, in UTC, by which `amount` of working time has passed since `begin`; nothing has passed at once.

    `off` are periods that do not count, such as leave, or pauses in which a customer is waited for. Raises
    NoWorkingTime, and ValueError for a negative amount.
    """
    if amount < NOTHING:
        raise ValueError("an amount of working time is not negative")
    begin = begin.astimezone(UTC)
    if not amount:
        return begin
    left, days_off, gaps = amount, 0, merged(off)
    for day in _days(calendar.day_of(begin), date.max):
        worked = _worked(calendar, day, begin, gaps)
        for since, until in worked:
            if until - since >= left:
                return since + left
            left -= until - since
        days_off = 0 if worked else days_off + 1
        if days_off == MOST_DAYS_OFF:
            break
    raise NoWorkingTime


def working_time(
    calendar: BusinessCalendar, begin: datetime, end: datetime, *, off: Sequence[Period] = ()
) -> timedelta:
    """How much working time lies between the moments, negative where `end` comes first; `off` as for adding."""
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    if end < begin:
        return -working_time(calendar, end, begin, off=off)
    gaps, total = merged(off), NOTHING
    for day in _days(calendar.day_of(begin), calendar.day_of(end)):
        for since, until in _worked(calendar, day, begin, gaps):
            total += max(min(until, end) - since, NOTHING)
    return total


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same periods in order, those that touch or overlap as one, empty ones left out."""
    found: list[Period] = []
    for begin, end in sorted(periods):
        if end <= begin:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def _worked(calendar: BusinessCalendar, day: date, begin: datetime, gaps: Sequence[Period]) -> list[Period]:
    """The working periods of a day from `begin` on, without the gaps."""
    found = [(max(since, begin), until) for since, until in calendar.periods(day) if until > begin]
    return [part for period in found for part in _without(period, gaps)] if gaps else found


def _without(period: Period, gaps: Sequence[Period]) -> Iterator[Period]:
    """What is left of a period."""
    since, until = period
    for begin, end in gaps[bisect_right(gaps, since, key=itemgetter(1)) :]:
        if begin >= until:
            break
        if since < begin:
            yield since, begin
        since = end
    if since < until:
        yield since, until


def _jump(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """When the clock is put forward, between two moments, to the second."""
    before = early.astimezone(zone).utcoffset()
    while late - early > SECOND:
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
