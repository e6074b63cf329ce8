"""Inputs about API tokens."""

import strawberry

from domain.api_tokens import LONGEST_DAYS
from schema.describe import input_type, text
from schema.enums import TokenScope
from schema.inputs.common import IDEMPOTENCY_KEY, optional


@input_type
class ApiTokenCreateInput:
    """A token to be made."""

    name: str = text("What it is for.")
    scopes: list[TokenScope] = text("What it is to open, at least one.")
    user_id: strawberry.ID | None = optional(
        "Whom it speaks for, within that user's rights; left out: a service account of this name and role INTEGRATION."
    )
    expires_in_days: int | None = optional(f"After how many days it ends, 1 to {LONGEST_DAYS}; left out: never.")


@input_type
class ApiTokenRevokeInput:
    """A token that is to end."""

    id: strawberry.ID = text("The token.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
