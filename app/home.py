"""The folder in which one installation keeps its files, and root's or a user's private folder under /var/tmp."""

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED = Path("/var/tmp")  # noqa: S108  # the folder below is made private, and checked


class HomeError(Exception):
    """A folder cannot be used; the message says why and what to do."""


class HomeInUse(HomeError):
    """Another process holds the folder."""


def default_home() -> Path:
    """`.sluice` in the working directory; for root, whose servers run as another account, one under /var/tmp."""
    here = Path.cwd()
    if os.geteuid() != 0:
        return here / ".sluice"
    return _base() / f"{here.name or 'root'}-{short_hash(here)}"


def short_hash(path: Path) -> str:
    """A short name for a path, of letters and digits."""
    return hashlib.sha256(bytes(path)).hexdigest()[:12]


def _base() -> Path:
    return SHARED / f"sluice-{os.geteuid()}"


def private_base() -> Path:
    """This user's folder under /var/tmp, made if need be. Raises HomeError if it is not this user's alone."""
    uid, base = os.geteuid(), _base()
    mode = 0o711 if uid == 0 else 0o700
    try:
        base.mkdir(mode=mode)
        base.chmod(mode)  # whatever the umask
    except FileExistsError:
        found = base.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o022:
            raise HomeError(f"{base} is not a folder that belongs to you alone: remove it") from None
    return base


def prepare_home(home: Path) -> Path:
    """Makes the home if need be; its real path. Raises HomeError if others own it or can write to it."""
    home = home.resolve()
    if home.is_relative_to(_base()):
        private_base()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = home.stat()
    except OSError as error:
        raise HomeError(f"cannot use {home}: {error.strerror}") from None
    if found.st_uid != os.geteuid():
        raise HomeError(f"{home} belongs to another user: set SLUICE_HOME to a folder of your own")
    if found.st_mode & 0o022:
        raise HomeError(f"others can write to {home}: set SLUICE_HOME to a folder of your own")
    return home


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Holds the lock file for as long as the block runs. Raises HomeInUse if it is taken and `wait` is false."""
    # Nobody else may open it: whoever can read a file can lock it.
    with open(path, "a", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600)) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise HomeInUse(f"servers are running in {path.parent} already") from None
        yield
