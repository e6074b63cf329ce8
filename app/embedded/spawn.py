"""Starts child processes that do not outlive this one."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

from app.embedded.account import Account

LEASH = Path(__file__).with_name("leash.py")
LOG_BYTES_KEPT = 10_000_000
Stream = int | IO[bytes] | None


def spawn(
    command: Sequence[str | Path],
    *,
    dies_by: signal.Signals,
    environment: Mapping[str, str],
    account: Account | None = None,
    stdin: Stream = subprocess.DEVNULL,
    output: Stream = None,
) -> "subprocess.Popen[bytes]":
    """Starts `command` in a session of its own, so that a terminal's Ctrl-C reaches only us.

    It is sent `dies_by` when this process ends, `kill -9` included. The pid is the program's own.
    """
    if threading.current_thread() is not threading.main_thread():
        # Linux sends the signal when the *thread* that spawned it ends.
        raise RuntimeError("processes are spawned from the main thread only")
    pipe = -1 if sys.platform == "linux" else _lifeline()
    leash = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(int(dies_by))]
    who = [str(account.uid), str(account.gid)] if account else ["-1", "-1"]
    return subprocess.Popen(  # noqa: S603  # the commands are our own
        [*leash, *who, str(pipe), *(str(part) for part in command)],
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(environment),
        cwd="/",
        umask=0o077,
        start_new_session=True,
        pass_fds=() if pipe == -1 else (pipe,),
    )


def open_log(path: Path) -> IO[bytes]:
    """A log file to append to; a big one is begun anew."""
    if path.exists() and path.stat().st_size > LOG_BYTES_KEPT:
        path.unlink()
    return path.open("ab")


@cache
def _lifeline() -> int:
    """The reading end of a pipe whose writing end is open in this process alone, until it ends."""
    reading, _writing = os.pipe()
    return reading
