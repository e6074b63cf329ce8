"""Servers and databases for tests. Nothing starts until a test asks for it.

Each module has a database of its own. `database` is what most tests want: Tortoise connected to it, and it is empty.
A module that makes its rows once and reads them in many tests takes `module_database`, which nobody empties.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import count

import asyncpg
import pytest
import redis

from app.embedded import Servers, start_servers
from models.connection import connect, disconnect
from models.migrate import migrate

TEMPLATE = "sluice_template"
_numbers = count(1)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A private PostgreSQL and a private Valkey, for the whole run."""
    with start_servers(tmp_path_factory.mktemp("home"), durable=False) as running:
        yield running


@pytest.fixture(scope="session")
async def template(servers: Servers) -> str:
    """The name of a migrated database to copy."""
    await administer(servers, f"CREATE DATABASE {TEMPLATE} OWNER sluice")
    with unfiltered_states():
        await migrate(servers.postgres.url(database=TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="module")
async def database_name(servers: Servers, template: str) -> AsyncIterator[str]:
    """A migrated database of the module's own."""
    name = f"test_{next(_numbers)}"
    await administer(servers, f"CREATE DATABASE {name} OWNER sluice TEMPLATE {template}")
    yield name
    await administer(servers, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def database_url(servers: Servers, database_name: str) -> str:
    """The module's database, as the role that owns it."""
    return servers.postgres.url(database=database_name)


@pytest.fixture(scope="module")
def database_read_url(servers: Servers, database_name: str) -> str:
    """The module's database, as the role that can only read, planned for the values bound."""
    return servers.postgres.url(database=database_name, user="sluice_read")


@pytest.fixture(scope="module")
def database_read_generic_url(servers: Servers, database_name: str) -> str:
    """The module's database, as the role that can only read, planned once."""
    return servers.postgres.url(database=database_name, user="sluice_read_generic")


@pytest.fixture(scope="module")
async def module_database(database_url: str) -> AsyncIterator[str]:
    """Tortoise connected to the module's database; the address."""
    await connect(database_url)
    yield database_url
    await disconnect()


@pytest.fixture(scope="module")
async def superuser(servers: Servers, database_name: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to the module's database that may leave foreign keys unchecked."""
    url = servers.postgres.url(database=database_name, user="postgres")
    async with asyncpg.create_pool(url, min_size=0, max_size=1) as pool:
        yield pool


@pytest.fixture
async def database(superuser: asyncpg.Pool, module_database: str) -> str:
    """Tortoise connected to the module's database, which is empty, all counting starting at 1; the address."""
    await superuser.execute(await superuser.fetchval(EMPTYING))
    return module_database


@pytest.fixture
def redis_url(servers: Servers) -> str:
    """Valkey, empty."""
    with redis.Redis.from_url(servers.redis_url) as client:
        client.flushall()
    return servers.redis_url


@contextmanager
def unfiltered_states() -> Iterator[None]:
    """Models of the states between migrations have no filters, which take most of their time and which nobody uses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tortoise.models.get_filters_for_field", lambda **_: {})
        yield


async def administer(servers: Servers, statement: str) -> None:
    """Run a statement of the superuser that concerns the whole server."""
    connection = await asyncpg.connect(servers.postgres.url(database="postgres", user="postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


# TRUNCATE takes thirty times as long on small tables.
EMPTYING = """
SELECT 'SET session_replication_role = replica; '
    || string_agg(format('DELETE FROM %I; ', relname), '') FILTER (WHERE relkind = 'r' AND relname <> 'event_sequence')
    || 'UPDATE event_sequence SET newest = 0, oldest = 1; '
    || string_agg(format('SELECT setval(%L, 1, false); ', relname), '') FILTER (WHERE relkind = 'S')
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'tortoise_migrations%'
"""
