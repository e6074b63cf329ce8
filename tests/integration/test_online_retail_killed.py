"""A worker dies by `kill -9` in the middle of half a year of invoices, and Redis forgets: another one completes it."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
import redis

from domain.jobs import JobState
from models import Job, Order
from models.connection import pool
from services.imports.start_local import start_local_import
from tests.integration.importing import KEPT_FOR, PRESET
from tests.integration.online_retail import DATA, FILES
from tests.processes import kill
from tests.waiting import within
from workers.names import JobName
from workers.queue import open_queue

pytestmark = pytest.mark.skipif(not FILES, reason=f"the data set is not in {DATA}")

ROOT = Path(__file__).parents[2]
MEGABYTE = 1 << 20
Process = subprocess.Popen[bytes]


@pytest.fixture
async def start(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Callable[[], Process]]:
    """Starts a worker on the test's database, Redis and home."""
    started: list[Process] = []

    def start_worker() -> Process:
        command = [sys.executable, "-m", "tests.import_worker", database, redis_url, str(tmp_path)]
        started.append(subprocess.Popen(command, cwd=ROOT))
        return started[-1]

    yield start_worker
    for process in started:
        kill(process)


async def test_every_order_is_there_once_and_whole(start: Callable[[], Process], redis_url: str) -> None:
    job_id = await start_local_import(files=FILES, preset=PRESET, as_user=None, team=None, kept_for=KEPT_FOR)
    async with open_queue(redis_url) as queue:
        await queue.wake(JobName.RUN_JOB, job_id)
    first = start()

    async def is_half_done() -> bool:
        return await Order.all().count() > 1_500

    async def is_over() -> bool:
        return (await Job.get(id=job_id)).finished_at is not None

    await within(120, is_half_done)
    kill(first)
    assert await Order.all().count() < 9_803
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    second = psutil.Process(start().pid)
    await within(120, is_over)
    job = await Job.get(id=job_id)
    assert (job.state, job.total, job.done, job.failed) == (JobState.SUCCEEDED, 209_029, 209_029, 1_292)
    rows = await pool().fetch("SELECT type, count(*), sum(total) FROM sales_order GROUP BY type ORDER BY type")
    assert [tuple(row) for row in rows] == [
        ("NEW", 8_126, Decimal("4064726.59")),
        ("RETURN", 1_677, Decimal("-357898.95")),
    ]
    [lines] = await pool().fetch("SELECT count(*), sum(gross) FROM order_line")
    assert tuple(lines) == (203_954 + 3_783, Decimal("3706827.64"))
    assert peak_memory(second) < 150 * MEGABYTE


def peak_memory(process: psutil.Process) -> int:
    """The most bytes that it had in memory; what it has now where that is not told."""
    memory = process.memory_info()
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return int(memory.rss)
    [peak] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak.split()[1]) * 1024
