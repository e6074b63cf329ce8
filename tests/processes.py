"""Helpers of tests that start and kill processes."""

import subprocess
import time
from collections.abc import Iterable

import psutil


def line_of(process: "subprocess.Popen[bytes]") -> str:
    """The next line that it prints."""
    assert process.stdout is not None
    line = process.stdout.readline().decode()
    assert line, "it ended without a word"
    return line


def kill(process: "subprocess.Popen[bytes]") -> None:
    """`kill -9`, and nothing more is read from it."""
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def gone(pids: Iterable[int], seconds: float = 10) -> bool:
    """Whether all of them end in time. An ended process that nobody has waited for has ended."""
    deadline = time.monotonic() + seconds
    while any(_runs(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
