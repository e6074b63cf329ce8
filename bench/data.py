"""A company at scale in a database of its own, made once and kept."""

import time
from pathlib import Path

import asyncpg

from app.embedded import Servers
from app.embedded.postgres import OWNER, SUPERUSER
from bench.home import database_name
from models.migrate import migrate
from services.counting.rebuild import COUNT

COMPANY = Path(__file__).with_name("company.sql")
ORDERS = 1_000_000
ORDERS_A_CUSTOMER = 5

_INDEXES = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relnamespace = 'public'::regnamespace AND t.relname IN ('sales_order', 'order_line', 'customer')
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY 1
"""


async def prepare_database(servers: Servers, orders: int = ORDERS) -> str:
    """The name of a database with `orders` orders, made if need be; other sizes and older tables are dropped."""
    name = database_name(orders, COMPANY.read_text())
    server = await _connect(servers, "postgres")
    try:
        existing = [row["datname"] for row in await server.fetch("SELECT datname FROM pg_database")]
        if name in existing:
            return name
        for other in existing:
            if other.startswith(f"bench_{orders}_"):
                await server.execute(f"DROP DATABASE {other} WITH (FORCE)")
        await server.execute(f"CREATE DATABASE {name}_unfinished OWNER {OWNER}")
        await _fill(servers, f"{name}_unfinished", orders)
        await server.execute(f"ALTER DATABASE {name}_unfinished RENAME TO {name}")
    finally:
        await server.close()
    return name


async def _fill(servers: Servers, database: str, orders: int) -> None:
    began = time.monotonic()
    await migrate(servers.postgres.url(database=database))
    connection = await _connect(servers, database)
    try:
        # Foreign keys hold by construction; to check each row's would take longer than to make it.
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("SET work_mem = '512MB'")
        indexes = await connection.fetch(_INDEXES)
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['name']}")
        for statement in _company(orders):
            await connection.execute(statement)
            _tell(began, statement)
        for index in indexes:
            await connection.execute(index["definition"])
        _tell(began, "indexes")
        await connection.execute(COUNT)  # whatever was made had no triggers
        _tell(began, "counters")
        await connection.execute("VACUUM (ANALYZE)")
        _tell(began, "VACUUM")
    finally:
        await connection.close()


def _company(orders: int) -> list[str]:
    text = COMPANY.read_text().replace("{orders}", str(orders))
    return text.replace("{customers}", str(orders // ORDERS_A_CUSTOMER)).split("\n--\n")


def _tell(began: float, statement: str) -> None:
    lines = [line for line in statement.strip().splitlines() if line and not line.startswith("--")]
    print(f"  {time.monotonic() - began:6.1f} s  {lines[0][:90]}", flush=True)


async def _connect(servers: Servers, database: str) -> asyncpg.Connection:
    return await asyncpg.connect(servers.postgres.url(database=database, user=SUPERUSER))
