"""`sluice payments`: what orders have received and refunded, compared with their ledgers."""

import asyncpg
import typer

from app.commands.database import require_tables, run_on_database
from app.settings import Settings
from services.payments.verify import MOST_DIFFERENCES, Difference, payment_differences

DIFFERENT = 1


def verify(settings: Settings) -> int:
    """Print which orders are not paid as their ledgers say, as of one moment; DIFFERENT if any, else 0."""
    found = run_on_database(_verify(settings))
    for difference in found:
        typer.echo(_line(difference))
    if found:
        more = " or more" if len(found) == MOST_DIFFERENCES else ""
        typer.echo(f"{len(found)}{more} orders differ: somebody changed them past the ledger", err=True)
        return DIFFERENT
    typer.echo("orders are paid as their ledgers add up")
    return 0


async def _verify(settings: Settings) -> list[Difference]:
    await require_tables(settings.database_url)
    connection = await asyncpg.connect(settings.database_url)
    try:
        return await payment_differences(connection)
    finally:
        await connection.close()


def _line(of: Difference) -> str:
    told, exact = ("{} received, {} refunded, {} for returns".format(*amounts) for amounts in (of.told, of.exact))
    return f"order={of.order_id}: {told}, and ledgers come to {exact}"
