"""Becomes a program that ends when its parent ends, however that happens. Run as a script by `spawn.py`:

    python -I -S leash.py PARENT SIGNAL UID GID PIPE PROGRAM ARGUMENT...

PARENT is the pid that must stay alive and SIGNAL the number that the program gets when it is gone. UID and GID
are the account to become (-1: stay). PIPE is -1 where the kernel reports a parent's death (Linux), and elsewhere
the reading end of a pipe that only the parent can write to: a watchdog process sees it close.

The standard library only, and no thread: it is started without site packages, to be quick.
"""

import ctypes
import os
import select
import signal
import sys

PR_SET_PDEATHSIG = 1
SECONDS_BETWEEN_LOOKS = 0.5


def become(uid: int, gid: int) -> None:
    if uid == -1:
        return
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def signal_on_parents_death(number: int) -> None:
    # After setuid, which clears it.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def watch(pipe: int, program: int, number: int) -> None:
    """Waits until the pipe's other end closes, then signals the program; ends with the program in any case."""
    for blocked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(blocked, signal.SIG_IGN)
    while os.getppid() == program:
        readable, _, _ = select.select([pipe], [], [], SECONDS_BETWEEN_LOOKS)
        if readable and os.getppid() == program:
            os.kill(program, number)
            return


def close_output() -> None:
    # Who waits for the end of the program's output must not wait for its watchdog.
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def main(arguments: list[str]) -> None:
    parent, number, uid, gid, pipe = (int(argument) for argument in arguments[:5])
    command = arguments[5:]
    become(uid, gid)
    if pipe == -1:
        signal_on_parents_death(number)
    else:
        program = os.getpid()
        if os.fork() == 0:
            close_output()
            watch(pipe, program, number)
            os._exit(0)
        os.close(pipe)
    if os.getppid() != parent:  # it ended before it could be watched
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606  # the command is the caller's own


if __name__ == "__main__":
    main(sys.argv[1:])
