"""Migrations: once, all, and nothing in the models that they do not carry."""

import asyncio

import asyncpg
import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

from app.embedded import Servers
from models.connection import configuration
from models.migrate import UnfitDatabase, migrate, pending
from tests.conftest import administer


@pytest.fixture
async def empty_database(servers: Servers) -> str:
    """A database without tables."""
    await administer(servers, "DROP DATABASE IF EXISTS unmigrated WITH (FORCE)")
    await administer(servers, "CREATE DATABASE unmigrated OWNER sluice")
    return servers.postgres.url(database="unmigrated")


async def test_what_is_pending_is_applied_once(empty_database: str) -> None:
    names = await pending(empty_database)
    assert names[0] == "0001_initial"
    assert await migrate(empty_database) == names
    assert await migrate(empty_database) == []
    assert await pending(empty_database) == []


async def test_concurrent_migrations_take_turns(empty_database: str) -> None:
    names = await pending(empty_database)
    results = await asyncio.gather(*(migrate(empty_database) for _ in range(3)))
    assert sorted(results) == [[], [], names]


async def test_a_migration_that_fails_leaves_nothing_behind_and_can_be_repeated(empty_database: str) -> None:
    connection = await asyncpg.connect(empty_database)
    # In the way of the last table made, after all others.
    await connection.execute("CREATE TABLE order_status_change ()")
    with pytest.raises(Exception, match="already exists"):
        await migrate(empty_database)
    assert await pending(empty_database) != []
    await connection.execute("DROP TABLE order_status_change")
    await connection.close()
    assert await migrate(empty_database) != []


async def test_every_company_begins_with_tiers_and_reasons_for_delay(empty_database: str) -> None:
    await migrate(empty_database)
    connection = await asyncpg.connect(empty_database)
    tiers = await connection.fetch("SELECT code, labels->>'zh' FROM tier ORDER BY rank")
    assert [tuple(row) for row in tiers] == [
        ("strategic", "战略"),
        ("key", "重点"),
        ("standard", "标准"),
        ("tail", "长尾"),
    ]
    reasons = await connection.fetch("SELECT kind, code FROM reason ORDER BY position")
    assert [tuple(row) for row in reasons] == [("DELAY", code) for code in ("supply", "customer", "logistics")]
    await connection.close()


async def test_a_database_that_sorts_text_in_another_way_is_refused(servers: Servers) -> None:
    await administer(servers, "CREATE DATABASE libc LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0 OWNER sluice")
    with pytest.raises(UnfitDatabase, match="BUILTIN_LOCALE"):
        await migrate(servers.postgres.url(database="libc"))
    await administer(servers, "DROP DATABASE libc")


async def test_the_models_have_no_change_that_no_migration_carries() -> None:
    config = configuration("")
    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        assert context.apps is not None
        changes = await MigrationAutodetector(context.apps, config["apps"]).changes()
    assert [writer.as_string() for writer in changes] == []
