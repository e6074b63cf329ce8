"""The ordinary account under which servers run when root starts them: PostgreSQL refuses to run as root."""

import os
import pwd
from dataclasses import dataclass

PREFERRED = ("nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """Who owns the servers' processes and files."""

    uid: int
    gid: int
    name: str


def server_account() -> Account | None:
    """The account to become, or None for an ordinary user, who runs the servers as themselves.

    It has an entry in the password database, since `initdb` looks its user up there.
    Raises LookupError when root has no ordinary account to choose from.
    """
    if os.geteuid() != 0:
        return None
    entries = {entry.pw_name: entry for entry in reversed(pwd.getpwall()) if entry.pw_uid != 0}
    for name in (*PREFERRED, *entries):
        if name in entries:
            entry = entries[name]
            return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)
    raise LookupError("PostgreSQL does not run as root, and this machine has no other account to run it as")
