"""What tests of use cases share: viewers, inputs, and what was written."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from domain.errors import DomainError, Refused
from domain.orders.entry import NewLine
from domain.people import Role
from models import OutboxEvent, Product, TeamClosure, User
from models.connection import TransactionClient, pool
from rows.viewer import Viewer
from services.company import Company
from services.transaction import transaction
from tests.waiting import within

T = TypeVar("T")
Outcome: TypeAlias = T | tuple[DomainError, ...]
"""A result, or why there is none."""
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


async def race(*contestants: Callable[[], Awaitable[T]]) -> list[Outcome[T]]:
    """What came of each contestant when all were started together, each with a connection at hand."""
    await asyncio.gather(*(pool().fetchval("SELECT pg_sleep(0.02)") for _ in contestants))
    return await asyncio.gather(*(_outcome(contestant) for contestant in contestants))


_IN_THE_WAY = """
SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
"""


async def overtaken(
    work: Callable[[], Awaitable[T]],
    rival: Callable[[TransactionClient], Awaitable[object]],
    *,
    needs: str = "SELECT",
) -> Outcome[T]:
    """What comes of `work` when it has to wait for `rival`, which wrote first and commits while it waits.

    Meanwhile the rival can do what it `needs`, in SQL: locks are taken in one order.
    """
    written = asyncio.Event()

    async def come_second() -> Outcome[T]:
        await written.wait()
        return await _outcome(work)

    second = asyncio.create_task(come_second())  # made outside the transaction, which it would inherit
    async with transaction() as client:
        await rival(client)
        written.set()
        await within(5, lambda: second.done() or client.connection.fetchval(_IN_THE_WAY))
        assert not second.done()
        await client.connection.execute(needs)
    return await second


async def _outcome(contestant: Callable[[], Awaitable[T]]) -> Outcome[T]:
    try:
        return await contestant()
    except Refused as refusal:
        return refusal.errors


async def events(aggregate: str, aggregate_id: int) -> list[tuple[int, str]]:
    """The events of an aggregate in their order: seq and type."""
    rows = OutboxEvent.filter(aggregate=aggregate, aggregate_id=aggregate_id).order_by("seq")
    return [(row.seq, row.type) for row in await rows]
