"""How many statements a request takes, by PostgreSQL's own log."""

import asyncpg

from app.embedded import Servers
from app.embedded.postgres import SUPERUSER
from bench.home import bench_home

_EXECUTED = (b" LOG:  execute ", b" LOG:  statement: ")


class Counter:
    """Counts the statements that PostgreSQL was asked to run since it was made."""

    def __init__(self) -> None:
        self._log = bench_home() / "log" / "postgres.log"
        self._from = self._log.stat().st_size

    def count(self) -> int:
        """So far."""
        with self._log.open("rb") as file:
            file.seek(self._from)
            text = file.read()
        return sum(text.count(mark) for mark in _EXECUTED)


async def log_statements(servers: Servers, *, enabled: bool) -> None:
    """Let PostgreSQL log every statement, or none."""
    connection = await asyncpg.connect(servers.postgres.url(database="postgres", user=SUPERUSER))
    try:
        await connection.execute(f"ALTER SYSTEM SET log_statement = '{'all' if enabled else 'none'}'")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()
