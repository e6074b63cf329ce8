"""Commands that work on the database end with a line where it is away, or is not what they need."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg
import click

from app.outages import is_outage
from models.migrate import UnfitDatabase, pending

UNUSABLE = 1

T = TypeVar("T")


def run_on_database(work: Coroutine[Any, Any, T]) -> T:
    """What comes of `work`, which begins with one of the checks below.

    Where the database cannot be used, ends the process with UNUSABLE and one line. Raises what else `work` raises.
    """
    try:
        return asyncio.run(work)
    except UnfitDatabase as unfit:
        reason = str(unfit)
    except (ConnectionError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        if not is_outage(fault):
            raise
        reason = f"the database went away: {_told(fault)}"
    click.echo(reason, err=True)
    sys.exit(UNUSABLE)


async def require_database(url: str) -> list[str]:
    """The migrations that the database lacks. Raises UnfitDatabase when it cannot be asked."""
    try:
        return await pending(url)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        raise UnfitDatabase(f"the database cannot be used: {_told(fault)}") from fault


async def require_tables(url: str) -> None:
    """Raises UnfitDatabase when the database cannot be asked, or lacks tables of this version."""
    if await require_database(url):
        raise UnfitDatabase("the database lacks tables of this version: run sluice migrate")


def _told(fault: Exception) -> str:
    return " ".join(str(fault).split()) or "it does not answer"
