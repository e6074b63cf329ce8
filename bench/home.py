"""Where the bench keeps its servers, databases and results between runs."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from app.embedded import Servers, start_servers
from app.home import default_home
from models import migrations

# All data fits into memory, as it does for a company of this size; nothing but what is measured uses the CPU.
POSTGRES_OPTIONS = {
    "shared_buffers": "4GB",
    "effective_cache_size": "8GB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "autovacuum": "off",
    "log_line_prefix": "%m [%p] ",
}
SERVER_CORE, REST_CORE = 0, 1


def bench_home() -> Path:
    """The folder of the bench: below SLUICE_HOME, or where Sluice keeps its data without that."""
    return Path(os.environ.get("SLUICE_HOME") or default_home()) / "bench"


def results_folder() -> Path:
    """Where results are written; made if need be."""
    folder = bench_home() / "results"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def bench_servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey on the bench's own data."""
    with start_servers(bench_home(), durable=False, postgres_options=POSTGRES_OPTIONS) as servers:
        yield servers


def database_name(orders: int, definition: str) -> str:
    """The database of a company with so many orders, made by these migrations and this definition of its data."""
    folder = Path(next(iter(migrations.__path__)))
    texts = [file.read_text() for file in sorted(folder.glob("[0-9]*.py"))]
    key = hashlib.sha256("\0".join([*texts, definition]).encode()).hexdigest()[:8]
    return f"bench_{orders}_{key}"


def pin_to_rest(servers: Servers) -> None:
    """Leave the first core to the measured server: PostgreSQL and this process use the other ones."""
    cores = psutil.cpu_count() or 1
    if cores < 2 or not hasattr(os, "sched_setaffinity"):
        return
    rest = list(range(REST_CORE, cores))
    for process in [psutil.Process(), *postgres_processes(servers)]:
        with suppress(psutil.NoSuchProcess):  # a connection's that has just been closed
            process.cpu_affinity(rest)


def postgres_processes(servers: Servers) -> list[psutil.Process]:
    """PostgreSQL's main process and all that it has started."""
    main = psutil.Process(servers.postgres.pid)
    return [main, *main.children(recursive=True)]
