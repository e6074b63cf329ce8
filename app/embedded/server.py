"""One private server process: started, awaited, stopped, killed."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from app.embedded.account import Account
from app.embedded.errors import ServersError
from app.embedded.processes import end_strays
from app.embedded.spawn import open_log, spawn

SECONDS_TO_START = 60.0  # recovery after a crash included
SECONDS_TO_STOP = 30.0
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}  # and nothing of the caller's


class Server(ABC):
    """A server on one unix socket. Start it from the main thread."""

    name: ClassVar[str]
    program: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, *, data: Path, log: Path, account: Account | None) -> None:
        self.data = data
        self.log = log
        self.account = account
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> Sequence[str | Path]:
        """The command line of the server, in the foreground."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the running server answers."""

    @abstractmethod
    def remove_leftovers(self) -> None:
        """Removes what a server that was killed leaves behind; called while none runs."""

    @property
    def pid(self) -> int | None:
        """The pid of the running server, or None."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises ServersError with the log's end if it does not."""
        end_strays(self.data, self.program)
        self.remove_leftovers()
        with open_log(self.log) as log:
            self._process = spawn(
                self.command(), dies_by=self.stop_signal, environment=ENVIRONMENT, account=self.account, output=log
            )
        self._await_ready()

    def stop(self) -> None:
        """Shuts the server down in order; kills it if that takes too long. Does nothing if it does not run."""
        if self._process is None:
            return
        self._process.send_signal(self.stop_signal)
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """`kill -9`: nothing is written, closed or tidied up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Stops the server if it runs, and starts it on the same data and socket."""
        self.stop()
        self.start()

    def _await_ready(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.is_ready():
            if self.pid is None or time.monotonic() > deadline:
                self.kill()
                raise ServersError(f"{self.name} does not start; the end of {self.log}:\n{self._last_lines()}")
            time.sleep(0.01)

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
