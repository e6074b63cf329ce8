"""`sluice token create | list | revoke`: how the first machine gets its token."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

import click

from app.commands.database import require_tables, run_on_database
from app.settings import Settings
from domain.api_tokens import NewApiToken
from domain.errors import Refused
from domain.messages import message_of
from domain.scopes import TokenScope
from models import ApiToken
from models.connection import connect, disconnect
from rows.entities import API_TOKEN
from rows.ids import global_id, number_of
from services.tokens.create import IssuedToken, create_first_api_token
from services.tokens.revoke import revoke_by_operator

T = TypeVar("T")


def create(settings: Settings, *, name: str, scopes: Sequence[TokenScope], email: str | None, days: int | None) -> int:
    """Make a token and print its secret, alone on standard output; the exit code."""
    token = NewApiToken(name=name, scopes=tuple(scopes), expires_in_days=days)

    async def work() -> IssuedToken:
        return await create_first_api_token(token=token, email=email)

    issued = _run(settings, work)
    if issued is None:
        return 1
    click.echo(f"{global_id(API_TOKEN, issued.id)}: keep this secret, it is not shown again.", err=True)
    click.echo(issued.secret)
    return 0


def show(settings: Settings) -> int:
    """Print the tokens, newest first; the exit code."""

    async def work() -> list[ApiToken]:
        return await ApiToken.all().prefetch_related("user").order_by("-created_at", "-id")

    for token in _run(settings, work) or ():
        cells = (
            global_id(API_TOKEN, token.id),
            f"...{token.hint}",
            _state(token),
            f"used {_day(token.last_used_at)}",
            token.user.email,
            ",".join(token.scopes),
            token.name,
        )
        click.echo("\t".join(cells))
    return 0


def revoke(settings: Settings, *, token: str) -> int:
    """End the token of that id; the exit code."""

    async def work() -> bool:
        await revoke_by_operator(token_id=number_of(token, API_TOKEN) or 0)
        return True

    if not _run(settings, work):
        return 1
    click.echo(f"{token} is refused from now on, everywhere within five seconds.")
    return 0


def _run(settings: Settings, work: Callable[[], Awaitable[T]]) -> T | None:
    """What `work` gives with the database connected; None after a line for each reason against it."""

    async def connected() -> T:
        await require_tables(settings.database_url)
        await connect(settings.database_url)
        try:
            return await work()
        finally:
            await disconnect()

    try:
        return run_on_database(connected())
    except Refused as refused:
        for error in refused.errors:
            click.echo(f"{'.'.join(error.path)}: {message_of(error, 'en')}", err=True)
        return None


def _state(token: ApiToken) -> str:
    if token.revoked_at:
        return "revoked"
    return f"until {_day(token.expires_at)}" if token.expires_at else "good"


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else "never"
