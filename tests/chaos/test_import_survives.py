"""An import while its worker and the database are killed and Redis forgets everything: it completes, to the cent."""

import asyncio
import time
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.chaos.conftest import Tell
from tests.chaos.demo import Demo, Part, until
from tests.chaos.invoices import write_invoices

pytestmark = pytest.mark.chaos

SECONDS = 150.0
JOB = "SELECT state, total, done, failed, attempts FROM job ORDER BY id DESC LIMIT 1"
ORDERS = """
SELECT count(*), sum(total), count(DISTINCT external_id) FROM sales_order o JOIN channel c ON c.id = o.channel_id
WHERE c.code = 'online-retail'
"""
LINES = """
SELECT count(*), sum(gross) FROM order_line JOIN sales_order o ON o.id = order_id JOIN channel c ON c.id = o.channel_id
WHERE c.code = 'online-retail'
"""
WITHOUT_ONE_EVENT = """
WITH told AS (
    SELECT aggregate_id, seq, count(*) FROM (
        SELECT aggregate, aggregate_id, seq FROM outbox_event UNION ALL SELECT aggregate, aggregate_id, seq FROM event
    ) event WHERE aggregate = 'order' GROUP BY 1, 2
)
SELECT count(*) FROM sales_order o JOIN channel c ON c.id = o.channel_id
LEFT JOIN told ON told.aggregate_id = o.id AND told.seq = o.last_seq
WHERE c.code = 'online-retail' AND told.count IS DISTINCT FROM 1
"""


def test_an_import_whose_worker_and_database_are_killed_completes(demo: Demo, tmp_path: Path, tell: Tell) -> None:
    file = tmp_path / "invoices.csv"
    expected = write_invoices(file)
    began = time.monotonic()
    command = demo.run("import", "orders", file, "--preset", "online-retail")
    until(lambda: _imported(demo) > expected.orders // 4)
    at = _imported(demo)
    demo.flush_valkey()
    demo.kill(Part.WORKER)
    demo.kill(Part.POSTGRES)
    assert at < expected.orders, "it was over before anything was killed"
    said = command.communicate(timeout=SECONDS)[0].decode()
    assert command.returncode == 0, said
    seconds = time.monotonic() - began
    state, total, done, failed, attempts = _fetch(demo, JOB)
    assert (state, total, done, failed) == ("SUCCEEDED", expected.rows, expected.rows, expected.failed)
    assert tuple(_fetch(demo, ORDERS)) == (expected.orders, expected.total, expected.orders)
    assert tuple(_fetch(demo, LINES)) == (expected.lines, expected.total)
    assert _fetch(demo, WITHOUT_ONE_EVENT)[0] == 0
    assert attempts > 1, "the worker that was killed had not begun"
    tell(
        f"\n{expected.rows} rows imported in {seconds:.0f} s and {attempts} attempts, the worker and PostgreSQL killed "
        f"and Valkey emptied after {at} of {expected.orders} orders: {expected.total:.2f} in {expected.lines} lines"
    )


def _imported(demo: Demo) -> int:
    return int(_fetch(demo, ORDERS)[0])


def _fetch(demo: Demo, statement: str) -> Any:
    """The only row that `statement` gives."""

    async def fetch() -> Any:
        connection = await asyncpg.connect(demo.settings()["DATABASE_URL"])
        try:
            return await connection.fetchrow(statement)
        finally:
            await connection.close()

    return asyncio.run(fetch())
