"""An import as in production: the command, a worker of its own, and a PostgreSQL that survives a crash.

Tier rules are in force, so that each order is classified as it arrives.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil
import redis

from app.demo.tiers import classify_by_rules
from app.embedded import Servers, start_servers
from app.embedded.postgres import OWNER, SUPERUSER
from app.embedded.spawn import open_log, spawn
from bench.contenders import environment_of
from bench.home import bench_home
from bench.measure import cpu_of_tree, peak_memory_of
from bench.retailer import copied_files
from domain.people import Role
from models.connection import connect, disconnect
from models.migrate import migrate
from services.clock import now
from services.transaction import transaction
from services.users.create import create_user_by_operator

COPIES = (1, 3)
DATABASE = "bench_import"
SECONDS_TO_START = 60
SECONDS_TO_IMPORT = 600
# What arq's workers write when they begin to take jobs.
TAKING_JOBS = "*:health-check"

_COUNTS = """
SELECT done AS lines, failed AS refused, orders, tiers FROM job,
       (SELECT count(*) AS orders, count(DISTINCT tier_id) AS tiers FROM sales_order) o
"""


class ImportFailed(Exception):
    """The command or the worker did not do what it should; the message says where to look."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The same half year `copies` times.

    `seconds` from the command's start to its end; seconds of CPU in Python (command and worker) and in PostgreSQL;
    `peak` megabytes of the worker.
    """

    copies: int
    lines: int
    refused: int
    orders: int
    tiers: int
    seconds: float
    python_cpu: float
    postgres_cpu: float
    peak: float

    @property
    def rate(self) -> float:
        """Lines a second."""
        return self.lines / self.seconds

    @property
    def rate_a_core(self) -> float:
        """Lines a second of CPU, Python's and PostgreSQL's."""
        return self.lines / (self.python_cpu + self.postgres_cpu)


def run_imports() -> list[Imported]:
    """Import the retailer's orders into an empty database, as often as `COPIES` says. Raises ImportFailed."""
    home = bench_home() / "import"
    with start_servers(home) as servers:
        return [_run(servers, home, copies) for copies in COPIES]


def _run(servers: Servers, home: Path, copies: int) -> Imported:
    files = copied_files(home / "files", copies)
    asyncio.run(_make_database(servers))
    environment = environment_of(servers, DATABASE, home)
    postgres = psutil.Process(servers.postgres.pid)
    with _worker(servers, environment) as worker:
        before, began = (cpu_of_tree(worker), cpu_of_tree(postgres)), time.monotonic()
        command_cpu = _import(files, environment)
        seconds = time.monotonic() - began
        found = Imported(
            copies=copies,
            **asyncio.run(_counts(servers)),
            seconds=seconds,
            python_cpu=command_cpu + cpu_of_tree(worker) - before[0],
            postgres_cpu=cpu_of_tree(postgres) - before[1],
            peak=peak_memory_of(worker),
        )
    print(f"  {found.lines:,} lines imported in {found.seconds:.1f} s", flush=True)
    return found


async def _make_database(servers: Servers) -> None:
    """An empty database with our tables, and nothing left in the queues."""
    connection = await asyncpg.connect(servers.postgres.url(database="postgres", user=SUPERUSER))
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    finally:
        await connection.close()
    address = servers.postgres.url(database=DATABASE)
    await migrate(address)
    await _put_rules_into_force(address)
    with redis.Redis.from_url(servers.redis_url) as client:
        client.flushall()


async def _put_rules_into_force(address: str) -> None:
    await connect(address)
    try:
        await create_user_by_operator(
            email="admin@bench.example", name="Ada", password="only-for-benchmarks", roles=[Role.ADMIN], team=None
        )
        async with transaction() as client:
            await classify_by_rules(client, by=await client.connection.fetchval("SELECT id FROM app_user"), at=now())
    finally:
        await disconnect()


def _log(name: str) -> Path:
    """Where what `name` says is kept."""
    folder = bench_home() / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


@contextmanager
def _worker(servers: Servers, environment: Mapping[str, str]) -> Iterator[psutil.Process]:
    """`sluice worker`, taking jobs."""
    path = _log("worker")
    with open_log(path) as log:
        process = spawn(_sluice("worker"), dies_by=signal.SIGTERM, environment=environment, output=log)
    try:
        _wait_until_it_takes_jobs(servers, process, path)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_it_takes_jobs(servers: Servers, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    with redis.Redis.from_url(servers.redis_url) as client:
        while time.monotonic() < deadline and process.poll() is None:
            if client.keys(TAKING_JOBS):
                return
            time.sleep(0.1)
    raise ImportFailed(f"the worker does not start: see {log}")


def _import(files: list[Path], environment: Mapping[str, str]) -> float:
    """`sluice import orders`, to its end; seconds of its CPU. Raises ImportFailed."""
    path, before = _log("import"), _cpu_of_ended_children()
    command = _sluice("import", "orders", *(str(file) for file in files), "--preset", "online-retail")
    with open_log(path) as log:
        process = spawn(command, dies_by=signal.SIGTERM, environment=environment, output=log)
    if process.wait(timeout=SECONDS_TO_IMPORT) != 0:
        raise ImportFailed(f"the import failed: see {path}")
    return _cpu_of_ended_children() - before


def _cpu_of_ended_children() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


async def _counts(servers: Servers) -> dict[str, int]:
    connection = await asyncpg.connect(servers.postgres.url(database=DATABASE, user=SUPERUSER))
    try:
        [counts] = await connection.fetch(_COUNTS)
    finally:
        await connection.close()
    return dict(counts)


def _sluice(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "app.cli", *arguments]
