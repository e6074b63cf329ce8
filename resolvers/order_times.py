"""How long orders stood where they stood."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, TypeAlias

import strawberry

from domain.errors import InvalidInput, Refused
from domain.problems import Problem
from reads.errors import invalid_input
from reads.times import times_in_status
from resolvers.answers import Info
from rows.conditions import NO_FILTER, Filter
from rows.entities import ORDER
from rows.filters import parse_filter
from schema.describe import resolved
from schema.filters import OrderFilter, as_json  # type: ignore[attr-defined]  # made at run time
from schema.types.order_times import OrderTimeInStatus

LONGEST_PERIOD = timedelta(days=366)
Days: TypeAlias = Annotated[
    date, strawberry.argument(description="The first day of placement, in the company's time zone.")
]
LastDay: TypeAlias = Annotated[
    date, strawberry.argument(description=f"The last day of placement, at most {LONGEST_PERIOD.days} days in all.")
]
Among: TypeAlias = Annotated[OrderFilter | None, strawberry.argument(description="Only orders for which this holds.")]


@strawberry.type
class OrderTimeQueries:
    @resolved("How long the orders that you see stood at each status, in the order of an order's life.")
    async def order_time_in_status(
        self, info: Info, placed_from: Days, placed_until: LastDay, filter: Among = strawberry.UNSET
    ) -> list[OrderTimeInStatus] | None:
        begin, end = _period(placed_from, placed_until)
        asked, zone = info.context.asked_now(), info.context.company.zone
        found = await times_in_status(
            info.context.execution.engine.pools,
            asked.context,
            asked.shape,
            _filter(filter, asked.custom_fields),
            begin=datetime.combine(begin, time(), zone),
            end=datetime.combine(end, time(), zone),
        )
        return [
            OrderTimeInStatus(status=each.status, stays=each.stays, median_seconds=each.median, p90_seconds=each.p90)
            for each in found
        ]


def _period(first: date, last: date) -> tuple[date, date]:
    """The first day and the one behind the last. Raises GraphQLError."""
    if last < first:
        limit = first.isoformat()
        raise invalid_input(InvalidInput(path=("placedUntil",), problem=Problem.TOO_EARLY, limit=limit))
    if last - first >= LONGEST_PERIOD:
        latest = (first + LONGEST_PERIOD - timedelta(days=1)).isoformat()
        raise invalid_input(InvalidInput(path=("placedUntil",), problem=Problem.TOO_LATE, limit=latest))
    return first, last + timedelta(days=1)


def _filter(given: Any, custom_fields: Any) -> Filter:
    """The filter that is given. Raises GraphQLError."""
    if not given:
        return NO_FILTER
    try:
        return parse_filter(ORDER, as_json(given), custom_fields)
    except Refused as refused:
        error = refused.errors[0]
        assert isinstance(error, InvalidInput)  # noqa: S101  # parse_filter raises no other
        raise invalid_input(error, prefix=("filter",)) from None
