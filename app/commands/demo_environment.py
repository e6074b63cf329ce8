"""The demo's settings: made once, given to its processes, and left in a file for other commands."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from app.commands.demo_welcome import address
from app.embedded import Servers
from app.home import HomeInUse, locked
from app.settings import LocalSettings

OWNER_ONLY = 0o600


def environment_file(home: Path) -> Path:
    """Where a running demo leaves its settings, for SLUICE_ENV_FILE."""
    return home / "demo.env"


def demo_settings(local: LocalSettings, home: Path, servers: Servers) -> dict[str, str]:
    """Every setting of the demo's processes, by name."""
    return {
        "DATABASE_URL": servers.database_url,
        "DATABASE_READ_URL": servers.database_read_url,
        "DATABASE_READ_GENERIC_URL": servers.database_read_generic_url,
        "REDIS_URL": servers.redis_url,
        "SECRET_KEY": _secret_key(home / "secret.key"),
        "COMPANY_CURRENCY": "GBP",
        "COMPANY_ZONE": "Europe/London",
        "COMPANY_COUNTRY": "GB",
        "SLUICE_HOME": str(home),
        "HOST": local.host,
        "PORT": str(local.port),
        "LOG_LEVEL": local.log_level,
        "LOG_FORMAT": "console",
        "IDE": "true",
        "INTROSPECTION": "true",
    }


def write_environment(home: Path, settings: Mapping[str, str]) -> None:
    """Leaves the settings for other commands, readable by the owner alone."""
    _write(environment_file(home), "".join(f"{name}={_quoted(value)}\n" for name, value in settings.items()))


def lock_file(home: Path) -> Path:
    """What a running demo holds."""
    return home / "demo.lock"


def is_running(home: Path) -> bool:
    """Whether a demo runs in this home."""
    try:
        with locked(lock_file(home), wait=False):
            return False
    except HomeInUse:
        return True
    except OSError:  # there is no such home, or it is not ours
        return False


def running_address(home: Path) -> str | None:
    """The address of the demo that runs in this home, if it came as far as that."""
    try:
        settings = dotenv_values(environment_file(home))
    except OSError:
        return None
    host, port = settings.get("HOST"), settings.get("PORT")
    return address(host, int(port)) if host and port else None


def _secret_key(file: Path) -> str:
    """Made on the first start, so that sessions survive the next."""
    if not file.exists():
        _write(file, secrets.token_urlsafe(48))
    return file.read_text()


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _write(file: Path, text: str) -> None:
    """All or nothing, and never readable by others."""
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with open(unfinished, "x", opener=lambda name, flags: os.open(name, flags, OWNER_ONLY)) as stream:
        stream.write(text)
    unfinished.rename(file)
