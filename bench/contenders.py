"""The servers that are compared: one process each, on a core of its own."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import psutil

from app.embedded import Servers
from app.embedded.spawn import open_log, spawn
from bench.home import SERVER_CORE, bench_home
from bench.postgraphile import install
from bench.postgraphile.questions import as_sluice_says_it, over_postgraphile, takes
from bench.viewers import Person
from bench.workloads import DOCUMENTS, Question, Workload, name_of

SECONDS_TO_START = 60
CHECKOUT = Path(__file__).parents[1]

POSTGRAPHILE = "PostGraphile"
TRUSTED = "sluice trusted"
"""Sluice, asked by the names of documents that it knows, and by nothing else."""

COMMANDS: Mapping[str, list[str]] = {
    "sluice": [sys.executable, "-m", "app.cli", "serve"],
    "naive": [sys.executable, "-m", "bench.naive.app"],
    TRUSTED: [sys.executable, "-m", "app.cli", "serve"],
    "hand-written": [sys.executable, "-m", "bench.handwritten.app"],
    POSTGRAPHILE: install.COMMAND,
}


@dataclass(frozen=True)
class Contender:
    """A running server."""

    name: str
    port: int
    process: psutil.Process

    @property
    def asked(self) -> Callable[[Question, str], bytes]:
        """How a question is put to it."""
        if self.name == POSTGRAPHILE:
            return over_postgraphile
        if self.name == TRUSTED:
            return Question.by_name
        return Question.over_path if self.name == "hand-written" else Question.over_graphql

    def takes(self, workload: Workload, person: Person) -> bool:
        """Whether it can be asked what the workload asks."""
        return self.name != POSTGRAPHILE or all(takes(question) for question in workload.ask(person))

    def says(self, answer: bytes) -> bytes:
        """What an answer of it says, in the shape of Sluice's schema."""
        return as_sluice_says_it(answer) if self.name == POSTGRAPHILE else answer


def environment_of(servers: Servers, database: str, home: Path) -> dict[str, str]:
    """The environment of a process that is measured: this checkout, and what it is told as Sluice's settings."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(CHECKOUT),
        "DATABASE_URL": servers.postgres.url(database=database),
        "DATABASE_SECURED_URL": servers.postgres.url(database=database, user=install.LOGIN),
        "DATABASE_READ_URL": servers.postgres.url(database=database, user="sluice_read"),
        "DATABASE_READ_GENERIC_URL": servers.postgres.url(database=database, user="sluice_read_generic"),
        "REDIS_URL": servers.redis_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "COMPANY_CURRENCY": "GBP",
        "COMPANY_ZONE": "Europe/London",
        "SLUICE_HOME": str(home),
        "HOST": "127.0.0.1",
        # A few viewers ask as fast as they can: their points are counted, and never run out.
        "CALLER_POINTS": "1000000000",
        "CALLER_POINTS_PER_SECOND": "1000000000",
    }


@contextmanager
def running(environment: Mapping[str, str], names: list[str]) -> Iterator[list[Contender]]:
    """The contenders of these names, ready to answer."""
    with ExitStack() as stack:
        yield [stack.enter_context(_server(name, environment)) for name in names]


@contextmanager
def _server(name: str, environment: Mapping[str, str]) -> Iterator[Contender]:
    port = _free_port()
    with open_log(bench_home() / "log" / f"{name}.log") as log:
        own = {**environment, "PORT": str(port)} | (_trusting() if name == TRUSTED else {})
        process = spawn(COMMANDS[name], dies_by=signal.SIGTERM, environment=own, output=log)
    try:
        found = psutil.Process(process.pid)
        if (psutil.cpu_count() or 1) > 1 and hasattr(found, "cpu_affinity"):
            found.cpu_affinity([SERVER_CORE])
        _wait_until_ready(name, process, port)
        yield Contender(name, port, found)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _trusting() -> dict[str, str]:
    manifest = bench_home() / "trusted.json"
    manifest.write_bytes(orjson.dumps({name_of(document): document for document in DOCUMENTS}))
    return {"TRUSTED_DOCUMENTS": str(manifest), "ONLY_TRUSTED_DOCUMENTS": "true"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(name: str, process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{name} does not start: see {bench_home() / 'log' / f'{name}.log'}")
