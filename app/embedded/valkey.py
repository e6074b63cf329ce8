"""A private Valkey on a unix socket that only its owner (and root) can reach."""

import signal
import socket
from typing import ClassVar
from urllib.parse import quote

from app.embedded.account import Account
from app.embedded.folders import Folders
from app.embedded.programs import Programs
from app.embedded.server import Server

SECONDS_TO_ANSWER = 1.0


class Valkey(Server):
    """`valkey-server` over `data/valkey`. What it acknowledged is on disk within a second if `durable`."""

    name: ClassVar[str] = "Valkey"
    program: ClassVar[str] = "valkey"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, folders: Folders, programs: Programs, account: Account | None, *, durable: bool) -> None:
        super().__init__(data=folders.data / "valkey", log=folders.logs / "valkey.log", account=account)
        self.socket = folders.sockets / "valkey.sock"
        self._programs = programs
        self._durable = durable

    def url(self, *, database: int = 0) -> str:
        """The address of one of the numbered databases, as redis-py and arq take it."""
        return f"unix://{quote(str(self.socket))}?db={database}"

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes" if self._durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        return [str(self._programs.valkey), *(part for name, value in options.items() for part in (f"--{name}", value))]

    def is_ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(SECONDS_TO_ANSWER)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")  # not so while it loads its data
            except OSError:
                return False

    def remove_leftovers(self) -> None:
        self.socket.unlink(missing_ok=True)
