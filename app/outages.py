"""Which exceptions mean that the database is gone or too busy for now, and not that something is wrong here."""

import asyncpg

_OUTAGES = (
    OSError,  # TimeoutError among them
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # it shuts down, crashed, starts up, or cancelled the statement
    asyncpg.TooManyConnectionsError,
    # A connection of asyncpg (0.32) that was told of the server's end, and is used before it has noticed its own.
    asyncpg.InternalClientError,
)
# asyncpg says the same of a wrong number of arguments, which is no outage, and tells them apart in words alone.
_CLOSED = ("connection is closed", "pool is clos")


def is_outage(error: Exception) -> bool:
    """Whether what was asked can be asked again, as it is, a little later."""
    if isinstance(error, asyncpg.InterfaceError):
        return any(words in str(error) for words in _CLOSED)
    return isinstance(error, _OUTAGES)
