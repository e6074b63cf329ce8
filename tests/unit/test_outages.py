"""What clients are told to try again, and what not."""

import asyncpg
import pytest

from app.outages import is_outage


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        ConnectionRefusedError(111, "Connection refused"),
        FileNotFoundError("no socket of PostgreSQL"),
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.AdminShutdownError("terminating connection due to administrator command"),
        asyncpg.CrashShutdownError("terminating connection because of crash of another server process"),
        asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InterfaceError("cannot call Transaction.__aexit__(): the underlying connection is closed"),
        asyncpg.InterfaceError("pool is closing"),
    ],
    ids=repr,
)
def test_what_is_gone_for_now_is_an_outage(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        KeyError("x"),
        RuntimeError("a transaction is open already"),
        asyncpg.InterfaceError("the server expects 1 argument for this query, 0 were passed"),
        asyncpg.UndefinedColumnError("column does not exist"),
        asyncpg.UniqueViolationError("duplicate key"),
    ],
    ids=repr,
)
def test_what_is_wrong_here_is_none(error: Exception) -> None:
    assert not is_outage(error)
