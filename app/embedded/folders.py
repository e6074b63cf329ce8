"""Where the private servers keep what they need, safe from other users of the machine.

`home` is the caller's: a lock, logs, and for an ordinary user the data. Everything else is in one folder a user
under /var/tmp, since socket paths must stay under 107 bytes and since root's servers run as another account,
which may not be able to reach root's home:

    /var/tmp/sluice-UID/                  root: 711, others: 700; checked for ownership, since anyone may make it
        lock
        programs-VERSION/                 root only: copies that the account can reach
        HASH OF HOME/
            home                          the path of the home it belongs to
            sockets/                      700, the account's
            postgres/ valkey/             700, root only: the data. Others have it in HOME/servers/

For root, HOME/servers is a link to the last folder; data whose home lost that link is not used again.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.embedded.account import Account
from app.embedded.processes import pids_in
from app.home import locked, private_base, short_hash

SERVERS = ("postgres", "valkey")


@dataclass(frozen=True)
class Folders:
    """The folders of one home's servers. `data` holds one folder a server."""

    data: Path
    sockets: Path
    logs: Path


def prepare_folders(home: Path, account: Account | None) -> Folders:
    """The folders for a prepared home's servers, made if need be and owned by `account`."""
    base = private_base()
    own = base / short_hash(home)
    with locked(base / "lock"):
        _forget_lost_homes(base)
        data = _link_data(home, own) if account else home / "servers"
        _make(own, 0o711 if account else 0o700, None)
        (own / "home").write_bytes(bytes(home))
        _make(data, 0o711 if account else 0o700, None)
        _make(own / "sockets", 0o700, account)
        for server in SERVERS:
            _make(data / server, 0o700, account)
    logs = home / "log"
    _make(logs, 0o700, None)
    return Folders(data=data, sockets=own / "sockets", logs=logs)


def _link_data(home: Path, own: Path) -> Path:
    """Lets HOME/servers point to `own`; data that it did not point to yet belonged to a home since removed."""
    link = home / "servers"
    if not (link.is_symlink() and link.readlink() == own):
        if own.exists():
            shutil.rmtree(own)
        link.symlink_to(own)
    return own


def _forget_lost_homes(base: Path) -> None:
    """Removes what belongs to homes that are gone, such as those of tests, unless servers still run there."""
    for marker in base.glob("*/home"):
        lost = not os.path.lexists(os.fsdecode(marker.read_bytes()))
        if lost and not any(pids_in(marker.parent / server, server) for server in SERVERS):
            shutil.rmtree(marker.parent)


def _make(folder: Path, mode: int, owner: Account | None) -> None:
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(mode)
    if owner:
        os.chown(folder, owner.uid, owner.gid)
