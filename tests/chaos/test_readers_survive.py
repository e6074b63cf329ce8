"""Who reads `changes` misses nothing and gets nothing twice, whoever is killed: the worker, PostgreSQL, the reader."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.embedded.spawn import spawn
from tests.chaos.conftest import Tell
from tests.chaos.consumer import pages_in
from tests.chaos.demo import Demo, Part, until
from tests.chaos.invoices import write_invoices
from tests.chaos.writers import Writers
from tests.processes import kill

pytestmark = pytest.mark.chaos

ROUNDS = 6
FEED = """
SELECT position, aggregate, aggregate_id, seq, upper(replace(type, '.', '_')) AS type FROM event ORDER BY position
"""
PREFIXES = {"order": "ord", "customer": "cus", "product": "prd", "lead": "lea"}
INCOMPLETE = """
WITH told AS (SELECT aggregate_id, max(seq) AS seq FROM event WHERE aggregate = 'order' GROUP BY 1)
SELECT count(*) FROM sales_order o LEFT JOIN told ON told.aggregate_id = o.id
WHERE last_seq > 0 AND last_seq IS DISTINCT FROM told.seq
"""
JOBS = "SELECT count(*) FROM job"
COUNTS = "SELECT (SELECT count(*) FROM outbox_event) AS waiting, (SELECT newest FROM event_sequence) AS newest"


def test_a_reader_of_changes_misses_nothing_and_gets_nothing_twice(demo: Demo, tmp_path: Path, tell: Tell) -> None:
    seed = os.environ.get("CHAOS_SEED") or str(random.randrange(10**6))  # not a secret
    chance = random.Random(seed)  # as above
    tell(f"\nA consumer reads changes; CHAOS_SEED={seed}")
    file, invoices = tmp_path / "changes.jsonl", tmp_path / "invoices.csv"
    write_invoices(invoices, first=800_000)
    writers, consumer = Writers(demo.url, mark="read-"), _consumer(demo, file)
    writers.start()
    jobs = _fetch(demo, JOBS)
    importing = demo.run("import", "orders", invoices, "--preset", "online-retail")
    until(lambda: _fetch(demo, JOBS) != jobs)
    for _ in range(ROUNDS):
        time.sleep(chance.uniform(0.3, 1.5))
        demo.flush_valkey()
        kill(consumer)
        demo.kill(chance.choice([Part.WORKER, Part.WORKER, Part.POSTGRES]))
        consumer = _consumer(demo, file)
        writers.check()
    writers.finish()
    said = importing.communicate(timeout=150)[0].decode()
    assert importing.returncode == 0, said
    until(lambda: _fetch(demo, COUNTS)[0]["waiting"] == 0)
    newest = _fetch(demo, COUNTS)[0]["newest"]
    until(lambda: _consumed(file) >= newest)
    kill(consumer)
    _compare(demo, file)
    tell(f"  {newest} events, each read once and in order by a consumer that was killed {ROUNDS} times")


def _consumer(demo: Demo, file: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", "-m", "tests.chaos.consumer", demo.url, file]
    log = (file.parent / "consumer.log").open("ab")
    return spawn(command, dies_by=signal.SIGKILL, environment=os.environ, output=log)


def _consumed(file: Path) -> int:
    return sum(len(page["nodes"]) for page in pages_in(file))


def _compare(demo: Demo, file: Path) -> None:
    events = _fetch(demo, FEED)
    assert [event["position"] for event in events] == list(range(1, len(events) + 1)), "positions are dense"
    expected = [(f"{PREFIXES[each['aggregate']]}_{each['aggregate_id']}", each["seq"], each["type"]) for each in events]
    nodes = [node for page in pages_in(file) for node in page["nodes"]]
    assert [(node["id"], node["seq"], node["type"]) for node in nodes] == expected, "each once, in order"
    assert all(node["kind"] == "CHANGED" and node["node"]["id"] == node["id"] for node in nodes)
    seqs = defaultdict(list)
    for node_id, seq, _ in expected:
        seqs[node_id].append(seq)
    assert all(found == list(range(found[0], found[0] + len(found))) for found in seqs.values())
    assert _fetch(demo, INCOMPLETE)[0]["count"] == 0, "an order is ahead of its events"


def _fetch(demo: Demo, statement: str) -> list[Any]:
    async def fetch() -> list[Any]:
        connection = await asyncpg.connect(demo.settings()["DATABASE_URL"])
        try:
            return await connection.fetch(statement)
        finally:
            await connection.close()

    return asyncio.run(fetch())
