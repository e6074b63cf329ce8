"""`sluice counters`: the counters of orders, compared with the orders, and made anew."""

import click

from app.commands.database import require_tables, run_on_database
from app.commands.verifying import verified
from app.settings import Settings
from models.connection import connect, disconnect
from services.counting.rebuild import MOST_DIFFERENCES, Difference, differences, rebuild_counters


def verify(settings: Settings) -> int:
    """Print how the counters differ from the orders, in one snapshot; DIFFERENT if they do, else 0."""
    return verified(
        settings,
        differences,
        _line,
        most=MOST_DIFFERENCES,
        differ="counters differ: sluice counters rebuild makes them anew",
        same="the counters are what the orders add up to",
    )


def rebuild(settings: Settings) -> int:
    """Make the counters anew while others write; 0."""
    click.echo(f"{run_on_database(_rebuild(settings)):,} counters made")
    return 0


async def _rebuild(settings: Settings) -> int:
    await require_tables(settings.database_url)
    await connect(settings.database_url, max_size=1)
    try:
        return await rebuild_counters()
    finally:
        await disconnect()


def _line(of: Difference) -> str:
    key = " ".join(f"{name}={value}" for name, value in of.key.items())
    (told, amount), (exact, exact_amount) = of.told, of.exact
    return f"{key}: {told} orders of {amount}, and there are {exact} of {exact_amount}"
