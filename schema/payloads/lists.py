"""What mutations of the lists that a company keeps answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.lists import ExchangeRate, Reason, Tag, Tier
from schema.types.organisation import Channel


@object_type
class ChannelUpsertPayload:
    """The channel that was made or changed."""

    channel: Channel | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class TierUpsertPayload:
    """The tier that was made or changed."""

    tier: Tier | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class ReasonUpsertPayload:
    """The reason that was made or changed."""

    reason: Reason | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class TagUpsertPayload:
    """The tag that was made or changed."""

    tag: Tag | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class ExchangeRateUpsertPayload:
    """The exchange rate that was entered or corrected."""

    exchange_rate: ExchangeRate | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)
