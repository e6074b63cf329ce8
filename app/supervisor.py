"""Keeps processes running: starts what died again, ever later if it keeps dying, and ends all of them in order."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.embedded import ServersError
from app.embedded.spawn import open_log, spawn

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
SECONDS_OF_GOOD_RUN = 60.0
"""Whatever ran this long starts again without much delay."""
SECONDS_TO_STOP = 15.0


class Member(Protocol):
    """A process that can be kept running. The private servers are members, too."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def pid(self) -> int | None:
        """Of the running process, or None."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Program:
    """A Python program of ours as a child process, with its output in a log file."""

    def __init__(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The pid while it runs, or None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def succeeded(self) -> bool:
        """Whether it ended, and as it should."""
        return self._process is not None and self._process.poll() == 0

    def start(self) -> None:
        """Starts it, and does not wait for anything. It is killed if this process ends without stopping it."""
        with open_log(self.log) as log:
            self._process = spawn(self._command, dies_by=signal.SIGKILL, environment=self._environment, output=log)

    def stop(self) -> None:
        """Asks it to end, and kills it if that takes too long."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass
class _Record:
    """What is known of one member's past."""

    started: float
    delay: float = FIRST_DELAY
    due: float | None = None


class Supervisor:
    """Looks after members, each of which depends on those before it. Call `look` again and again."""

    def __init__(self, say: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._now = now
        self._members: list[tuple[Member, _Record]] = []

    def start(self, member: Member) -> None:
        """Starts a member and looks after it from now on."""
        member.start()
        self.adopt(member)

    def adopt(self, member: Member) -> None:
        """Looks after a member that runs already."""
        self._members.append((member, _Record(started=self._now())))

    def look(self) -> None:
        """Starts each member that died and has waited for long enough."""
        for member, record in self._members:
            if member.pid is None:
                self._revive(member, record)

    def stop(self) -> None:
        """Ends all members, the last one first."""
        while self._members:
            member, _ = self._members.pop()
            member.stop()

    def _revive(self, member: Member, record: _Record) -> None:
        now = self._now()
        if record.due is None:
            if now - record.started > SECONDS_OF_GOOD_RUN:
                record.delay = FIRST_DELAY
            record.due = now + record.delay
            self._say(f"{member.name} ended and starts again in {record.delay:g} s; its log is {member.log}")
        elif now >= record.due:
            record.delay = min(record.delay * 2, LONGEST_DELAY)
            record.due = None
            record.started = now
            try:
                member.start()
            except ServersError as error:
                self._say(str(error))
