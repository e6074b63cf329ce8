"""What products cost in a channel on a day: a promotion, else the price list's entry that began last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.money import is_currency
from models.connection import TransactionClient

IN_FORCE = """
c.channel_id = {channel} AND c.currency = {currency} AND c.starts_on <= {day}
AND (c.ends_on IS NULL OR c.ends_on >= {day})
"""
FIRST = "c.promotion DESC, c.starts_on DESC"
_PRICES = f"""
SELECT DISTINCT ON (c.product_id) c.product_id, c.price FROM channel_price c
WHERE c.product_id = ANY ($1::bigint[]) AND {IN_FORCE.format(channel="$2", currency="$3", day="$4::date")}
ORDER BY c.product_id, {FIRST}
"""  # noqa: S608  # of our own making


@dataclass(frozen=True, kw_only=True)
class PricedFor:
    """Where, in which currency and on which day something is sold."""

    channel_id: int | None
    currency: str
    day: date


async def channel_prices(client: TransactionClient, product_ids: Sequence[int], of: PricedFor) -> dict[int, Decimal]:
    """The prices of those of the products for which the channel has one."""
    if of.channel_id is None or not is_currency(of.currency):
        return {}
    rows = await client.connection.fetch(_PRICES, product_ids, of.channel_id, of.currency, of.day)
    return {row["product_id"]: row["price"] for row in rows}
