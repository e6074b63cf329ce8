"""A private PostgreSQL 18 on a unix socket that only its owner (and root) can reach."""

import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from app.embedded.account import Account
from app.embedded.errors import ServersError
from app.embedded.folders import Folders
from app.embedded.programs import Programs
from app.embedded.server import ENVIRONMENT, Server
from app.embedded.spawn import spawn

DATABASE = "sluice"
OWNER = "sluice"
SUPERUSER = "postgres"
ROLES = Path(__file__).with_name("roles.sql")
MAJOR_VERSION = "18"
LINE_OF_STATUS = 7  # of postmaster.pid

# A unix socket in a folder of mode 700 is the door; whoever reaches it is let in.
ACCESS = "local all all trust\n"

OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    """`postgres` over `data/postgres`, which is filled when it is empty."""

    name: ClassVar[str] = "PostgreSQL"
    program: ClassVar[str] = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # fast: open transactions are rolled back

    def __init__(
        self,
        folders: Folders,
        programs: Programs,
        account: Account | None,
        *,
        durable: bool,
        options: Mapping[str, str],
    ) -> None:
        super().__init__(data=folders.data / "postgres", log=folders.logs / "postgres.log", account=account)
        self.sockets = folders.sockets
        self._programs = programs
        self._durable = durable
        self._options = {
            **OPTIONS,
            **({} if durable else FORGETFUL),
            "unix_socket_directories": str(folders.sockets),
            **options,
        }

    def url(self, *, database: str = DATABASE, user: str = OWNER) -> str:
        """The address of a database for one of the roles of `roles.sql`, or for `postgres`, the superuser."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def command(self) -> list[str | Path]:
        settings = [part for name, value in self._options.items() for part in ("-c", f"{name}={value}")]
        return [self._programs.postgres, "-D", self.data, *settings]

    def is_ready(self) -> bool:
        # As pg_ctl does it: the file is the server's own account of its state.
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > LINE_OF_STATUS and lines[0] == str(self.pid) and lines[LINE_OF_STATUS].strip() == "ready"

    def remove_leftovers(self) -> None:
        # The pid in the file may by now be another process's, which would keep PostgreSQL from starting.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for socket in self.sockets.glob(".s.PGSQL.*"):
            socket.unlink()

    def start(self) -> None:
        """Makes the cluster, its roles and an empty database on the first start."""
        if not self._is_complete():
            self._make_cluster()
        self._check_version()
        super().start()

    def _is_complete(self) -> bool:
        return (self.data / "sluice-complete").exists()

    def _make_cluster(self) -> None:
        """An unfinished cluster, of a start that was killed, is made anew."""
        for leftover in self.data.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        self._run(
            self._programs.initdb,
            *("-D", self.data, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *([] if self._durable else ["--no-sync"]),
        )
        (self.data / "pg_hba.conf").write_text(ACCESS)
        single = (self._programs.postgres, "--single", "-j", "-D", self.data)
        self._run(*single, "template1", statements=ROLES.read_text())
        self._run(*single, "postgres", statements=f"CREATE DATABASE {DATABASE} OWNER {OWNER};\n\n")
        (self.data / "sluice-complete").touch()

    def _run(self, *command: str | Path, statements: str = "") -> None:
        process = spawn(
            command,
            dies_by=signal.SIGKILL,
            environment=ENVIRONMENT,
            account=self.account,
            stdin=subprocess.PIPE,
            output=subprocess.PIPE,
        )
        output, _ = process.communicate(statements.encode())
        if process.returncode != 0 or b"ERROR:" in output:
            raise ServersError(f"cannot prepare PostgreSQL's data in {self.data}:\n{output.decode(errors='replace')}")

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR_VERSION:
            raise ServersError(f"{self.data} was made by PostgreSQL {found}, this is {MAJOR_VERSION}: remove it")
