"""Commands on a database that is away, or is not what they need: one line, and exit code 1."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.embedded import Servers
from tests.conftest import administer

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "migrate": ["migrate"],
    "user": [
        "user",
        "create",
        "ada@example.com",
        "--name",
        "Ada",
        "--role",
        "ADMIN",
        "--password",
        "quite long enough",
    ],
    "import": ["import", "orders", "README.md", "--preset", "online-retail"],
}
command = pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)


def run(database_url: str, arguments: list[str], home: Path) -> tuple[int, str, str]:
    """The exit code of a command, and what it printed on either stream."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:1",
        "SECRET_KEY": "a key of a test, nobody else has it",
        "COMPANY_CURRENCY": "GBP",
        "COMPANY_ZONE": "Europe/London",
        "SLUICE_HOME": str(home),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    return ended.returncode, ended.stdout, ended.stderr


@command
@pytest.mark.parametrize(
    "database_url", ["postgresql://sluice@127.0.0.1:1/sluice", "postgresql://sluice@/sluice?host=/nowhere"]
)
def test_a_database_that_is_away(database_url: str, arguments: list[str], tmp_path: Path) -> None:
    code, out, err = run(database_url, arguments, tmp_path)
    assert (code, out) == (1, "")
    [line] = err.splitlines()
    assert line.startswith("the database cannot be used: ")


@command
def test_a_database_that_does_not_exist(servers: Servers, arguments: list[str], tmp_path: Path) -> None:
    code, out, err = run(servers.postgres.url(database="absent"), arguments, tmp_path)
    assert (code, out) == (1, "")
    assert err == 'the database cannot be used: database "absent" does not exist\n'


@pytest.mark.parametrize("name", ["user", "import"])
async def test_a_database_without_tables(servers: Servers, name: str, tmp_path: Path) -> None:
    await administer(servers, "CREATE DATABASE tableless OWNER sluice")
    code, out, err = run(servers.postgres.url(database="tableless"), COMMANDS[name], tmp_path)
    await administer(servers, "DROP DATABASE tableless WITH (FORCE)")
    assert (code, out) == (1, "")
    assert err == "the database lacks tables of this version: run sluice migrate\n"


async def test_a_database_that_sorts_in_another_way(servers: Servers, tmp_path: Path) -> None:
    await administer(servers, "CREATE DATABASE sorted LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0 OWNER sluice")
    code, out, err = run(servers.postgres.url(database="sorted"), ["migrate"], tmp_path)
    await administer(servers, "DROP DATABASE sorted WITH (FORCE)")
    assert (code, out) == (1, "")
    [line] = err.splitlines()
    assert line.startswith("the database sorts text in another way: ")


def test_the_schema_is_compared_with_a_file_that_exists(tmp_path: Path) -> None:
    code, _, err = run("postgresql://sluice@/sluice", ["schema", "--check", str(tmp_path / "none")], tmp_path)
    assert code == 2
    assert "does not exist" in err
    assert "Traceback" not in err
