"""What is kept beside the rows that it follows from, compared with them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import asyncpg
import click

from app.commands.database import require_tables, run_on_database
from app.settings import Settings

DIFFERENT = 1

D = TypeVar("D")


def verified(
    settings: Settings,
    compare: Callable[[asyncpg.Connection], Awaitable[Sequence[D]]],
    line: Callable[[D], str],
    *,
    most: int,
    differ: str,
    same: str,
) -> int:
    """Print each difference, of which `compare` finds at most `most`, and what they mean; DIFFERENT if any, else 0."""
    found = run_on_database(_compared(settings, compare))
    for difference in found:
        click.echo(line(difference))
    if found:
        more = " or more" if len(found) == most else ""
        click.echo(f"{len(found)}{more} {differ}", err=True)
        return DIFFERENT
    click.echo(same)
    return 0


async def _compared(settings: Settings, compare: Callable[[asyncpg.Connection], Awaitable[Sequence[D]]]) -> Sequence[D]:
    await require_tables(settings.database_url)
    connection = await asyncpg.connect(settings.database_url)
    try:
        return await compare(connection)
    finally:
        await connection.close()
