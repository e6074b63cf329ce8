"""`sluice stock`: balances of stock, compared with the ledger."""

import asyncpg
import typer

from app.commands.database import require_tables, run_on_database
from app.settings import Settings
from services.stock.verify import MOST_DIFFERENCES, Difference, stock_differences

DIFFERENT = 1


def verify(settings: Settings) -> int:
    """Print which balances are not what their movements add up to, as of one moment; DIFFERENT if any, else 0."""
    found = run_on_database(_verify(settings))
    for difference in found:
        typer.echo(_line(difference))
    if found:
        more = " or more" if len(found) == MOST_DIFFERENCES else ""
        typer.echo(f"{len(found)}{more} balances differ: somebody changed them past the ledger", err=True)
        return DIFFERENT
    typer.echo("balances of stock are what the ledger adds up to")
    return 0


async def _verify(settings: Settings) -> list[Difference]:
    await require_tables(settings.database_url)
    connection = await asyncpg.connect(settings.database_url)
    try:
        return await stock_differences(connection)
    finally:
        await connection.close()


def _line(of: Difference) -> str:
    (on_hand, reserved), (moved, held) = of.told, of.exact
    place = f"warehouse={of.warehouse_id} product={of.product_id}"
    return f"{place}: {on_hand} on hand, {reserved} reserved, and movements come to {moved} and {held}"
