"""A demo in a process of its own, whose processes can be killed one by one."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path

import httpx
import psutil
import redis
from dotenv import dotenv_values

from app.embedded.spawn import open_log, spawn
from tests.processes import gone, kill

SLUICE = (sys.executable, "-P", "-m", "app.cli")
SECONDS_TO_RECOVER = 60.0


class Part(Enum):
    """A process of the demo."""

    API = "the API"
    WORKER = "the worker"
    POSTGRES = "PostgreSQL"
    BACKEND = "a session of PostgreSQL"
    VALKEY = "Valkey"
    SUPERVISOR = "the supervisor"


class Demo:
    """The real thing: `sluice demo` over `home`, at `port`."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {**os.environ, "SLUICE_HOME": str(home), "PORT": str(port)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with open_log(self.home / "demo.log") as log:
            self._process = spawn([*SLUICE, "demo"], dies_by=signal.SIGINT, environment=self._environment, output=log)
        until(self._is_up)

    def stop(self) -> None:
        """Ask it to end, and see that nothing of it is left."""
        family = [child.pid for child in self._supervisor.children(recursive=True)]
        self._running.send_signal(signal.SIGINT)
        try:
            self._running.wait(60)
        finally:
            kill(self._running)
        assert gone(family), "something of the demo goes on after its end"

    def kill(self, part: Part) -> float:
        """`kill -9`, and wait until everything works again; the seconds that this took."""
        began = time.monotonic()
        if part is Part.SUPERVISOR:
            family = [child.pid for child in self._supervisor.children(recursive=True)]
            kill(self._running)
            assert gone(family), "something outlived the supervisor"
            self.start()
        else:
            self._kill_child(part)
        return time.monotonic() - began

    def settings(self) -> dict[str, str]:
        """What the demo leaves for other commands."""
        return {name: value or "" for name, value in dotenv_values(self.home / "demo.env").items()}

    def flush_valkey(self) -> None:
        """Let Valkey forget everything."""
        with redis.Redis.from_url(self.settings()["REDIS_URL"]) as client:
            client.flushall()

    def run(self, *arguments: str | Path) -> "subprocess.Popen[bytes]":
        """`sluice` with `arguments` over this demo, its output to be read."""
        environment = self._environment | {"SLUICE_ENV_FILE": str(self.home / "demo.env")}
        return spawn([*SLUICE, *arguments], dies_by=signal.SIGKILL, environment=environment, output=subprocess.PIPE)

    def serve(self, port: int) -> "subprocess.Popen[bytes]":
        """One more API process over this demo."""
        environment = self._environment | {"SLUICE_ENV_FILE": str(self.home / "demo.env"), "PORT": str(port)}
        with open_log(self.home / f"serve-{port}.log") as log:
            return spawn([*SLUICE, "serve"], dies_by=signal.SIGKILL, environment=environment, output=log)

    def _kill_child(self, part: Part) -> None:
        victim = self._find(part)
        assert victim is not None, f"{part.value} does not run"
        victim.send_signal(signal.SIGKILL)
        assert gone([victim.pid])
        until(lambda: self._find(part) not in {None, victim} and self._is_up())

    def _find(self, part: Part) -> psutil.Process | None:
        if part is Part.BACKEND:
            return self._some_backend()
        children = {_part_of(child): child for child in self._supervisor.children()}
        return children.get(part)

    def _some_backend(self) -> psutil.Process | None:
        """A session of one of the demo's processes, as it is called in a list of processes."""
        postgres = self._find(Part.POSTGRES)
        processes = postgres.children() if postgres else []
        backends = [process for process in processes if _title(process).startswith("postgres: sluice")]
        return random.choice(backends) if backends else None  # any will do

    def _is_up(self) -> bool:
        assert self._running.poll() is None, (self.home / "demo.log").read_text()
        return self._is_ready() and self._valkey_answers()

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def _valkey_answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.settings()["REDIS_URL"]) as client:
                return bool(client.ping())
        except (KeyError, redis.RedisError):
            return False

    @property
    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    @property
    def _supervisor(self) -> psutil.Process:
        return psutil.Process(self._running.pid)


def until(holds: Callable[[], bool], seconds: float = SECONDS_TO_RECOVER) -> None:
    """Wait until `holds()` does. Raises TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


def _part_of(process: psutil.Process) -> Part | None:
    title = _title(process)
    program = title.partition(" ")[0].rpartition("/")[2]
    by_program = {"postgres": Part.POSTGRES, "valkey-server": Part.VALKEY}
    by_command = {"serve": Part.API, "worker": Part.WORKER}
    return by_program.get(program) or by_command.get(title.rpartition(" ")[2])


def _title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""
