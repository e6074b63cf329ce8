"""Prices of channels, policies of review, rules of assignment."""

from datetime import date, datetime
from decimal import Decimal

from schema.describe import object_type, text
from schema.enums import AssignmentStrategy
from schema.scalars import CurrencyCode
from schema.types.base import Money, Node
from schema.types.organisation import Channel, Region, Team
from schema.types.products import Product

_VERSION = "Grows with every edit; give it back as `expectedVersion`."
_RANK = "Its place: of those that fit an order, the smallest counts."
_ACTIVE = "Whether it is in force."
_MADE = "When it was made."


@object_type
class ChannelPrice(Node):
    """What a channel sells a product for, on its price list (价目表) or in a promotion (促销)."""

    version: int = text(_VERSION)
    channel: Channel | None = text("The channel.")
    product: Product | None = text("The product.")
    currency: CurrencyCode = text("The currency.")
    price: Money = text("The price of one.")
    promotion: bool = text("Whether it is a promotion, which goes before the price list while it lasts.")
    starts_on: date = text("From which day on.")
    ends_on: date | None = text("Until which day, included; null for good.")
    deviation: Decimal | None = text(
        "By how much it differs from the lowest price of another channel, in the same currency, while both hold: 0.1"
        " is 10 % above it. Null where no other channel has one."
    )
    created_at: datetime = text(_MADE)


@object_type
class ReviewPolicy(Node):
    """What is checked of orders that are handed in (审核规则)."""

    version: int = text(_VERSION)
    code: str = text("A short code, unique among policies.")
    rank: int = text(_RANK)
    channel: Channel | None = text("Only orders of this channel; null for all.")
    approve_clean: bool = text("Whether an order in which nothing was found is approved at once.")
    address_needed: bool = text("Whether an order with goods needs an address to ship to.")
    contact_needed: bool = text("Whether an order needs a phone or an email to ask at.")
    most_per_line: Decimal | None = text("More on one line is a finding; null: any quantity is fine.")
    price_tolerance: Decimal | None = text(
        "How far a price may be from the list, either way: 0.05 is 5 %. Null: any price is fine."
    )
    duplicate_hours: int | None = text("Within how many hours the same order is taken for a duplicate; null: never.")
    placed_within_days: int | None = text(
        "An order that is handed in more days after it was placed is a finding; null: any day is fine."
    )
    most_without_customer: Decimal | None = text(
        "An order without a customer that comes to more, in the company's currency, is a finding; null: any is fine."
    )
    active: bool = text(_ACTIVE)
    created_at: datetime = text(_MADE)


@object_type
class AssignmentRule(Node):
    """Who gets an order that would be nobody's (自动分配)."""

    version: int = text(_VERSION)
    code: str = text("A short code, unique among rules; it stands as reason in the order's `ownerChanges`.")
    rank: int = text(_RANK)
    channel: Channel | None = text("Only orders of this channel; null for all.")
    region: Region | None = text("Only orders of this region or one below it; null for all.")
    team: Team | None = text("Whose active REPs get the orders.")
    strategy: AssignmentStrategy = text("How one of them is chosen.")
    most_open: int | None = text("Whoever has so many orders that are not over gets none; null for no limit.")
    active: bool = text(_ACTIVE)
    created_at: datetime = text(_MADE)
