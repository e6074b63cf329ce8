"""The settings, typed, from the environment or from the file that SLUICE_ENV_FILE names (the environment wins).

`load_settings` is how a process gets them: it names every wrong setting, and shows no value of any.
"""

import difflib
import os
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    FilePath,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.documents.trusted import read_manifest
from app.home import default_home
from connectors.mail.address import parse_smtp_url
from connectors.oidc.fetching import is_safe
from domain.countries import COUNTRIES
from domain.money import is_currency
from domain.text import email, one_line

ENV_FILE = "SLUICE_ENV_FILE"


class SettingsError(Exception):
    """Settings are missing or wrong; `problems` has a line for each, without its value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _postgres_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or len(parts.path) < 2:
        raise ValueError("must look like postgresql://user:password@host:5432/database")
    return url


def _redis_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.netloc or parts.path):
        raise ValueError("must look like redis://host:6379/0 or unix:///path/to/socket?db=0")
    return url


def _http_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("must look like http://host:4318")
    return url


def _manifest(path: Path) -> Path:
    read_manifest(path)
    return path


def _issuer(url: str) -> str:
    if not is_safe(url):
        raise ValueError("must be an https:// address")
    return url


def _smtp_url(url: str) -> str:
    parse_smtp_url(url)
    return url


def _sender(sender: str) -> str:
    if any(email((), parseaddr(sender)[1])) or any(one_line((), sender)):
        raise ValueError("must look like Sluice <sluice@example.com>, or be an address alone")
    return sender


def _currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError("must be the ISO 4217 code of a currency in use, three capitals such as GBP")
    return code


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError("must be the ISO 3166 code of a country, two capitals such as GB")
    return code


def _writing_url(earlier: dict[str, Any]) -> str:
    return str(earlier["database_url"])


PostgresUrl = Annotated[str, AfterValidator(_postgres_url)]
RedisUrl = Annotated[str, AfterValidator(_redis_url)]
Issuer = Annotated[str, AfterValidator(_issuer)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
SmtpUrl = Annotated[str, AfterValidator(_smtp_url)]
Sender = Annotated[str, AfterValidator(_sender)]
Currency = Annotated[str, AfterValidator(_currency)]
Country = Annotated[str, AfterValidator(_country)]
Secret = Annotated[str, StringConstraints(min_length=32)]
Manifest = Annotated[FilePath, AfterValidator(_manifest)]
Port = Annotated[int, Field(ge=1, le=65535)]
PoolSize = Annotated[int, Field(ge=1, le=200)]
Points = Annotated[int, Field(ge=1, le=1_000_000_000)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
Lower = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], Lower]
LogFormat = Annotated[Literal["json", "console"], Lower]


class LocalSettings(BaseSettings):
    """What the demo can be told. Each field is the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(extra="forbid", env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    sluice_home: Path = Field(default_factory=default_home)
    """The folder for files, such as imports that wait for a worker."""
    host: str = "127.0.0.1"
    port: Port = 8000
    log_level: LogLevel = "info"


class Settings(LocalSettings):
    """What the API, the workers and the other commands need to know."""

    database_url: PostgresUrl = Field(repr=False)
    """PostgreSQL, for commands, workers and migrations."""
    database_read_url: PostgresUrl = Field(default_factory=_writing_url, repr=False)
    """The same database for reads, as a role that can only read. As DATABASE_URL if not given."""
    database_read_generic_url: PostgresUrl = Field(default_factory=_writing_url, repr=False)
    """For reads whose plans do not depend on values: a role with plan_cache_mode = force_generic_plan."""
    redis_url: RedisUrl = Field(repr=False)
    """Redis or Valkey, for the queues. It may be emptied; nothing is lost but time."""
    secret_key: Secret = Field(repr=False)
    """What the keys of access and refresh tokens are derived from."""
    secret_key_previous: Secret | None = Field(default=None, repr=False)
    """Another one whose tokens are good: what SECRET_KEY was, or will be."""
    oidc_issuer: Issuer | None = None
    """The OpenID provider whose tokens are good here too: its issuer, exactly as its tokens name it."""
    oidc_audience: str | None = None
    """Whom its tokens must be for: the client id that the provider knows."""
    oidc_email_claim: str = "email"
    """The claim by which the first token finds its user; counts only beside email_verified."""
    company_currency: Currency
    """The ISO 4217 code that totals of different currencies are compared in."""
    company_zone: ZoneInfo
    """The IANA zone in which the company's days begin."""
    company_country: Country | None = None
    """The ISO 3166 code of the country whose phone numbers people write without it."""

    smtp_url: SmtpUrl | None = Field(default=None, repr=False)
    """Where letters are handed in; none are sent while it is not set."""
    mail_sender: Sender | None = None
    """From whom they are."""

    ide: bool = False
    """Answer a browser at /graphql with a page, GraphiQL, to ask queries from."""
    introspection: bool = False
    """Let clients ask for the schema itself."""

    trusted_proxies: str = "127.0.0.1"
    """Addresses or networks, separated by commas, whose X-Forwarded-For says where a request comes from."""
    request_bytes: Annotated[int, Field(ge=1_024, le=1 << 30)] = 1 << 20
    """How large a request to /graphql may be."""
    operation_points: Points = 100_000
    """What an operation may cost at the most."""
    caller_points: Points = 200_000
    """What a caller may spend at once."""
    caller_points_per_second: Points = 10_000
    """How fast that comes back."""
    operation_timeout: Seconds = 30
    """Seconds that an operation may take, those in line included."""
    trusted_documents: Manifest | None = None
    """A file of documents by their ids, which clients may name instead of sending them."""
    only_trusted_documents: bool = False
    """Answer no others."""
    sockets: Annotated[int, Field(ge=0, le=100_000)] = 1_000
    """How many WebSockets a process serves."""
    socket_operations: Annotated[int, Field(ge=1, le=10_000)] = 50
    """How many operations each of them carries at once."""
    socket_init_timeout: Seconds = 10
    """Seconds until a client must have said who it is."""
    operations_at_once: Annotated[int, Field(ge=1, le=10_000)] = 40
    """How many operations a process works on; more stand in line."""
    caller_operations_at_once: Annotated[int, Field(ge=1, le=10_000)] = 10
    """How many of them may be of one caller; others pass by."""
    operations_waiting: Annotated[int, Field(ge=0, le=100_000)] = 200
    """How many stand in line; more are sent away at once."""

    log_format: LogFormat = "json"
    slow_operation_seconds: Seconds = 1
    """Operations that take longer are logged, with the statements that they ran."""
    metrics_host: str = "127.0.0.1"
    metrics_port: Port | None = None
    """Where this process serves /metrics for Prometheus; it does not while the port is not set."""
    otel_exporter_otlp_endpoint: HttpUrl | None = None
    """The base address of a collector of traces, by OTLP over HTTP."""

    database_pool_size: PoolSize = 10
    """Connections a process, for commands; the next two for either kind of read."""
    database_read_pool_size: PoolSize = 10
    database_read_generic_pool_size: PoolSize = 10
    database_timeout: Seconds = 30
    """Seconds that a client waits for a statement. The server's own limits belong to the roles."""
    database_read_timeout: Seconds = 10
    event_retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    """Days for which events are kept at the least, and so the life of a cursor of `changes`."""
    file_size_limit: Annotated[int, Field(ge=1_000, le=2_000_000_000)] = 300_000_000
    """Bytes that one uploaded file may have; the next, all files of a user that are kept at a time."""
    file_quota: Annotated[int, Field(ge=1_000)] = 2_000_000_000
    files_kept_days: Annotated[int, Field(ge=1, le=3650)] = 14
    """Days after which uploads, reports and results go."""
    complete_after_days: Annotated[int, Field(ge=0, le=3650)] = 7
    rfm_days: Annotated[int, Field(ge=1, le=3650)] = 365
    """Days after the arrival of its last shipment on which an order is completed by itself; 0 leaves that to people."""
    worker_concurrency: Annotated[int, Field(ge=1, le=1000)] = 20
    """Short jobs and sweeps at a time in one worker; long jobs have a limit of their own (workers/queues.py)."""

    @model_validator(mode="after")
    def _provider_is_whole(self) -> "Settings":
        if self.oidc_issuer and not self.oidc_audience:
            raise ValueError("OIDC_AUDIENCE is not set, beside OIDC_ISSUER")
        return self

    @model_validator(mode="after")
    def _letters_have_a_sender(self) -> "Settings":
        if self.smtp_url and not self.mail_sender:
            raise ValueError("MAIL_SENDER is not set, beside SMTP_URL")
        return self


Loaded = TypeVar("Loaded", bound=LocalSettings)


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError that names each one that is missing or wrong."""
    file = os.environ.get(ENV_FILE) or None
    if file and not Path(file).is_file():
        raise SettingsError([f"{ENV_FILE}: there is no such file"])
    return _load(Settings, file)


def load_local_settings() -> LocalSettings:
    """The demo's settings, from the environment alone. Raises SettingsError as `load_settings` does."""
    return _load(LocalSettings, None)


def _load(kind: type[Loaded], file: str | None) -> Loaded:
    try:
        return kind(_env_file=file)  # type: ignore[call-arg]  # of pydantic-settings; the sources fill the fields
    except ValidationError as error:
        raise SettingsError([_problem(detail) for detail in error.errors() if _is_cause(detail)]) from None


def _is_cause(detail: ErrorDetails) -> bool:
    # A default made of another setting fails when that one does.
    return detail["type"] != "default_factory_not_called"


def _problem(detail: ErrorDetails) -> str:
    name = ".".join(str(part) for part in detail["loc"]).upper()
    match detail["type"]:
        case "missing":
            return f"{name} is not set"
        case "extra_forbidden":
            names = [field.upper() for field in Settings.model_fields]
            nearest = difflib.get_close_matches(name, names, n=1)
            return f"{name} is not a setting" + (f": did you mean {nearest[0]}?" if nearest else "")
        case _:
            problem = detail["msg"].removeprefix("Value error, ")
            return f"{name}: {problem}" if name else problem
