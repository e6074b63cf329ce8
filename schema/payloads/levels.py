"""What mutations of levels by rule answer."""

import strawberry

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.levels import LevelProposal, LevelRule

_RESULTS = "An outcome for each proposal, in the order of the input; null if the input itself was refused."
_NONE = "Why no proposal was looked at; empty if they were."


@object_type
class LevelRuleUpsertPayload:
    """The rule that was made or changed. All customers are asked within seconds whether they meet it."""

    level_rule: LevelRule | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class LevelProposalConfirmPayload:
    """A customer got the level that a rule proposed."""

    level_proposal: LevelProposal | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class LevelProposalDeclinePayload:
    """A customer keeps its level."""

    level_proposal: LevelProposal | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class LevelProposalResult:
    """What became of one of many proposals."""

    id: strawberry.ID = text("The id that was given.")
    level_proposal: LevelProposal | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class LevelProposalConfirmManyPayload:
    """Customers got the levels that rules proposed."""

    results: list[LevelProposalResult] | None = text(_RESULTS)
    errors: list[UserError] = text(_NONE)


@object_type
class LevelProposalDeclineManyPayload:
    """Customers keep their levels."""

    results: list[LevelProposalResult] | None = text(_RESULTS)
    errors: list[UserError] = text(_NONE)
