"""Inputs about tier rules."""

from datetime import datetime

import strawberry

from schema.describe import input_type, text
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, optional
from schema.inputs.exports import OrderFilter


@input_type
class TierRuleInput:
    """A rule: orders for which the filter holds, and that of no rule before it, get what it says."""

    name: str = text("Name, at most 100 characters.")
    tier_id: strawberry.ID = text("The global id of the tier that it gives.")
    priority: int = text("The priority that it gives, from 1, which comes first, to 9.")
    response_minutes: int = text(
        "In how many minutes of working time after its placement it has to be seen to; at most 120,000."
    )
    filter: OrderFilter = text(
        "Which orders; `{}` holds for all. It looks at what only a write of the order or its customer changes: type,"
        " status, statusGroup, currency, urgency, requiredBy, placedAt, baseTotal, tags, frequency; the customer's id,"
        " level, valueClass, industry, tags; ids and subtrees of region and team, ids of channel and owner, of either."
    )


@input_type
class TierRulesUpsertInput:
    """What the draft of the tier rules is to be."""

    rules: list[TierRuleInput] = text("All rules in their order, at most 50.")
    expected_version: int | None = optional("The version of the draft that this was decided on; absent to begin one.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class TierRulesPublishInput:
    """Which draft to put into force."""

    id: strawberry.ID = text("The global id of the draft.")
    expected_version: int = text(EXPECTED_VERSION)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class TierRulesRollBackInput:
    """Which earlier rules to put into force again."""

    id: strawberry.ID = text("The global id of a retired set.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class OrderTierOverrideInput:
    """Another tier for an order than rules give it, for a time."""

    id: strawberry.ID = text("The global id of the order, which is not over.")
    tier_id: strawberry.ID = text("The global id of the tier that it gets.")
    priority: int | None = optional("The priority that it gets, from 1, which comes first, to 9; its own if absent.")
    reason: str = text("Why, in words that the history keeps.")
    expires_at: datetime = text("When rules give the tier again: later than now, and within 366 days.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class OrderTierOverrideEndInput:
    """Which order gets its tier by rules again."""

    id: strawberry.ID = text("The global id of the order.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
