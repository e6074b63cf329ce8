"""Inputs about whose orders are."""

import strawberry

from schema.describe import input_type, text
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, optional
from schema.inputs.order_steps import MOST_AT_ONCE

_USER = "Who gets it; left out, it waits with the team and is nobody's."
_TEAM = "The team that it belongs to then; left out, the new owner's."
_REASON = "Why, for the order's history."


@input_type
class OrderAssignInput:
    """An order that goes to another owner, another team, or both."""

    id: strawberry.ID = text("The order.")
    expected_version: int = text(EXPECTED_VERSION)
    to_user_id: strawberry.ID | None = optional(_USER)
    to_team_id: strawberry.ID | None = optional(_TEAM)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class OrderAssignItem:
    """One of many orders that go to another owner."""

    id: strawberry.ID = text("The order.")
    expected_version: int = text(EXPECTED_VERSION)


@input_type
class OrderAssignManyInput:
    """Many orders that go to one owner, one team, or both."""

    items: list[OrderAssignItem] = text(f"At most {MOST_AT_ONCE} orders; each succeeds or fails by itself.")
    to_user_id: strawberry.ID | None = optional(_USER)
    to_team_id: strawberry.ID | None = optional(_TEAM)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
