"""The first user comes by the command line."""

import pytest
from typer.testing import CliRunner

from app.cli import cli
from domain.errors import AlreadyExists, InvalidInput, NotFound, Refused
from domain.people import Role
from models import User
from services.sessions.passwords import verify_password
from services.users.create import create_user
from tests.factories import make_team

pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "correct horse battery"


async def test_a_user_who_was_made_can_sign_in_with_the_password() -> None:
    team = await make_team("North")
    user_id = await create_user(
        email="Ada@Example.com", name="Ada", password=PASSWORD, roles=[Role.ADMIN, Role.REP], team="North"
    )
    user = await User.get(id=user_id)
    assert (user.email, user.roles, user.team_id) == ("ada@example.com", ["ADMIN", "REP"], team.id)
    assert (await verify_password(PASSWORD, user.password_hash)).right


async def test_an_email_address_is_taken_once_in_any_case_of_letters() -> None:
    await create_user(email="ada@example.com", name="Ada", password=PASSWORD, roles=[Role.REP])
    with pytest.raises(Refused) as refused:
        await create_user(email="ADA@example.com", name="Ada", password=PASSWORD, roles=[Role.REP])
    assert refused.value.errors == (AlreadyExists(path=("email",)),)


async def test_an_unknown_team_is_told() -> None:
    with pytest.raises(Refused) as refused:
        await create_user(email="ada@example.com", name="Ada", password=PASSWORD, roles=[Role.REP], team="None")
    assert refused.value.errors == (NotFound(path=("team",)),)


async def test_all_that_is_wrong_is_told_at_once_and_nobody_is_made() -> None:
    with pytest.raises(Refused) as refused:
        await create_user(email="ada", name=" ", password="short", roles=[Role.REP])
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
