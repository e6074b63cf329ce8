"""Exchange rates: what one unit of a currency is worth in the company's own."""

from datetime import datetime
from decimal import Decimal

from domain.errors import RateMissing
from models.connection import TransactionClient
from services.company import Company


async def find_rate(
    client: TransactionClient, company: Company, *, currency: str, placed_at: datetime
) -> Decimal | RateMissing:
    """The latest rate on or before the day of `placed_at` in the company's zone; 1 for its own currency."""
    if currency == company.currency:
        return Decimal(1)
    day = company.day_of(placed_at)
    rate: Decimal | None = await client.connection.fetchval(
        "SELECT rate FROM exchange_rate WHERE currency = $1 AND date <= $2 ORDER BY date DESC LIMIT 1", currency, day
    )
    return RateMissing(path=("input", "currency"), currency=currency, date=day) if rate is None else rate
