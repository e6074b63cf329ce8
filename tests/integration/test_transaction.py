"""Transactions: all or nothing, one at a time, and never at the price of a connection."""

import asyncio
import contextlib

import asyncpg
import pytest

from models import Channel
from services.transaction import retrying, savepoint, transaction

pytestmark = pytest.mark.usefixtures("database")


async def test_a_block_that_raises_writes_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        await create_and_fail()
    assert await Channel.all().count() == 0


async def create_and_fail() -> None:
    async with transaction():
        await Channel.create(code="web", name="Web")
        raise ZeroDivisionError


async def test_models_and_sql_share_the_transaction(database: str) -> None:
    async with transaction() as client:
        await Channel.create(code="web", name="Web")
        assert await client.connection.fetchval("SELECT count(*) FROM channel") == 1
        assert await count_from_outside(database) == 0
    assert await count_from_outside(database) == 1


async def test_a_transaction_inside_another_is_refused() -> None:
    async with transaction():
        with pytest.raises(RuntimeError, match="one use case is one transaction"):
            async with transaction():
                pass


async def test_a_savepoint_undoes_its_block_and_leaves_the_rest() -> None:
    async with transaction() as client:
        await Channel.create(code="kept", name="Kept")
        with contextlib.suppress(ZeroDivisionError):
            async with savepoint(client):
                await Channel.create(code="undone", name="Undone")
                raise ZeroDivisionError
        await Channel.create(code="after", name="After")
    assert [channel.code for channel in await Channel.all().order_by("id")] == ["kept", "after"]


async def test_tortoise_itself_may_not_open_a_transaction() -> None:
    with pytest.raises(RuntimeError, match=r"services\.transaction"):
        await Channel.get_or_create(code="web", defaults={"name": "Web"})
    async with transaction():
        await Channel.get_or_create(code="web", defaults={"name": "Web"})
    assert await Channel.all().count() == 1


async def test_a_use_case_that_lost_to_another_is_repeated_as_a_whole() -> None:
    await Channel.create(id=1, code="a", name="0")
    await Channel.create(id=2, code="b", name="0")
    both_hold_one = asyncio.Barrier(2)
    runs = 0

    async def count_up(first: int, second: int) -> None:
        nonlocal runs
        runs += 1
        async with transaction() as client:
            await client.connection.execute("UPDATE channel SET name = name::int + 1 WHERE id = $1", first)
            if runs <= 2:
                await both_hold_one.wait()
            await client.connection.execute("UPDATE channel SET name = name::int + 1 WHERE id = $1", second)

    await asyncio.gather(retrying(count_up)(1, 2), retrying(count_up)(2, 1))
    assert runs == 3, "one of two deadlocked transactions is broken off and repeated"
    assert [channel.name for channel in await Channel.all().order_by("id")] == ["2", "2"]


async def test_what_always_conflicts_is_given_up() -> None:
    runs = 0

    async def conflict() -> None:
        nonlocal runs
        runs += 1
        raise asyncpg.SerializationError

    with pytest.raises(asyncpg.SerializationError):
        await retrying(conflict, attempts=3)()
    assert runs == 3


async def test_another_error_is_not_repeated() -> None:
    runs = 0

    async def fail() -> None:
        nonlocal runs
        runs += 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await retrying(fail)()
    assert runs == 1


async def count_from_outside(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM channel"))
    finally:
        await connection.close()
