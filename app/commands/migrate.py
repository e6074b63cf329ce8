"""`sluice migrate`: brings the tables up to date."""

import click

from app.commands.database import require_database, run_on_database
from app.settings import Settings
from models.migrate import migrate


def run(settings: Settings) -> None:
    """Apply the missing migrations and print their names."""
    applied = run_on_database(_migrate(settings.database_url))
    click.echo("\n".join(applied) if applied else "nothing to migrate")


async def _migrate(database_url: str) -> list[str]:
    await require_database(database_url)
    return await migrate(database_url)
