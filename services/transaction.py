"""Transactions: the only place that opens one. One use case is one transaction."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from typing import ParamSpec, TypeVar, cast

import asyncpg
from tortoise.connection import get_connections

from models.connection import NAME, TransactionClient, current_client, pool

P = ParamSpec("P")
T = TypeVar("T")


class Forestalled(Exception):
    """Somebody else made the row meanwhile that was to be made."""


# Somebody else was in the way; the transaction left nothing behind and may be tried again as a whole.
CONFLICTS = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    Forestalled,
)


@asynccontextmanager
async def transaction() -> AsyncIterator[TransactionClient]:
    """Commit what the block writes, or nothing if it raises. Models use its connection by themselves.

    Raises RuntimeError inside another transaction (see `savepoint`), TimeoutError when no connection comes free.
    Tasks started in the block must end in it.
    """
    client = current_client()
    if isinstance(client, TransactionClient):
        raise RuntimeError("a transaction is open already: one use case is one transaction")
    # asyncpg's own blocks give the connection back wherever the task is cancelled; Tortoise's do not (1.1.9).
    async with client.acquire_connection() as connection, connection.transaction():
        inner = TransactionClient(client, connection)
        token = get_connections().set(NAME, inner)
        try:
            yield inner
        finally:
            get_connections().reset(token)


@asynccontextmanager
async def snapshot() -> AsyncIterator[asyncpg.Connection]:
    """A connection that reads the database as it is now until the block ends, and writes nothing.

    Meanwhile others can be used: what it sees does not change by that. It holds back the clean-up of old rows.
    """
    async with pool().acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        yield cast(asyncpg.Connection, connection)


@asynccontextmanager
async def savepoint(client: TransactionClient) -> AsyncIterator[None]:
    """Undo what the block wrote if it raises, leaving the transaction as it was before and usable."""
    async with client.connection.transaction():
        yield


def retrying(use_case: Callable[P, Awaitable[T]], *, attempts: int = 4) -> Callable[P, Awaitable[T]]:
    """`use_case`, repeated as a whole when it lost to a concurrent one, up to `attempts` times in all.

    It has to open its transaction itself: a transaction that failed cannot go on. Raises the last conflict.
    """

    @wraps(use_case)
    async def repeated(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(1, attempts):
            try:
                return await use_case(*args, **kwargs)
            except CONFLICTS:
                await asyncio.sleep(_pause(attempt))
        return await use_case(*args, **kwargs)

    return repeated


def _pause(attempt: int) -> float:
    """Seconds to wait after the failed `attempt`: at random, so that rivals part, and longer each time."""
    return random.uniform(0.0, 0.01 * 2**attempt)  # noqa: S311  # not a secret
