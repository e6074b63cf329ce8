"""The first user comes by the command line."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from app.cli import cli
from domain.errors import AlreadyExists, InvalidInput, Refused
from domain.people import Role
from models import User
from services.sessions.passwords import verify_password
from services.teams import TeamNotFound
from services.users.create import create_user_by_operator
from tests.factories import make_team

pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "correct horse battery"


async def test_a_user_who_was_made_can_sign_in_with_the_password() -> None:
    team = await make_team("North")
    user_id = await create_user_by_operator(
        email="Ada@Example.com", name="Ada", password=PASSWORD, roles=[Role.ADMIN, Role.REP], team="North"
    )
    user = await User.get(id=user_id)
    assert (user.email, user.roles, user.team_id) == ("ada@example.com", ["ADMIN", "REP"], team.id)
    assert (await verify_password(PASSWORD, user.password_hash)).right


async def test_an_email_address_is_taken_once_in_any_case_of_letters() -> None:
    await create_user_by_operator(email="ada@example.com", name="Ada", password=PASSWORD, roles=[Role.REP])
    with pytest.raises(Refused) as refused:
        await create_user_by_operator(email="ADA@example.com", name="Ada", password=PASSWORD, roles=[Role.REP])
    assert refused.value.errors == (AlreadyExists(path=("email",)),)


@pytest.mark.parametrize(("team", "problem"), [("None", "there is no team None"), ("Twins", "more than one team")])
async def test_a_team_that_is_not_there_once_is_told(team: str, problem: str) -> None:
    await make_team("Twins")
    await make_team("Twins")
    with pytest.raises(TeamNotFound, match=problem):
        await create_user_by_operator(
            email="ada@example.com", name="Ada", password=PASSWORD, roles=[Role.REP], team=team
        )
    assert await User.all().count() == 0


async def test_all_that_is_wrong_is_told_at_once_and_nobody_is_made() -> None:
    with pytest.raises(Refused) as refused:
        await create_user_by_operator(email="ada", name=" ", password="short", roles=[Role.REP])
    assert [error.path for error in refused.value.errors if isinstance(error, InvalidInput)] == [
        ("email",),
        ("name",),
        ("password",),
    ]
    assert await User.all().count() == 0


def test_the_command_knows_the_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    asked = ["user", "create", "a@b.example", "--name", "A", "--role", "KING", "--password", PASSWORD]
    result = CliRunner().invoke(cli, asked)
    assert result.exit_code == 2
    assert "KING" in result.output


def test_the_command_says_what_is_wrong_once(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    settings = {
        "DATABASE_URL": database,
        "REDIS_URL": "redis://127.0.0.1:1",
        "SECRET_KEY": "a key of a test, nobody else has it",
        "COMPANY_CURRENCY": "GBP",
        "COMPANY_ZONE": "Europe/London",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    asked = [sys.executable, "-m", "app.cli", "user", "create", "a@b.example", "--name", "A", "--role", "REP"]
    ended = subprocess.run([*asked, "--password", "short"], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (1, "password is shorter than 12 characters\n")
    ended = subprocess.run([*asked, "--password", PASSWORD, "--team", "None"], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (1, "there is no team None\n")
