"""Inputs about teams and regions."""

import strawberry

from schema.describe import input_type, text
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, change, optional


@input_type
class TeamCreateInput:
    """A new team."""

    name: str = text("Name.")
    parent_id: strawberry.ID | None = optional("The team above; none for one at the top.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class TeamUpdateInput:
    """A change of a team: what is left out stays."""

    id: strawberry.ID = text("The team.")
    expected_version: int = text(EXPECTED_VERSION)
    name: str | None = change("Name.")
    parent_id: strawberry.ID | None = change("The team above, null for the top; all teams below come along.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class TeamDeleteInput:
    """A team to be removed: one with no team below it, no member, and no row that belongs to it."""

    id: strawberry.ID = text("The team.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class RegionCreateInput:
    """A new region."""

    code: str = text("A short code, unique in the company.")
    name: str = text("Name.")
    parent_id: strawberry.ID | None = optional("The region around it; none for one at the top.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class RegionUpdateInput:
    """A change of a region: what is left out stays."""

    id: strawberry.ID = text("The region.")
    expected_version: int = text(EXPECTED_VERSION)
    code: str | None = change("A short code, unique in the company.")
    name: str | None = change("Name.")
    parent_id: strawberry.ID | None = change("The region around it, null for the top; all regions within come along.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class RegionDeleteInput:
    """A region to be removed: one with no region within it, and no customer or order in it."""

    id: strawberry.ID = text("The region.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
