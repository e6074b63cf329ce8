"""Connections: sorted, filtered and cut into pages in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from tests.oracle.conditions import holds
from tests.oracle.cursors import Order, cursor_of, order_of, position_of
from tests.oracle.values import money, total
from tests.oracle.visibility import Viewer
from tests.oracle.world import Row

USUAL_SIZE = 50


@dataclass(frozen=True)
class Page:
    """A page of a list: what a connection's fields say."""

    order: Order
    everything: list[Row]
    rows: list[Row]
    has_next: bool
    has_previous: bool
    currency: str

    def field(self, name: str) -> Any:
        """The value of a connection's field."""
        match name:
            case "edges":
                return [{"cursor": cursor_of(row, self.order), "node": row} for row in self.rows]
            case "nodes":
                return self.rows
            case "totalCount":
                return len(self.everything)
            case "totalAmount":
                return money(total([row.columns["base_total"] for row in self.everything]), self.currency)
            case "pageInfo":
                return self._info()
            case _:
                raise KeyError(name)

    def _info(self) -> dict[str, Any]:
        cursors = [cursor_of(row, self.order) for row in self.rows]
        return {
            "hasNextPage": self.has_next,
            "hasPreviousPage": self.has_previous,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        }


def page_of(viewer: Viewer, type_name: str, rows: Iterable[Row], arguments: dict[str, Any]) -> Page:
    """The page of `rows`, of which the viewer sees some, that the arguments of a connection ask for."""
    order = order_of(type_name, arguments.get("sort"), viewer.world)
    condition = arguments.get("filter") or {}
    found = [row for row in rows if viewer.sees(row) and holds(viewer, row, condition)]
    found.sort(key=cmp_to_key(lambda one, other: _compare(_position(one, order), _position(other, order), order)))
    between = [row for row in found if _is_between(row, order, arguments.get("after"), arguments.get("before"))]
    last = arguments.get("last")
    if last is not None:
        kept = between[max(0, len(between) - last) :]
        has_next, has_previous = arguments.get("before") is not None, len(between) > last
    else:
        first = USUAL_SIZE if arguments.get("first") is None else arguments["first"]
        kept = between[:first]
        has_next, has_previous = len(between) > first, arguments.get("after") is not None
    return Page(order, found, kept, has_next, has_previous, viewer.world.currency)


def _position(row: Row, order: Order) -> tuple[Any, int]:
    return row.columns[order.column], row.id


def _is_between(row: Row, order: Order, after: str | None, before: str | None) -> bool:
    here = _position(row, order)
    if after is not None and _compare(here, position_of(after, order), order) <= 0:
        return False
    return before is None or _compare(here, position_of(before, order), order) < 0


def _compare(one: tuple[Any, int], other: tuple[Any, int], order: Order) -> int:
    """Below zero where `one` comes first: no value comes last both ways, ties go by id."""
    if (one[0] is None) != (other[0] is None):
        return 1 if one[0] is None else -1
    if one == other:
        return 0
    smaller = one[1] < other[1] if one[0] is None else one < other
    return 1 if smaller == order.descending else -1
