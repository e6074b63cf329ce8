"""Both private servers of one home, for as long as a block runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.embedded.account import server_account
from app.embedded.errors import ServersError
from app.embedded.folders import prepare_folders
from app.embedded.postgres import Postgres
from app.embedded.programs import find_programs
from app.embedded.valkey import Valkey
from app.home import locked, prepare_home

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Servers:
    """Running servers. Each can be stopped, killed and started again, as tests of crashes do."""

    postgres: Postgres
    valkey: Valkey

    @property
    def database_url(self) -> str:
        """The database, as the role that owns it. asyncpg and Tortoise take it."""
        return self.postgres.url()

    @property
    def database_read_url(self) -> str:
        """The same database, as the role that can only read, planned for the values bound."""
        return self.postgres.url(user="sluice_read")

    @property
    def database_read_generic_url(self) -> str:
        """The same database, as the role that can only read, planned once."""
        return self.postgres.url(user="sluice_read_generic")

    @property
    def redis_url(self) -> str:
        """Valkey, as redis-py and arq take it."""
        return self.valkey.url()


@contextmanager
def start_servers(
    home: Path, *, durable: bool = True, postgres_options: Mapping[str, str] = NO_OPTIONS
) -> Iterator[Servers]:
    """Starts both servers on the data of `home`, which is made if need be, and stops them after the block.

    They end with this process too, however it ends. With `durable=False` a crash of the machine (not of a server)
    may lose data, and everything is faster. To be called from the main thread.
    Raises HomeInUse when servers run in this home already, HomeError when it cannot be used, ServersError when
    the servers cannot be started.
    """
    try:
        account = server_account()
    except LookupError as error:
        raise ServersError(str(error)) from None
    home = prepare_home(home)
    with locked(home / "servers.lock", wait=False):
        folders = prepare_folders(home, account)
        programs = find_programs(account)
        postgres = Postgres(folders, programs, account, durable=durable, options=postgres_options)
        valkey = Valkey(folders, programs, account, durable=durable)
        try:
            postgres.start()
            valkey.start()
            yield Servers(postgres=postgres, valkey=valkey)
        finally:
            valkey.stop()
            postgres.stop()
