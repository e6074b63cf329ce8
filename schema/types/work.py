"""The work queue."""

from collections.abc import Awaitable, Callable

import strawberry

from schema.describe import object_type, resolved, text
from schema.enums import Transition, WorkReason
from schema.types.base import PageInfo
from schema.types.orders import Order


@object_type
class WorkItem:
    """An order that waits for you."""

    reason: WorkReason = text("What there is to do.")
    transition: Transition = text("The step by which it is done.")
    order: Order | None = text("The order; null if it was just done, and you see it no more.")


@object_type
class WorkItemEdge:
    """An order in its place in the work queue."""

    cursor: str = text("The place: binds priority, deadline, placement and id.")
    node: WorkItem = text("The order, and what there is to do.")


@object_type
class WorkCount:
    """How many orders wait for you for one reason: what a tab of the queue says."""

    reason: WorkReason = text("What there is to do.")
    count: int = text("How many orders wait for it.")


@object_type
class WorkItemConnection:
    """A page of the work queue: what you see, and may do."""

    edges: list[WorkItemEdge] = text("The orders with their cursors.")
    nodes: list[WorkItem] = text("The orders alone.")
    page_info: PageInfo = text("Where this page lies in the queue.")
    counted: strawberry.Private[Callable[[], Awaitable[dict[WorkReason, int]]]]

    @resolved("How many orders wait, over all pages; counted only when asked for.")
    async def total_count(self) -> int:
        return sum((await self.counted()).values())

    @resolved("How many wait for each reason for which there can be work for you, also for none; over all pages.")
    async def counts(self) -> list[WorkCount]:
        return [WorkCount(reason=reason, count=count) for reason, count in (await self.counted()).items()]
