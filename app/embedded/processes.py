"""Finds and ends server processes that outlived whoever started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SECONDS_TO_END = 10.0


def pids_in(folder: Path, program: str) -> list[int]:
    """The processes of this program (by the start of its name) whose working directory is `folder`."""
    if sys.platform == "linux":
        return _pids_by_proc(os.path.realpath(folder), program)
    return _pids_by_lsof(folder, program)


def _pids_by_proc(folder: str, program: str) -> list[int]:
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            inside = os.readlink(f"/proc/{entry}/cwd") == folder
            if inside and os.path.basename(os.readlink(f"/proc/{entry}/exe")).startswith(program):
                found.append(int(entry))
        except OSError:  # it ended, or is another user's
            continue
    return found


def _pids_by_lsof(folder: Path, program: str) -> list[int]:
    listing = subprocess.run(  # noqa: S603  # a command of our own
        ["lsof", "-t", "-a", "-d", "cwd", "-c", program, str(folder)],  # noqa: S607  # part of macOS
        capture_output=True,
        check=False,
    )
    return [int(pid) for pid in listing.stdout.split()]


def end_strays(folder: Path, program: str, patience: float = SECONDS_TO_END) -> None:
    """Waits for the program's processes in `folder` to end, as they were told to; then kills what is left."""
    deadline = time.monotonic() + patience
    while strays := pids_in(folder, program):
        if time.monotonic() > deadline:
            for pid in strays:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
