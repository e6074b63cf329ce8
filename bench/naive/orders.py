"""The list of orders: filter, keyset pages, totals."""

import base64
from datetime import datetime
from decimal import Decimal

import strawberry
from strawberry.types import Info
from tortoise.expressions import Q, Subquery
from tortoise.functions import Sum
from tortoise.queryset import QuerySet

import models
from bench.naive.context import Context
from bench.naive.types import Money, Order
from bench.naive.viewer import Viewer, visible_customers, visible_orders
from domain.customers import CustomerLevel
from domain.moments import write_moment
from models import RegionClosure


@strawberry.input
class CustomerLevelComparison:
    """How a level compares."""

    eq: CustomerLevel


@strawberry.input
class CustomerFilter:
    """Which customers."""

    level: CustomerLevelComparison


@strawberry.input
class RegionFilter:
    """Which regions."""

    within: strawberry.ID


@strawberry.input
class OrderFilter:
    """Which orders: all that is given must hold."""

    customer: CustomerFilter | None = None
    region: RegionFilter | None = None


@strawberry.type
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class OrderEdge:
    """An order in its place."""

    cursor: str
    node: Order


@strawberry.type
class OrderConnection:
    """A page of orders, newest first."""

    all: strawberry.Private["QuerySet[models.Order]"]
    rows: strawberry.Private[list[models.Order]]
    first: strawberry.Private[int]
    after: strawberry.Private[str | None]

    @strawberry.field
    def nodes(self) -> list[Order]:
        """The orders alone."""
        return [Order.of(row) for row in self.rows[: self.first]]

    @strawberry.field
    def edges(self) -> list[OrderEdge]:
        """The orders with their cursors."""
        return [OrderEdge(cursor=cursor_of(row), node=Order.of(row)) for row in self.rows[: self.first]]

    @strawberry.field
    def page_info(self) -> PageInfo:
        """Where the page lies."""
        shown = self.rows[: self.first]
        return PageInfo(
            has_next_page=len(self.rows) > self.first,
            has_previous_page=self.after is not None,
            start_cursor=cursor_of(shown[0]) if shown else None,
            end_cursor=cursor_of(shown[-1]) if shown else None,
        )

    @strawberry.field
    async def total_count(self) -> int:
        """How many orders the filter selects."""
        return await self.all.count()

    @strawberry.field
    async def total_amount(self) -> Money:
        """What they add up to in the company's currency."""
        sums = await self.all.annotate(amount=Sum("base_total")).values_list("amount", flat=True)
        return Money(amount=Decimal(sums[0] or 0).quantize(Decimal("0.01")), currency="GBP")


def cursor_of(row: models.Order) -> str:
    """The place of a row in the list."""
    text = f"placedAt.desc,{row.id},={write_moment(row.placed_at)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def behind(cursor: str) -> Q:
    """The rows behind a cursor."""
    _, number, moment = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(",", 2)
    placed_at = datetime.fromisoformat(moment.removeprefix("="))
    return Q(placed_at__lt=placed_at) | Q(placed_at=placed_at, id__lt=int(number))


def matching(given: OrderFilter | None, viewer: Viewer) -> Q:
    """The condition that a filter says."""
    condition = Q()
    if given and given.customer:
        condition &= Q(customer__level=given.customer.level.eq) & visible_customers(viewer, "customer__")
    if given and given.region:
        below = RegionClosure.filter(ancestor_id=int(given.region.within.removeprefix("reg_")))
        condition &= Q(region_id__in=Subquery(below.values("descendant_id")))
    return condition


async def list_orders(
    info: Info[Context, None],
    filter: OrderFilter | None = None,  # noqa: A002  # as in the schema
    first: int = 50,
    after: str | None = None,
) -> OrderConnection:
    """The orders that the viewer sees."""
    viewer = info.context.viewer
    query = models.Order.filter(visible_orders(viewer), matching(filter, viewer))
    asked = info.selected_fields[0].selections
    rows: list[models.Order] = []
    if any(getattr(field, "name", "") in {"nodes", "edges", "pageInfo"} for field in asked):
        page = query.filter(behind(after)) if after else query
        rows = await page.order_by("-placed_at", "-id").limit(first + 1)
    return OrderConnection(all=query, rows=rows, first=first, after=after)
