"""What tests of use cases share: viewers, inputs, and what was written."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from domain.errors import DomainError, Refused
from domain.orders.entry import NewLine
from domain.people import Role
from models import OutboxEvent, Product, TeamClosure, User
from rows.viewer import Viewer
from services.company import Company

T = TypeVar("T")
COMPANY = Company(currency="GBP", zone=ZoneInfo("Europe/London"))


async def viewing(user: User) -> Viewer:
    """`user` as a viewer."""
    team_id: int | None = user.team_id  # type: ignore[attr-defined]  # Tortoise adds it
    closure = await TeamClosure.filter(ancestor_id=team_id).order_by("descendant_id").values("descendant_id")
    roles = frozenset(Role(role) for role in user.roles)
    return Viewer(
        user_id=user.id, roles=roles, team_id=team_id, team_ids=tuple(row["descendant_id"] for row in closure)
    )


def line(product: Product, quantity: str = "1", **changes: object) -> NewLine:
    """A line of `product` at its own price."""
    return NewLine(product_id=product.id, quantity=Decimal(quantity), **changes)  # type: ignore[arg-type]  # fields of NewLine


async def refusals(work: Awaitable[object]) -> tuple[DomainError, ...]:
    """Why `work` was refused; fails if it was not."""
    try:
        result = await work
    except Refused as refusal:
        return refusal.errors
    raise AssertionError(f"expected a refusal, got {result!r}")


async def race(*contestants: Callable[[], Awaitable[T]]) -> list[T | tuple[DomainError, ...]]:
    """What came of each contestant, result or refusal, when all were started together."""

    async def outcome(contestant: Callable[[], Awaitable[T]]) -> T | tuple[DomainError, ...]:
        try:
            return await contestant()
        except Refused as refusal:
            return refusal.errors

    return await asyncio.gather(*(outcome(contestant) for contestant in contestants))


async def events(aggregate: str, aggregate_id: int) -> list[tuple[int, str]]:
    """The events of an aggregate in their order: seq and type."""
    rows = OutboxEvent.filter(aggregate=aggregate, aggregate_id=aggregate_id).order_by("seq")
    return [(row.seq, row.type) for row in await rows]
