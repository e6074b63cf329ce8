"""The private servers: what they are, who can reach them, and that they neither outlive their parent nor lose data."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis

import app.home
from app.embedded import Servers, processes, start_servers
from app.home import HomeError, HomeInUse, prepare_home, private_base
from tests.processes import gone, kill, line_of

CHECKOUT = Path(__file__).parents[2]

HOLD = """
import sys, time
from pathlib import Path
from app.embedded import start_servers
with start_servers(Path(sys.argv[1])) as servers:
    print(servers.postgres.pid, servers.valkey.pid, servers.postgres.sockets, flush=True)
    time.sleep(600)
"""

PROGRAM = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"

WATCHED = f"""
import subprocess, sys, time, signal
from app.embedded.spawn import spawn
sys.platform = "another"
spawn([sys.executable, "-c", {PROGRAM!r}], dies_by=signal.SIGTERM, environment={{}})
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(scope="module")
def durable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with start_servers(tmp_path_factory.mktemp("durable")) as servers:
        yield servers


@asynccontextmanager
async def connected(servers: Servers, user: str = "sluice") -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(servers.postgres.url(user=user))
    try:
        yield connection
    finally:
        await connection.close()


async def test_postgresql_is_18_in_utf8_and_utc_without_jit(durable: Servers) -> None:
    async with connected(durable) as connection:
        assert (await connection.fetchval("SHOW server_version")).startswith("18")
        assert await connection.fetchval("SHOW timezone") == "UTC"
        assert await connection.fetchval("SHOW jit") == "off"
        assert await connection.fetchval("SHOW fsync") == "on"
        locale = "SELECT datlocprovider::text, datlocale, encoding FROM pg_database WHERE datname = current_database()"
        assert tuple(await connection.fetchrow(locale)) == ("b", "C.UTF-8", 6)


async def test_the_reading_roles_can_read_what_the_owner_makes_and_change_nothing(durable: Servers) -> None:
    async with connected(durable) as owner:
        await owner.execute("CREATE TABLE told AS SELECT 1 AS n")
    for user, plans in (("sluice_read", "auto"), ("sluice_read_generic", "force_generic_plan")):
        async with connected(durable, user) as reader:
            assert await reader.fetchval("SELECT n FROM told") == 1
            assert await reader.fetchval("SHOW plan_cache_mode") == plans
            await reader.execute("SET default_transaction_read_only = off")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await reader.execute("INSERT INTO told VALUES (2)")


def test_only_their_owner_and_root_can_reach_the_servers(durable: Servers) -> None:
    for server in (durable.postgres, durable.valkey):
        assert server.pid is not None
        assert not psutil.Process(server.pid).net_connections("tcp")
        assert psutil.Process(server.pid).uids().effective != 0
    for folder in (durable.postgres.sockets, durable.postgres.data, durable.valkey.data):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == psutil.Process(durable.postgres.pid).uids().effective


async def test_what_was_acknowledged_survives_a_kill_of_either_server(durable: Servers) -> None:
    async with connected(durable) as connection:
        await connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    with redis.Redis.from_url(durable.redis_url) as client:
        client.set("kept", 7)
        assert client.waitaof(1, 0, 2000)[0] == 1
    durable.postgres.kill()
    durable.valkey.kill()
    assert (durable.postgres.pid, durable.valkey.pid) == (None, None)
    durable.postgres.start()
    durable.valkey.start()
    async with connected(durable) as connection:
        assert await connection.fetchval("SELECT n FROM kept") == 7
    with redis.Redis.from_url(durable.redis_url) as client:
        assert client.get("kept") == b"7"


def test_a_pid_file_that_names_another_process_does_not_keep_postgresql_from_starting(durable: Servers) -> None:
    durable.postgres.stop()
    with subprocess.Popen(["sleep", "600"], user=durable.postgres.data.stat().st_uid) as stranger:
        (durable.postgres.data / "postmaster.pid").write_text(f"{stranger.pid}\n{durable.postgres.data}\n")
        durable.postgres.start()
        assert stranger.poll() is None
        stranger.kill()


def test_a_second_start_in_the_same_home_is_refused(durable: Servers) -> None:
    home = durable.postgres.log.parents[1]
    with pytest.raises(HomeInUse, match=str(home)), start_servers(home):
        pass


def test_a_killed_parent_leaves_nothing_running_and_another_can_start(home: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, home], stdout=subprocess.PIPE, cwd=CHECKOUT)
    postgres, valkey, _ = line_of(holder).split()
    family = [int(postgres), int(valkey), *(child.pid for child in psutil.Process(int(postgres)).children())]
    kill(holder)
    assert gone(family)
    with start_servers(home) as servers:
        assert servers.postgres.pid not in family


async def test_an_orphan_that_still_holds_the_data_is_ended_first(home: Path) -> None:
    with start_servers(home) as servers:
        async with connected(servers) as connection:
            backend = await connection.fetchval("SELECT pg_backend_pid()")
            others = [child.pid for child in psutil.Process(servers.postgres.pid).children() if child.pid != backend]
            os.kill(backend, signal.SIGSTOP)  # it cannot notice that its postmaster is gone
            try:
                servers.postgres.kill()
                assert gone(others)
                assert processes.pids_in(servers.postgres.data, "postgres") == [backend]
                processes.end_strays(servers.postgres.data, "postgres", patience=0.2)
            finally:
                connection.terminate()  # whoever is frozen would let a close wait for ever
        servers.postgres.start()
        assert gone([backend])


def test_a_cluster_that_was_not_finished_is_made_anew(home: Path) -> None:
    with start_servers(home, durable=False) as servers:
        data = servers.postgres.data
    (data / "sluice-complete").unlink()
    (data / "PG_VERSION").unlink()
    with start_servers(home, durable=False) as servers:
        assert servers.postgres.pid is not None


async def test_data_does_not_come_back_after_its_home_was_removed(home: Path) -> None:
    with start_servers(home, durable=False) as servers:
        async with connected(servers) as connection:
            await connection.execute("CREATE TABLE old ()")
    shutil.rmtree(home)
    with start_servers(home, durable=False) as servers:
        async with connected(servers) as connection:
            assert await connection.fetchval("SELECT to_regclass('old')") is None


def test_a_program_is_watched_where_the_kernel_does_not_tell_of_its_parents_death() -> None:
    parent = subprocess.Popen([sys.executable, "-c", WATCHED], stdout=subprocess.PIPE, cwd=CHECKOUT)
    program = psutil.Process(int(line_of(parent)))
    family = [program.pid, *(child.pid for child in program.children())]
    assert len(family) == 2
    kill(parent)
    assert gone(family)


@pytest.mark.skipif(not shutil.which("lsof"), reason="lsof is not installed")
def test_lsof_finds_the_same_processes_as_proc(durable: Servers) -> None:
    found = processes._pids_by_lsof(durable.postgres.data, "postgres")
    assert durable.postgres.pid in found
    assert not processes._pids_by_lsof(durable.postgres.data, "valkey")


def test_a_folder_that_somebody_else_prepared_under_var_tmp_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.home, "SHARED", tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    squatted = tmp_path / f"sluice-{os.geteuid()}"
    squatted.symlink_to(elsewhere)
    with pytest.raises(HomeError, match="remove it"):
        private_base()
    squatted.unlink()
    squatted.mkdir()
    squatted.chmod(0o777)
    with pytest.raises(HomeError, match="remove it"):
        private_base()


def test_a_home_that_others_can_write_to_is_refused(home: Path) -> None:
    home.mkdir()
    home.chmod(0o777)
    with pytest.raises(HomeError, match="SLUICE_HOME"):
        prepare_home(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_runs_the_servers_as_themselves() -> None:
    nobody = pwd.getpwnam("nobody")
    python = reachable_python(nobody.pw_uid)
    home = Path(tempfile.mkdtemp(dir="/var/tmp"))
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    holder = subprocess.Popen([python, "-c", HOLD, home], stdout=subprocess.PIPE, **ordinary(nobody.pw_uid))
    try:
        postgres, valkey, sockets = line_of(holder).split()
        assert psutil.Process(int(postgres)).uids().effective == nobody.pw_uid
        assert Path(sockets).parents[1].name == f"sluice-{nobody.pw_uid}"
        assert (home / "servers" / "postgres" / "PG_VERSION").exists()
    finally:
        kill(holder)
    assert gone([int(postgres), int(valkey)])
    shutil.rmtree(home)


def ordinary(uid: int) -> dict[str, object]:
    # The code of this checkout and the wheels of its environment, whichever interpreter runs them.
    path = f"{CHECKOUT}:{Path(asyncpg.__file__).parents[1]}"
    return {"user": uid, "group": uid, "extra_groups": [], "cwd": "/", "env": {"PYTHONPATH": path, "PATH": "/usr/bin"}}


def reachable_python(uid: int) -> str:
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            subprocess.run([python, "-c", "import app.embedded"], check=True, capture_output=True, **ordinary(uid))
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip("no Python and checkout that another user could run")
