"""What mutations of tier rules answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.orders import Order
from schema.types.tiers import TierRuleSet

_IN_FORCE = "The rules that are in force now, with the `job` that classifies open orders; null if anything was refused."


@object_type
class TierRulesUpsertPayload:
    """The draft of the tier rules."""

    tier_rule_set: TierRuleSet | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class TierRulesPublishPayload:
    """Rules came into force."""

    tier_rule_set: TierRuleSet | None = text(_IN_FORCE)
    errors: list[UserError] = text(ERRORS)


@object_type
class TierRulesRollBackPayload:
    """Earlier rules came into force again."""

    tier_rule_set: TierRuleSet | None = text(_IN_FORCE)
    errors: list[UserError] = text(ERRORS)


@object_type
class OrderTierOverridePayload:
    """An order has another tier than rules give it."""

    order: Order | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class OrderTierOverrideEndPayload:
    """Rules give an order its tier again."""

    order: Order | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)
