"""What the demo company's channels ask, and what it checks of orders."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.demo.organisation import Organisation
from app.demo.rows import Rows

PRICED = 30
"""Products for which channels have prices of their own."""
ASKING = {"web-shop": Decimal("0.98"), "marketplace-uk": Decimal("1.06"), "tmall": Decimal("1.00")}
"""What channels ask, of the list price."""
POLICY: dict[str, Any] = {
    "approve_clean": True,
    "address_needed": True,
    "contact_needed": True,
    "most_per_line": Decimal(500),
    "price_tolerance": Decimal("0.1"),
    "duplicate_hours": 24,
    "placed_within_days": 7,
    "most_without_customer": Decimal(1000),
}
PENNY = Decimal("0.01")


def add_selling(rows: Rows, organisation: Organisation, *, made_at: datetime, today: date) -> None:
    """Price lists of three channels with a promotion that runs, and a policy of review."""
    products = [product for product in rows.of("product") if product["price"] is not None][:PRICED]
    begun = made_at.date()
    for product in products:
        for channel, factor in ASKING.items():
            _price(
                rows, organisation.channels[channel], product["id"], product["price"] * factor, made_at, starts=begun
            )
    week = {"starts": today - timedelta(days=3), "ends": today + timedelta(days=3)}
    for product in products[:5]:
        _price(rows, organisation.channels["tmall"], product["id"], product["price"] * 4 / 5, made_at, **week)
    rows.add(
        "review_policy",
        version=1,
        code="usual",
        rank=1,
        channel_id=None,
        **POLICY,
        active=True,
        created_at=made_at,
    )


def _price(
    rows: Rows, channel: int, product: int, price: Decimal, made_at: datetime, *, starts: date, ends: date | None = None
) -> None:
    rows.add(
        "channel_price",
        version=1,
        channel_id=channel,
        product_id=product,
        currency="GBP",
        promotion=ends is not None,
        starts_on=starts,
        ends_on=ends,
        price=price.quantize(PENNY),
        created_at=made_at,
    )
