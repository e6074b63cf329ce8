"""Inputs about prices of channels, policies of review, rules of assignment, and credit."""

from datetime import date
from decimal import Decimal

import strawberry

from schema.describe import input_type, text
from schema.enums import AssignmentStrategy
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, change, optional
from schema.scalars import CurrencyCode

_VERSION = "The version that the change was decided on; absent for a new one."
_RANK = "Its place: of those that fit an order, the smallest counts; 0 for a new one."
_ACTIVE = "Whether it is in force; true for a new one."
_CHANNEL = "Only orders of this channel; null for all."


@input_type
class ChannelPriceUpsertInput:
    """A price by channel, product, currency, first day, and whether it is a promotion; what is left out stays."""

    channel_id: strawberry.ID = text("The channel.")
    product_id: strawberry.ID = text("The product.")
    currency: CurrencyCode = text("The currency.")
    starts_on: date = text("From which day on.")
    promotion: bool = strawberry.field(
        default=False, description="Whether it is a promotion, which goes before the price list and needs an end."
    )
    expected_version: int | None = optional(_VERSION)
    price: Decimal | None = change("The price of one; needed for a new one.")
    ends_on: date | None = change("Until which day, included; null for good.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ReviewPolicyUpsertInput:
    """A policy by its code: what is left out stays, and is not checked by a new one but for address and contact."""

    code: str = text("A short code, unique among policies.")
    expected_version: int | None = optional(_VERSION)
    rank: int | None = change(_RANK)
    channel_id: strawberry.ID | None = change(_CHANNEL)
    approve_clean: bool | None = change(
        "Whether an order in which nothing was found is approved at once; true for a new one."
    )
    address_needed: bool | None = change("Whether an order with goods needs an address; true for a new one.")
    contact_needed: bool | None = change("Whether an order needs a phone or an email; true for a new one.")
    most_per_line: Decimal | None = change("More on one line is a finding.")
    price_tolerance: Decimal | None = change("How far a price may be from the list, from 0 to 1: 0.05 is 5 %.")
    duplicate_hours: int | None = change("Within how many hours the same order is taken for a duplicate.")
    placed_within_days: int | None = change(
        "An order that is handed in more days after it was placed is a finding, from 1 to 365."
    )
    most_without_customer: Decimal | None = change(
        "An order without a customer that comes to more, in the company's currency, is a finding."
    )
    active: bool | None = change(_ACTIVE)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class AssignmentRuleUpsertInput:
    """A rule by its code: what is left out stays, null empties."""

    code: str = text("A short code, unique among rules.")
    expected_version: int | None = optional(_VERSION)
    rank: int | None = change(_RANK)
    channel_id: strawberry.ID | None = change(_CHANNEL)
    region_id: strawberry.ID | None = change("Only orders of this region or one below it; null for all.")
    team_id: strawberry.ID | None = change("Whose active REPs get the orders; needed for a new rule.")
    strategy: AssignmentStrategy | None = change("How one of them is chosen; needed for a new rule.")
    most_open: int | None = change("Whoever has so many orders that are not over gets none; null for no limit.")
    active: bool | None = change(_ACTIVE)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class CustomerCreditLimitUpdateInput:
    """How much a customer may owe."""

    id: strawberry.ID = text("The customer.")
    expected_version: int = text(EXPECTED_VERSION)
    credit_limit: Decimal | None = text("What it may owe, in the company's currency; null for no limit.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
