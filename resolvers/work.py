"""The work queue: what its reader should do next."""

from functools import partial
from typing import Annotated, Any, TypeAlias

import strawberry

from domain.errors import InvalidInput
from domain.orders.work import WORK
from domain.problems import Problem
from reads.arguments import LARGEST_PAGE, USUAL_PAGE
from reads.errors import invalid_input
from reads.hook import RowRef
from reads.work import Item, place_of, work_counts, work_queue
from resolvers.answers import Info
from rows.entities import ORDER
from schema.describe import object_type, resolved
from schema.enums import WorkReason
from schema.types.base import PageInfo
from schema.types.work import WorkItem, WorkItemConnection, WorkItemEdge
from services.clock import now

First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(description=f"How many orders, at most {LARGEST_PAGE}; {USUAL_PAGE} if it is not given."),
]
OfReasons: TypeAlias = Annotated[
    list[WorkReason] | None,
    strawberry.argument(description="Only orders for which this is to be done; all if absent."),
]
After: TypeAlias = Annotated[str | None, strawberry.argument(description="Only orders behind this cursor.")]


@object_type
class WorkQueries:
    """What is to be done."""

    @resolved(
        "Orders that wait for you to take a step with them: the highest priority first, then the nearest `respondBy`,"
        " then the oldest."
    )
    async def work_queue(
        self, info: Info, first: First = None, after: After = None, reasons: OfReasons = None
    ) -> WorkItemConnection | None:
        asked, pools = info.context.asked_now(), info.context.execution.engine.pools
        size, behind = _size(first), None if after is None else place_of(after)
        today = info.context.company.day_of(now())
        of_viewer = (pools, asked.context, asked.shape)
        wanted = WORK.keys() if reasons is None else reasons
        found = await work_queue(*of_viewer, today=today, size=size + 1, after=behind, reasons=wanted)
        items = found[:size]
        edges = [WorkItemEdge(cursor=item.place.cursor(), node=_item(item)) for item in items]
        return WorkItemConnection(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo(
                has_next_page=len(found) > size,
                has_previous_page=behind is not None,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
            counted=partial(work_counts, *of_viewer, today=today, reasons=wanted),
        )


def _size(first: int | None) -> int:
    size = USUAL_PAGE if first is None else first
    if not 0 <= size <= LARGEST_PAGE:
        raise invalid_input(InvalidInput(path=("first",), problem=Problem.OUT_OF_RANGE, limit=f"0..{LARGEST_PAGE}"))
    return size


def _item(item: Item) -> WorkItem:
    order: Any = RowRef(ORDER, item.place.id)
    return WorkItem(reason=item.reason, transition=WORK[item.reason].transition, order=order)
