"""The process's connection to PostgreSQL: one pool of asyncpg, under Tortoise's models and under raw SQL alike."""

from typing import Any, cast

import asyncpg
from asyncpg.pool import PoolAcquireContext, PoolConnectionProxy
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext
from tortoise.connection import get_connection

NAME = "default"
Connection = asyncpg.Connection | PoolConnectionProxy


class Client(AsyncpgDBClient):
    """Tortoise's client, taking an address as asyncpg does (sockets, TLS) and waiting only so long for a connection."""

    def __init__(self, dsn: str, *, acquire_timeout: float, **options: Any) -> None:
        super().__init__(**options)
        self.dsn = dsn
        self.acquire_timeout = acquire_timeout

    @property
    def pool(self) -> asyncpg.Pool:
        """The pool. Raises RuntimeError before `connect` and after `disconnect`."""
        if self._pool is None:
            raise RuntimeError("not connected to the database")
        return self._pool

    async def create_pool(self, **options: Any) -> asyncpg.Pool:
        """A pool of connections that are handed on as they are: nothing may depend on the session's state."""
        for part_of_address in ("host", "port", "user", "password", "database"):
            del options[part_of_address]
        return await asyncpg.create_pool(self.dsn, reset=_leave_session, **options)

    def acquire_connection(self) -> PoolAcquireContext:  # type: ignore[override]  # it is entered and left alike
        """A connection for the length of an `async with`. Raises TimeoutError when all are taken for too long."""
        return self.pool.acquire(timeout=self.acquire_timeout)

    def _in_transaction(self) -> TransactionContext:
        # A task cancelled while Tortoise begins a transaction would keep its connection for ever.
        raise RuntimeError("transactions are opened by services.transaction.transaction")


class TransactionClient(TransactionWrapper):
    """Tortoise's client of a single connection, on which somebody else begins and ends the transaction."""

    def __init__(self, parent: AsyncpgDBClient, connection: Connection) -> None:
        super().__init__(parent)
        self._connection = cast(asyncpg.Connection, connection)

    @property
    def connection(self) -> asyncpg.Connection:
        """The connection itself, for COPY and whatever else Tortoise has no name for."""
        return self._connection


def configuration(database_url: str, **options: Any) -> dict[str, Any]:
    """What Tortoise takes: `options` are the pool's, by Tortoise's and asyncpg's names."""
    return {
        "connections": {
            NAME: {
                "engine": "models.connection",
                "credentials": {"dsn": database_url, "acquire_timeout": 10.0, **options},
            }
        },
        "apps": {
            "models": {"models": ["models"], "default_connection": NAME, "migrations": "models.migrations"},
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def connect(
    database_url: str, *, min_size: int = 1, max_size: int = 10, acquire_timeout: float = 10.0, **options: Any
) -> None:
    """Open the process's pool of `min_size` to `max_size` connections.

    `acquire_timeout` is in seconds; `options` go to asyncpg (`command_timeout`, `statement_cache_size` ...). Server
    settings belong to the role, since PgBouncer refuses them here. Raises what asyncpg raises when the database
    cannot be reached.
    """
    config = configuration(database_url, minsize=min_size, maxsize=max_size, acquire_timeout=acquire_timeout, **options)
    await Tortoise.init(config=config, _enable_global_fallback=True)
    try:
        await current_client().create_connection(with_db=True)
    except BaseException:
        await disconnect()
        raise


async def disconnect() -> None:
    """Close the pool, waiting up to 10 s for connections in use."""
    await Tortoise.close_connections()


def current_client() -> Client | TransactionClient:
    """The client that models use here: the transaction's inside of one, else the pool's."""
    return cast(Client | TransactionClient, get_connection(NAME))


def unpooled_client(database_url: str, connection: asyncpg.Connection) -> TransactionClient:
    """A client of `connection` alone, which the caller opened to `database_url` and closes."""
    return TransactionClient(Client(database_url, acquire_timeout=0.0, connection_name=NAME), connection)


def pool() -> asyncpg.Pool:
    """The process's pool, for statements that need no model. Raises RuntimeError when not connected."""
    client = current_client()
    if isinstance(client, TransactionClient):
        raise RuntimeError("inside a transaction, its own connection is to be used")
    return client.pool


async def _leave_session(_connection: Connection) -> None:
    """In place of asyncpg's RESET: a round trip saved each time. An open transaction is rolled back in any case."""


client_class = Client  # the name by which Tortoise finds the client of an engine
