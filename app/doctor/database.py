"""PostgreSQL: its version and settings, the tables, and what stands in the way of work."""

import time
from collections.abc import Iterator

import asyncpg

from app.doctor.findings import Finding, ok, problem, warning
from app.doctor.work import check_work
from app.settings import Settings
from models.migrate import pending

OLDEST_MAJOR = 18
SECONDS_TO_ANSWER = 5
SLOW_ROUND_TRIP_MS = 5.0
MOST_CLOCK_SECONDS = 2.0

_FACTS = """
SELECT current_setting('server_version_num')::int / 10000 AS major,
       (SELECT datlocprovider = 'b' AND datlocale = 'C.UTF-8' FROM pg_database WHERE datname = current_database())
           AS sorted_alike,
       current_setting('TimeZone') AS zone, current_setting('jit') = 'on' AS jit,
       current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on' AS durable,
       current_setting('synchronous_commit') <> 'off' AS waits, current_setting('autovacuum') = 'on' AS autovacuum,
       current_setting('max_connections')::int AS connections,
       extract(epoch FROM clock_timestamp()) AS clock
"""
_BROKEN_INDEXES = """
SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index WHERE index_relid = indexrelid) ORDER BY relname
"""
_IDLERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'idle in transaction' AND state_change < now() - interval '1 minute'
"""


async def check_database(settings: Settings) -> list[Finding]:
    """Findings about the database as DATABASE_URL leads to it."""
    try:
        began = time.perf_counter()
        connection = await asyncpg.connect(settings.database_url, timeout=SECONDS_TO_ANSWER)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        why = " ".join(str(fault).split()) or "it does not answer"
        return [problem(f"PostgreSQL cannot be used: {why}", "see that it runs and that DATABASE_URL leads to it")]
    try:
        [facts] = await connection.fetch(_FACTS)
        asked = time.perf_counter()
        trip = min([await _trip(connection) for _ in range(5)])
        return [
            ok(f"PostgreSQL {facts['major']} answers ({(asked - began) * 1000:.0f} ms to connect)"),
            *_server(facts),
            *_round_trip(trip),
            *_room(facts["connections"], settings),
            *await _tables(settings),
            *await _indexes(connection),
            *await _traffic(connection),
            *await _work(connection, settings),
        ]
    finally:
        await connection.close()


def _server(facts: asyncpg.Record) -> Iterator[Finding]:
    if facts["major"] < OLDEST_MAJOR:
        yield problem(f"PostgreSQL {facts['major']} is too old", f"use PostgreSQL {OLDEST_MAJOR} or later")
    if not facts["sorted_alike"]:
        yield problem(
            "the database sorts text in another way than Sluice",
            "make it with LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' TEMPLATE template0 and restore into it",
        )
    if not facts["durable"]:
        yield problem("PostgreSQL may lose what it has acknowledged", "set fsync = on and full_page_writes = on")
    if not facts["waits"]:
        yield problem("commits do not wait for the disk", "set synchronous_commit = on")
    if not facts["autovacuum"]:
        yield problem("autovacuum is off: tables grow and plans go wrong", "set autovacuum = on")
    if facts["jit"]:
        yield warning("jit is on: short statements take longer to compile than to run", "set jit = off")
    if abs(float(facts["clock"]) - time.time()) > MOST_CLOCK_SECONDS:
        yield problem("the clocks of this machine and of PostgreSQL differ", "synchronise both (NTP)")


async def _trip(connection: asyncpg.Connection) -> float:
    """Milliseconds to PostgreSQL and back."""
    began = time.perf_counter()
    await connection.fetchval("SELECT 1")
    return (time.perf_counter() - began) * 1000


def _round_trip(milliseconds: float) -> Iterator[Finding]:
    if milliseconds > SLOW_ROUND_TRIP_MS:
        yield warning(
            f"a round trip to PostgreSQL takes {milliseconds:.1f} ms", "run the API close to it: in the same zone"
        )


def _room(connections: int, settings: Settings) -> Iterator[Finding]:
    """One API process and one worker are the least that there is."""
    wanted = (
        2 * settings.database_pool_size + settings.database_read_pool_size + settings.database_read_generic_pool_size
    )
    if wanted > connections - 3:  # those that PostgreSQL keeps for superusers
        yield problem(
            f"one API process and one worker may open {wanted} connections, PostgreSQL takes {connections}",
            "raise max_connections, lower the DATABASE_..._POOL_SIZE settings, or put PgBouncer in between",
        )


async def _tables(settings: Settings) -> list[Finding]:
    missing = await pending(settings.database_url)
    if not missing:
        return [ok("the tables are those of this version")]
    return [problem(f"{len(missing)} migrations are missing, first {missing[0]}", "run sluice migrate")]


async def _indexes(connection: asyncpg.Connection) -> list[Finding]:
    broken = [row["relname"] for row in await connection.fetch(_BROKEN_INDEXES)]
    if not broken:
        return []
    return [warning(f"indexes were left unfinished: {', '.join(broken)}", "run sluice migrate, or REINDEX them")]


async def _traffic(connection: asyncpg.Connection) -> list[Finding]:
    idlers = await connection.fetchval(_IDLERS)
    if not idlers:
        return []
    return [warning(f"{idlers} transactions have been idle for over a minute", "see pg_stat_activity for who they are")]


async def _work(connection: asyncpg.Connection, settings: Settings) -> list[Finding]:
    if await pending(settings.database_url):
        return []  # its tables are not there yet
    return await check_work(connection, quota=settings.file_quota)
