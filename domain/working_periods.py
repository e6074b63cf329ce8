"""What a calendar comes to: the periods in which is worked, one behind the other, with the working time before each."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from domain.working_time import NOTHING, SECOND, BusinessCalendar

Row = tuple[datetime, datetime | None, int]
"""From a moment until another, and how many seconds of work lie before."""


def period_rows(calendar: BusinessCalendar, first: date, last: date) -> Iterator[Row]:
    """The periods of the days from `first` to `last` of the calendar's zone, those that touch as one, in order.

    Where none begins with the first day, an empty one does. Behind them is one without an end, as long as nothing is
    known any more.
    """
    begin, end = (
        datetime.combine(day, time(), calendar.zone).astimezone(UTC) for day in (first, last + timedelta(days=1))
    )
    worked = NOTHING
    since = until = begin
    for number in range(first.toordinal(), last.toordinal() + 1):
        for starts, ends in calendar.periods(date.fromordinal(number)):
            if starts > until:
                yield since, until, worked // SECOND
                worked += until - since
                since = starts
            until = ends
    yield since, until, worked // SECOND
    worked += until - since
    yield max(until, end), None, worked // SECOND
