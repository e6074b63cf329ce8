"""`sluice user create`: how the first administrator comes into an empty database."""

from collections.abc import Sequence

import click

from app.commands.database import require_tables, run_on_database
from app.settings import Settings
from domain.errors import DomainError, InvalidInput, Refused
from domain.messages import message_of
from domain.people import Role
from models.connection import connect, disconnect
from services.teams import TeamNotFound
from services.users.create import create_user_by_operator


def run(settings: Settings, *, email: str, name: str, roles: Sequence[Role], team: str | None, password: str) -> int:
    """Make the user; the exit code: 0, or 1 with a line for each reason against it."""
    try:
        run_on_database(_create(settings, email, name, roles, team, password))
    except Refused as refused:
        for error in refused.errors:
            click.echo(_told(error), err=True)
        return 1
    except TeamNotFound as unknown:
        click.echo(str(unknown), err=True)
        return 1
    click.echo(f"{email} can sign in now.")
    return 0


async def _create(
    settings: Settings, email: str, name: str, roles: Sequence[Role], team: str | None, password: str
) -> None:
    await require_tables(settings.database_url)
    await connect(settings.database_url)
    try:
        await create_user_by_operator(email=email, name=name, password=password, roles=roles, team=team)
    finally:
        await disconnect()


def _told(error: DomainError) -> str:
    message = message_of(error, "en")
    return message if isinstance(error, InvalidInput) else f"{'.'.join(error.path)}: {message}"
