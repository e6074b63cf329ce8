"""An API process that waits for its databases holds nothing open that it does not use."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from app import runtime
from app.embedded import Servers
from app.runtime import Runtime
from app.settings import Settings
from reads.pools import ReadPools
from tests.waiting import within


@pytest.fixture
async def hopeless() -> AsyncIterator[str]:
    """The address of a server that hangs up, but not before another address has been reached."""

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1")
    async with server:
        yield f"postgresql://sluice@127.0.0.1:{server.sockets[0].getsockname()[1]}/sluice?sslmode=disable"


@pytest.fixture
async def onlooker(servers: Servers) -> AsyncIterator[asyncpg.Connection]:
    """A connection to another database of the server."""
    connection = await asyncpg.connect(servers.postgres.url(database="postgres", user="postgres"))
    yield connection
    await connection.close()


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Nothing is closed by chance, because the garbage collector came by."""
    gc.disable()
    yield
    gc.enable()


async def connections(onlooker: asyncpg.Connection, database_name: str) -> int:
    found = await onlooker.fetchval("SELECT count(*) FROM pg_stat_activity WHERE datname = $1", database_name)
    return int(found)


async def none_left(onlooker: asyncpg.Connection, database_name: str) -> None:
    async def none() -> bool:
        return await connections(onlooker, database_name) == 0

    await within(5, none)


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("unreachable", ["database_read_url", "database_read_generic_url"])
async def test_waiting_for_one_of_the_addresses_leaves_no_connection_open(
    database_url: str,
    database_name: str,
    onlooker: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    hopeless: str,
    unreachable: str,
) -> None:
    tries = 0
    connect = ReadPools.connect

    async def counted(*urls: str, **sizes: float) -> ReadPools:
        nonlocal tries
        tries += 1
        return await connect(*urls, **sizes)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(ReadPools, "connect", counted)
    monkeypatch.setattr(runtime, "SECONDS_BETWEEN_TRIES", 0.01)
    waiting = Runtime(settings(database_url, **{unreachable: hopeless}))
    await waiting.start()
    await within(20, lambda: tries > 8)
    # One try is at work, with its three connections at most and those of the try before, which are about to end.
    assert await connections(onlooker, database_name) < 6
    await waiting.stop()
    await none_left(onlooker, database_name)


async def test_one_that_is_stopped_while_it_connects_leaves_no_connection_open(
    database_url: str, database_name: str, onlooker: asyncpg.Connection
) -> None:
    async def some() -> bool:
        return await connections(onlooker, database_name) >= 2

    starting = Runtime(settings(database_url))
    await starting.start()
    await within(20, some)
    await starting.stop()
    await none_left(onlooker, database_name)


def settings(database_url: str, **others: str) -> Settings:
    return Settings(
        database_url=database_url,
        redis_url="redis://127.0.0.1:1",
        secret_key="a secret of the tests, long enough",
        company_currency="GBP",
        company_zone=ZoneInfo("Europe/London"),
        **others,
    )
