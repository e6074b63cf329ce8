"""The pool: whole after every cancellation, and nobody waits for it for ever."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from models import Channel
from models.connection import connect, disconnect, pool
from services.transaction import transaction

TASKS = 1_000
SIZE = 4


@asynccontextmanager
async def connected(database_url: str, *, size: int, acquire_timeout: float) -> AsyncIterator[None]:
    await connect(database_url, min_size=size, max_size=size, acquire_timeout=acquire_timeout)
    try:
        yield
    finally:
        await disconnect()


async def test_a_thousand_tasks_cancelled_at_random_instants_leave_the_pool_whole(database_url: str) -> None:
    instants = random.Random(7)  # not a secret
    written: set[str] = set()

    async def write(number: int) -> None:
        async with transaction() as client:
            await Channel.create(code=f"c{number}", name="Cancelled")
            await client.connection.execute("SELECT pg_sleep(0.0005)")
        written.add(f"c{number}")

    async def write_and_cancel(number: int) -> None:
        task = asyncio.create_task(write(number))
        await asyncio.sleep(instants.uniform(0, longest))
        task.cancel()
        await asyncio.wait([task])

    async with connected(database_url, size=SIZE, acquire_timeout=10.0):
        for start in (-40, -20):  # the first of them know no statement yet
            began = time.monotonic()
            await asyncio.gather(*(write(number) for number in range(start, start + 20)))
            longest = time.monotonic() - began
        written.clear()
        for start in range(0, TASKS, 20):
            await asyncio.gather(*(write_and_cancel(number) for number in range(start, start + 20)))

        assert TASKS / 20 < len(written) < TASKS * 19 / 20, "some are cancelled, some come through"
        assert written <= set(await Channel.all().values_list("code", flat=True)), "what was acknowledged is there"
        assert await transactions_left_open() == [False] * SIZE


async def transactions_left_open() -> list[bool]:
    """Of each connection of the pool, all of them taken at once so that a lost one is missed."""
    async with asyncio.timeout(5):
        connections = [await pool().acquire() for _ in range(SIZE)]
    open_ones = [connection.is_in_transaction() for connection in connections]
    for connection in connections:
        await pool().release(connection)
    return open_ones


async def test_waiting_for_a_connection_has_an_end(database_url: str) -> None:
    async with connected(database_url, size=1, acquire_timeout=0.05):
        taken = await pool().acquire()
        with pytest.raises(TimeoutError):
            await Channel.all().count()
        with pytest.raises(TimeoutError):
            async with transaction():
                pass
        await pool().release(taken)
        assert await Channel.filter(code="none").count() == 0


async def test_a_database_that_cannot_be_reached_is_told_at_once_and_can_be_tried_again(database_url: str) -> None:
    with pytest.raises(FileNotFoundError):
        await connect("postgresql://sluice@/sluice?host=/nowhere")
    async with connected(database_url, size=1, acquire_timeout=5.0):
        assert await pool().fetchval("SELECT 1") == 1


async def test_a_task_that_outlives_its_transaction_cannot_touch_the_connection(database_url: str) -> None:
    async def count_later() -> int:
        await ended.wait()
        return await Channel.all().count()

    async with connected(database_url, size=1, acquire_timeout=5.0):
        ended = asyncio.Event()
        async with transaction():
            straggler = asyncio.create_task(count_later())
        ended.set()
        with pytest.raises(asyncpg.InterfaceError, match="released back to the pool"):
            await straggler


async def test_a_connection_lost_inside_a_transaction_is_replaced(database_url: str) -> None:
    async with connected(database_url, size=1, acquire_timeout=5.0):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await run("SELECT pg_terminate_backend(pg_backend_pid())")
        assert await pool().fetchval("SELECT 1") == 1


async def test_a_wrong_number_of_arguments_leaves_no_lock_behind(database_url: str) -> None:
    async with connected(database_url, size=1, acquire_timeout=5.0):
        with pytest.raises(asyncpg.InterfaceError):
            await run("LOCK TABLE channel", "SELECT $1::int")
        locks = "SELECT count(*) FROM pg_locks WHERE relation = 'channel'::regclass AND mode = 'AccessExclusiveLock'"
        assert await pool().fetchval(locks) == 0


async def run(*statements: str) -> None:
    async with transaction() as client:
        for statement in statements:
            await client.connection.fetchval(statement)
