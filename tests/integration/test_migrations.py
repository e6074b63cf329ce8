"""Migrations: once, all, and nothing in the models that they do not carry."""

import asyncio
from collections.abc import AsyncIterator
from importlib import import_module
from pkgutil import iter_modules

import asyncpg
import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

from app.embedded import Servers
from models import migrations
from models.connection import configuration
from models.migrate import UnfitDatabase, migrate, pending
from models.operations import REPEATABLE
from tests.conftest import administer, unfiltered_states
from tests.waiting import within


@pytest.fixture
async def empty_database(servers: Servers) -> str:
    """A database without tables."""
    await administer(servers, "DROP DATABASE IF EXISTS unmigrated WITH (FORCE)")
    await administer(servers, "CREATE DATABASE unmigrated OWNER sluice")
    return servers.postgres.url(database="unmigrated")


async def test_what_failed_left_nothing_behind_and_what_is_pending_is_applied_once_whoever_asks(
    empty_database: str,
) -> None:
    names = await pending(empty_database)
    assert names[0] == "0001_initial"
    connection = await asyncpg.connect(empty_database)
    # In the way of the last table made, after all others.
    await connection.execute("CREATE TABLE order_status_change ()")
    with pytest.raises(Exception, match="already exists"):
        await migrate(empty_database)
    assert await pending(empty_database) == names
    await connection.execute("DROP TABLE order_status_change")
    await connection.close()
    results = await asyncio.gather(*(migrate(empty_database) for _ in range(3)))
    assert sorted(results) == [[], [], names]
    assert await pending(empty_database) == []


async def test_every_company_begins_with_tiers_and_reasons(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    tiers = await connection.fetch("SELECT code, labels->>'zh' FROM tier ORDER BY rank")
    assert [tuple(row) for row in tiers] == [
        ("strategic", "战略"),
        ("key", "重点"),
        ("standard", "标准"),
        ("tail", "长尾"),
    ]
    reasons = await connection.fetch("SELECT kind, string_agg(code, ' ' ORDER BY position) FROM reason GROUP BY kind")
    assert dict(map(tuple, reasons)) == {
        "DELAY": "supply customer logistics",
        "RETURN": "damaged wrong_item not_as_described not_wanted",
        "COMPLAINT": "quality delivery invoice service",
        "DISQUALIFICATION": "no_need no_budget not_reachable not_genuine",
    }
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
        with unfiltered_states():
            changes = await MigrationAutodetector(context.apps, config["apps"]).changes()
    assert [writer.as_string() for writer in changes] == []


INDEX, MIGRATION = "sales_order_searched", "0008_search_indexes"
WRITE = "SET lock_timeout = '2s'; UPDATE sales_order SET notes = 'written' WHERE id = 1"
IS_VALID = f"SELECT (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{INDEX}'))"


@pytest.fixture
async def without_index(servers: Servers, template: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a database whose search indexes are still to be made."""
    await administer(servers, "DROP DATABASE IF EXISTS unindexed WITH (FORCE)")
    await administer(servers, f"CREATE DATABASE unindexed OWNER sluice TEMPLATE {template}")
    connection = await asyncpg.connect(servers.postgres.url(database="unindexed"))
    await connection.execute(f"DROP INDEX {INDEX}")
    await connection.execute("DELETE FROM tortoise_migrations WHERE name = $1", MIGRATION)
    yield connection
    await connection.close()


async def test_an_index_that_was_not_finished_is_made_anew_and_keeps_no_writer_out(
    servers: Servers, without_index: asyncpg.Connection
) -> None:
    url = servers.postgres.url(database="unindexed")
    writer = await asyncpg.connect(url)
    async with writer.transaction():
        await writer.execute(WRITE)  # the index waits for this transaction to end
        interrupted = asyncio.create_task(migrate(url))
        await within(10, lambda: without_index.fetchval(f"{IS_VALID} IS NOT DISTINCT FROM false"))
        await without_index.execute(WRITE)
        interrupted.cancel()
        with pytest.raises(asyncio.CancelledError):
            await interrupted
    await writer.close()
    assert await without_index.fetchval(IS_VALID) is False
    assert await migrate(url) == [MIGRATION]
    assert await without_index.fetchval(IS_VALID) is True


async def test_a_migration_that_is_no_transaction_can_be_repeated() -> None:
    for module in iter_modules(migrations.__path__):
        migration = import_module(f"models.migrations.{module.name}").Migration
        assert migration.atomic or all(isinstance(operation, REPEATABLE) for operation in migration.operations)
