"""Settings come from the environment or a file; every wrong one is named, and no value of any is shown."""

import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.settings import Settings, SettingsError, load_local_settings, load_settings

COMPLETE = {
    "DATABASE_URL": "postgresql://sluice:hunter2@db/sluice",
    "REDIS_URL": "redis://:hunter2@cache:6379/0",
    "SECRET_KEY": "hunter2" * 6,
    "COMPANY_CURRENCY": "GBP",
    "COMPANY_ZONE": "Europe/London",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (*(field.upper() for field in Settings.model_fields), "SLUICE_ENV_FILE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def complete(environment: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in COMPLETE.items():
        environment.setenv(name, value)
    return environment


def problems() -> list[str]:
    with pytest.raises(SettingsError) as error:
        load_settings()
    return error.value.problems


def test_each_setting_that_is_missing_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "")
    assert problems() == [f"{name} is not set" for name in COMPLETE]


def test_a_complete_environment_is_typed(complete: pytest.MonkeyPatch) -> None:
    complete.setenv("PORT", "8123")
    complete.setenv("IDE", "yes")
    complete.setenv("LOG_LEVEL", "WARNING")
    settings = load_settings()
    assert (settings.port, settings.ide, settings.introspection) == (8123, True, False)
    assert (settings.company_zone, settings.log_level) == (ZoneInfo("Europe/London"), "warning")


def test_letters_have_a_sender_whose_name_may_be_chinese(complete: pytest.MonkeyPatch) -> None:
    complete.setenv("SMTP_URL", "smtps://a:hunter2@mail.example")
    assert problems() == ["MAIL_SENDER is not set, beside SMTP_URL"]
    complete.setenv("MAIL_SENDER", "销售 <sales@mail.example>")
    assert load_settings().mail_sender == "销售 <sales@mail.example>"
    complete.setenv("MAIL_SENDER", "Sales, Sluice")
    complete.setenv("SMTP_URL", "smtp://a:hunter2@mail.example")
    assert problems() == [
        "SMTP_URL: must not send a password in the open: use smtp+starttls:// or smtps://",
        "MAIL_SENDER: must look like Sluice <sluice@example.com>, or be an address alone",
    ]


@pytest.mark.usefixtures("complete")
def test_reads_go_where_writes_go_unless_told_otherwise() -> None:
    settings = load_settings()
    assert settings.database_read_url == settings.database_read_generic_url == COMPLETE["DATABASE_URL"]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "mysql://root:hunter2@db/sluice", "must look like postgresql://"),
        ("DATABASE_URL", "postgresql://sluice:hunter2@db", "must look like postgresql://"),
        ("DATABASE_READ_URL", "hunter2", "must look like postgresql://"),
        ("REDIS_URL", "hunter2:6379", "must look like redis://"),
        ("SECRET_KEY", "hunter2", "at least 32 characters"),
        ("COMPANY_CURRENCY", "gbp", "three capitals"),
        ("COMPANY_CURRENCY", "ABC", "a currency in use"),
        ("COMPANY_ZONE", "Mars/Phobos", "timezone"),
        ("PORT", "65536", "less than or equal to 65535"),
        ("PORT", "http", "integer"),
        ("IDE", "perhaps", "boolean"),
        ("LOG_FORMAT", "xml", "'json' or 'console'"),
        ("DATABASE_POOL_SIZE", "0", "greater than or equal to 1"),
        ("DATABASE_TIMEOUT", "-1", "greater than 0"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(
    complete: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    complete.setenv(name, value)
    (line,) = problems()
    assert line.startswith(f"{name}: ")
    assert told in line
    assert "hunter2" not in line


@pytest.mark.usefixtures("complete")
def test_no_secret_is_in_what_settings_print_as() -> None:
    assert "hunter2" not in f"{load_settings()!r} {load_settings()}"


def test_a_file_fills_what_the_environment_leaves_open(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text("".join(f"{name}='{value}'\n" for name, value in COMPLETE.items()) + "PORT=8001\n")
    environment.setenv("SLUICE_ENV_FILE", str(file))
    environment.setenv("COMPANY_CURRENCY", "SEK")
    settings = load_settings()
    assert (settings.port, settings.company_currency) == (8001, "SEK")
    assert settings.database_url == COMPLETE["DATABASE_URL"]


def test_a_mistyped_name_in_the_file_is_refused(complete: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text("DATABASE_RAED_URL=postgresql://replica/sluice\n")
    complete.setenv("SLUICE_ENV_FILE", str(file))
    assert problems() == ["DATABASE_RAED_URL is not a setting: did you mean DATABASE_READ_URL?"]


def test_a_file_that_is_not_there_is_told(complete: pytest.MonkeyPatch, tmp_path: Path) -> None:
    complete.setenv("SLUICE_ENV_FILE", str(tmp_path / "none.env"))
    assert problems() == ["SLUICE_ENV_FILE: there is no such file"]


def test_the_demo_needs_no_settings_and_checks_those_it_has(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("SLUICE_HOME", str(tmp_path))
    assert load_local_settings().sluice_home == tmp_path
    environment.setenv("PORT", "0")
    with pytest.raises(SettingsError, match="PORT: "):
        load_local_settings()


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_command_without_settings_names_them_and_ends_with_2(environment: pytest.MonkeyPatch, command: str) -> None:
    environment.setenv("SLUICE_HOME", "/nowhere")
    ended = subprocess.run([sys.executable, "-m", "app.cli", command], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [f"{name} is not set" for name in COMPLETE]
