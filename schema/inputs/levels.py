"""Inputs about levels of customers by rule."""

import strawberry

from schema.describe import input_type, text
from schema.enums import CustomerLevel, LevelConfirmation
from schema.inputs.common import IDEMPOTENCY_KEY, change, optional
from schema.inputs.exports import CustomerFilter
from schema.inputs.order_steps import MOST_AT_ONCE

_ID = "The proposal."
_ITEMS = f"At most {MOST_AT_ONCE} proposals; each succeeds or fails by itself."
_REASON = "Why, for the history."


@input_type
class LevelRuleUpsertInput:
    """A rule by its code: what is left out stays."""

    code: str = text("A short code, unique among these rules.")
    expected_version: int | None = optional("The version that the change was decided on; absent for a new one.")
    rank: int | None = change("Its place: of the rules that a customer meets, the smallest decides; 0 for a new one.")
    filter: CustomerFilter | None = change("Which customers; `{}` holds for all. Needed for a new one.")
    level: CustomerLevel | None = change("The level that it proposes; needed for a new one.")
    confirm: LevelConfirmation | None = change("What that waits for; `BY_PERSON` for a new one.")
    active: bool | None = change("Whether it is in force; true for a new one.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LevelProposalConfirmInput:
    """A proposal that is right."""

    id: strawberry.ID = text(_ID)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LevelProposalDeclineInput:
    """A proposal that is not right."""

    id: strawberry.ID = text(_ID)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LevelProposalItem:
    """One of many proposals."""

    id: strawberry.ID = text(_ID)


@input_type
class LevelProposalConfirmManyInput:
    """Proposals that are right."""

    items: list[LevelProposalItem] = text(_ITEMS)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LevelProposalDeclineManyInput:
    """Proposals that are not right."""

    items: list[LevelProposalItem] = text(_ITEMS)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
