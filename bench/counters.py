"""Counts of orders by counters, beside GROUP BY with the same visibility; and what counting costs those who write.

What is timed is PostgreSQL's: each statement as the engine's pool would run it, planned once. Writers are a step of an
order's life, the row, its history and its event in a transaction; beside them, orders are folded each second. The same
writes are made with the triggers disabled, in turn. The servers of the bench do not wait for the disk, which is hardest
on the comparison.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg

from app.embedded import Servers
from app.embedded.postgres import SUPERUSER
from domain.people import Role
from rows.conditions import NO_FILTER
from rows.counting import LEVEL, order_counts
from rows.cuboids import none_of
from rows.entities import CUSTOMER, ORDER
from rows.parameters import Context, fill
from rows.sql import Compiler, ViewerShape
from rows.viewer import Viewer
from services.counting.fold import FOLD
from services.counting.rebuild import COUNT

GROUPINGS = {
    "by status": ("status",),
    "by channel": ("channel_id",),
    "by four segments": ("status", "type", "channel_id", "tier_id"),
    "by four and level": ("status", "type", "channel_id", "tier_id", "customer_level"),
    "by region": ("status", "region_id"),
}
PENDING = (0, 2_000)
WRITERS = 4
_HOT = "SELECT team_id FROM sales_order WHERE team_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"

_STATUSES = ("PACKED", "SHIPPED", "PICKING")
_STEP = (
    "UPDATE sales_order SET status = $2, version = version + 1, last_seq = last_seq + 1 WHERE id = $1",
    "INSERT INTO order_status_change (order_id, from_status, to_status, at) VALUES ($1, NULL, $2, now())",
    "INSERT INTO outbox_event (aggregate, aggregate_id, seq, type, payload, created_at)"
    " SELECT 'ORDER', id, last_seq, $2::text, '{}', now() FROM sales_order WHERE id = $1",
)
_VIEWERS = """
SELECT id, team_id, roles, coalesce((SELECT array_agg(descendant_id ORDER BY descendant_id) FROM team_closure
                                     WHERE ancestor_id = team_id), '{}') AS teams
FROM app_user WHERE id = $1
"""
_SOMEBODY = {
    "admin": "SELECT id FROM app_user WHERE 'ADMIN' = ANY(roles) ORDER BY id LIMIT 1",
    "manager": "SELECT id FROM app_user WHERE team_id = 2 AND 'MANAGER' = ANY(roles) ORDER BY id LIMIT 1",
    "rep": "SELECT owner_id FROM sales_order WHERE owner_id IS NOT NULL GROUP BY 1"
    " ORDER BY abs(count(*) - 200), owner_id LIMIT 1",
}


@dataclass
class Counted:
    """Milliseconds by workload: (counters, GROUP BY); ratios of writes with counting to writes without."""

    reads: dict[str, tuple[float, float]] = field(default_factory=dict)
    writes: dict[str, float] = field(default_factory=dict)
    mismatches: int = 0


async def measure_counters(servers: Servers, database: str, *, seconds: float) -> Counted:
    """All of it, in a database that is left as it was but for the statuses of some orders."""
    found = Counted()
    address = servers.postgres.url(database=database, user=SUPERUSER)
    connection = await asyncpg.connect(address, server_settings={"plan_cache_mode": "force_generic_plan"})
    try:
        for pending in PENDING:
            await _fold_everything(connection)
            for number in await _numbers(connection, "true", pending // 2):
                await connection.execute(_STEP[0], number, random.choice(_STATUSES))
            await _read(connection, found, pending)
        for name, where in (("spread", "true"), ("one hot team", f"team_id = ({_HOT})")):
            found.writes[name] = await _write(address, connection, await _numbers(connection, where, 20_000), seconds)
        found.writes["orders inserted, 1,000 at once"] = await _insert(connection, seconds)
        await _fold_everything(connection)
    finally:
        await connection.close()
    return found


async def _numbers(connection: asyncpg.Connection, where: str, most: int) -> list[int]:
    rows = await connection.fetch(f"SELECT id FROM sales_order WHERE {where} ORDER BY hashint8(id) LIMIT {most}")
    return [row["id"] for row in rows]


async def _fold_everything(connection: asyncpg.Connection) -> None:
    while await connection.fetchval(FOLD, 20_000):
        pass
    await connection.execute("VACUUM (ANALYZE) order_count_delta")
    await connection.execute("VACUUM order_counter")


async def _read(connection: asyncpg.Connection, found: Counted, pending: int) -> None:
    for kind, somebody in _SOMEBODY.items():
        viewer = await _viewer(connection, await connection.fetchval(somebody))
        context = Context(viewer, "GBP", 2, "UTC", date.min)
        for name, columns in GROUPINGS.items():
            counted, exact = _counted(viewer, columns), _exact(viewer, columns)
            told = [await _timed(connection, *statement, context) for statement in (counted, exact)]
            (fast, ours), (slow, theirs) = told
            found.mismatches += ours != theirs
            found.reads[f"{kind}, {name}, {pending:,} pending"] = (fast, slow)


def _counted(viewer: Viewer, columns: Sequence[str]) -> tuple[str, Sequence[Any]]:
    compiler = Compiler(ViewerShape(viewer.roles, 0))
    return order_counts(compiler, columns, NO_FILTER.condition, 0), compiler.parameters.sources


def _exact(viewer: Viewer, columns: Sequence[str]) -> tuple[str, Sequence[Any]]:
    compiler = Compiler(ViewerShape(viewer.roles, 0))
    sees = compiler.visible(CUSTOMER, "c")
    joined = f" LEFT JOIN customer c ON c.id = t.customer_id AND {sees}" if sees and LEVEL in columns else ""
    level = f"CASE WHEN c.id IS NOT NULL THEN t.{LEVEL} END" if joined else f"t.{LEVEL}"
    keys = ", ".join(
        f"coalesce({level if column == LEVEL else f't.{column}'}, {none_of(column)}) AS {column}" for column in columns
    )
    rows = " UNION ALL ".join(
        f"SELECT {keys}, t.base_total FROM sales_order t{joined} WHERE {branch or 'true'}"
        for branch in compiler.branches(ORDER, "t", spread=False)
    )
    names = ", ".join(columns)
    sql = f"SELECT {names}, count(*) AS orders, sum(base_total) AS amount FROM ({rows}) r GROUP BY {names}"
    return sql, compiler.parameters.sources


async def _timed(
    connection: asyncpg.Connection, sql: str, sources: Sequence[Any], context: Context
) -> tuple[float, set[tuple[Any, ...]]]:
    """Median milliseconds, over as many runs as half a second holds, and what it gave."""
    statement = await connection.prepare(sql)
    arguments = fill(sources, context, [()])
    rows = await statement.fetch(*arguments)
    times: list[float] = []
    while len(times) < 3 or (sum(times) < 0.5 and len(times) < 300):
        began = time.perf_counter()
        await statement.fetch(*arguments)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000, {tuple(row) for row in rows}


async def _viewer(connection: asyncpg.Connection, user_id: int) -> Viewer:
    row = await connection.fetchrow(_VIEWERS, user_id)
    assert row is not None
    return Viewer(user_id, frozenset(map(Role, row["roles"])), row["team_id"], tuple(row["teams"]))


async def _write(address: str, connection: asyncpg.Connection, numbers: list[int], seconds: float) -> float:
    """Steps a second with counting, times those without: the median over turns."""
    ratios = []
    for _ in range(5):
        rates = []
        for how in ("ENABLE", "DISABLE"):
            await connection.execute(f"ALTER TABLE sales_order {how} TRIGGER USER")
            rates.append(await _steps(address, numbers, seconds, fold=how == "ENABLE"))
        ratios.append(rates[0] / rates[1])
    await _count_anew(connection)
    return statistics.median(ratios)


async def _steps(address: str, numbers: list[int], seconds: float, *, fold: bool) -> float:
    until = time.monotonic() + seconds
    done = 0

    async def step(writer: int) -> None:
        nonlocal done
        choice = random.Random(writer)  # not a secret
        mine = numbers[writer::WRITERS]
        one = await asyncpg.connect(address)
        while time.monotonic() < until:
            async with one.transaction():
                number, status = choice.choice(mine), choice.choice(_STATUSES)
                for statement in _STEP:
                    await one.execute(statement, number, status)
            done += 1
        await one.close()

    async def folding() -> None:
        one = await asyncpg.connect(address)
        while time.monotonic() + 1 < until:
            await asyncio.sleep(1)
            await one.fetchval(FOLD, 20_000)
        await one.close()

    await asyncio.gather(*(step(writer) for writer in range(WRITERS)), *([folding()] if fold else []))
    return done / seconds


async def _insert(connection: asyncpg.Connection, seconds: float) -> float:
    """Orders inserted a second by statements of 1,000, as imports write them, with counting, times those without."""
    columns = [
        row["attname"]
        for row in await connection.fetch(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'sales_order'::regclass AND attnum > 0"
            " AND NOT attisdropped AND attname NOT IN ('id', 'number', 'external_id')"
        )
    ]
    names = ", ".join(columns)
    copy = f"INSERT INTO sales_order ({names}) SELECT {names} FROM sales_order WHERE id BETWEEN $1 AND $1 + 999"
    ratios = []
    for turn in range(5):
        rates = []
        for how in ("ENABLE", "DISABLE"):
            await connection.execute(f"ALTER TABLE sales_order {how} TRIGGER USER")
            undone = connection.transaction()
            await undone.start()
            began, batches = time.monotonic(), 0
            while time.monotonic() < began + seconds:
                await connection.execute(copy, 1 + 1_000 * (100 * turn + batches))
                batches += 1
            rates.append(batches / (time.monotonic() - began))
            await undone.rollback()
        ratios.append(rates[0] / rates[1])
    await connection.execute("ALTER TABLE sales_order ENABLE TRIGGER USER")
    return statistics.median(ratios)


async def _count_anew(connection: asyncpg.Connection) -> None:
    """What was written without triggers is counted too."""
    await connection.execute("ALTER TABLE sales_order ENABLE TRIGGER USER")
    await connection.execute("DELETE FROM order_counter")
    await connection.execute("SET work_mem = '256MB'")
    await connection.execute(COUNT)
