"""What mutations of prices of channels, policies of review, rules of assignment and credit answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.customers import Customer
from schema.types.selling import AssignmentRule, ChannelPrice, ReviewPolicy


@object_type
class ChannelPriceUpsertPayload:
    """The price that was made or changed."""

    channel_price: ChannelPrice | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class ReviewPolicyUpsertPayload:
    """The policy that was made or changed."""

    review_policy: ReviewPolicy | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class AssignmentRuleUpsertPayload:
    """The rule that was made or changed."""

    assignment_rule: AssignmentRule | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class CustomerCreditLimitUpdatePayload:
    """The customer that may owe more, or less."""

    customer: Customer | None = text("The customer as it is now, as far as you see it; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)
