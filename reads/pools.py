"""Connections for reads: two pools, since how PostgreSQL plans matters as much as the shape of a statement.

A statement whose matches do not depend on its values is planned once per connection and run from that plan; one with
ranges or conditions on related rows is planned for its values each time. The roles of the two pools say so, by
`ALTER ROLE ... SET plan_cache_mode`.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from telemetry.observed import Statement

Watch = Callable[[Statement], None]
"""Is told of each statement that was run."""

LONGEST_KEPT = 64_000
"""How long a statement may be to stay prepared on a connection, which takes memory in PostgreSQL."""


class _Connection(asyncpg.Connection):
    """A connection that is not reset when given back: reads leave nothing behind, and RESET costs a round trip."""

    def get_reset_query(self) -> str:
        return ""


def _unwatched(_statement: Statement) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True)
class ReadPools:
    """`generic` plans once, `custom` for each execution. `waiting` counts who waits for a connection of either."""

    generic: "asyncpg.Pool[asyncpg.Record]"
    custom: "asyncpg.Pool[asyncpg.Record]"
    acquire_timeout: float
    watch: Watch = _unwatched
    waiting: dict[str, int] = field(default_factory=lambda: {"generic": 0, "custom": 0})

    @classmethod
    async def connect(
        cls,
        url: str,
        generic_url: str,
        *,
        size: int = 10,
        generic_size: int = 10,
        seconds: float = 10.0,
        watch: Watch = _unwatched,
    ) -> "ReadPools":
        """Pools of up to `size` and `generic_size` connections, whose statements may take `seconds`.

        Where both addresses are the same, connections ask for their plan mode themselves. Raises what asyncpg raises
        when one of them cannot be reached, and leaves nothing open.
        """
        own_mode = {"plan_cache_mode": "force_generic_plan"} if url == generic_url else {}
        async with AsyncExitStack() as opened:
            generic = await _pool(generic_url, generic_size, seconds, own_mode)
            opened.push_async_callback(generic.close)
            custom = await _pool(url, size, seconds, {})
            opened.pop_all()
        return cls(generic, custom, acquire_timeout=seconds, watch=watch)

    async def fetchrow(self, sql: str, arguments: list[Any], *, selective: bool) -> asyncpg.Record:
        """The one row of a statement that always has one."""
        (row,) = await self.fetch(sql, arguments, selective=selective)
        return row

    async def fetch(self, sql: str, arguments: list[Any], *, selective: bool) -> list[asyncpg.Record]:
        """The rows of a statement; `selective`: how many there are depends on the values."""
        name, pool = ("custom", self.custom) if selective else ("generic", self.generic)
        self.waiting[name] += 1
        try:
            async with asyncio.timeout(self.acquire_timeout):  # asyncpg's own makes a task of each
                connection = await pool.acquire()
        finally:
            self.waiting[name] -= 1
        began, count = time.perf_counter(), None
        try:
            rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
            count = len(rows)
            return rows
        finally:
            self.watch(Statement(name, sql, time.perf_counter() - began, count))
            await pool.release(connection)

    async def close(self) -> None:
        """Close all connections once they are idle."""
        await asyncio.gather(self.generic.close(), self.custom.close())


async def _pool(url: str, size: int, seconds: float, settings: dict[str, str]) -> "asyncpg.Pool[asyncpg.Record]":
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        command_timeout=seconds,
        connection_class=_Connection,
        statement_cache_size=1_000,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=LONGEST_KEPT,
        server_settings=settings,
    )
