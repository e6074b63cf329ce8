"""`sluice token`: the first machine gets its secret by the command line."""

import pytest
from click.testing import CliRunner

from app.cli import cli


@pytest.fixture
def sluice(monkeypatch: pytest.MonkeyPatch, database_url: str, caplog: pytest.LogCaptureFixture) -> "CliRunner":
    caplog.set_level("ERROR")
    given = {
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "a secret key of thirty-two letters",
        "COMPANY_CURRENCY": "GBP",
        "COMPANY_ZONE": "Europe/London",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return CliRunner()


def test_a_token_is_made_shown_and_revoked(sluice: CliRunner) -> None:
    made = sluice.invoke(cli, ["token", "create", "--name", "web shop", "--scopes", "ORDERS_WRITE, FILES"])
    assert (made.exit_code, made.stderr) == (0, "tok_1: keep this secret, it is not shown again.\n")
    secret = made.stdout.strip()
    assert secret.startswith("slc_")
    listed = sluice.invoke(cli, ["token", "list"]).stdout
    assert f"...{secret[-4:]}\tgood\tused never\t" in listed
    assert "@machines.invalid\tFILES,ORDERS_WRITE\tweb shop\n" in listed
    assert sluice.invoke(cli, ["token", "revoke", "tok_1"]).exit_code == 0
    assert "\trevoked\t" in sluice.invoke(cli, ["token", "list"]).stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["create", "--name", "x", "--scopes", "EVERYTHING"], "'EVERYTHING' is not a valid TokenScope"),
        (["create", "--name", "x", "--scopes", "FILES", "--user", "nobody@test.example"], "user: There is no such"),
        (["create", "--name", "x", "--scopes", "FILES", "--expires", "0"], "input.expiresInDays: expiresInDays must"),
        (["revoke", "tok_99"], "id: There is no such thing"),
        (["revoke", "nonsense"], "id: There is no such thing"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(sluice: CliRunner, arguments: list[str], told: str) -> None:
    ended = sluice.invoke(cli, ["token", *arguments], terminal_width=200)
    assert ended.exit_code in {1, 2}
    assert told in ended.output
