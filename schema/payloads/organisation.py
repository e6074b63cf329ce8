"""What mutations of teams and regions answer."""

import strawberry

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.organisation import Region, Team


@object_type
class TeamCreatePayload:
    """The team that was made."""

    team: Team | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class TeamUpdatePayload:
    """The team that was changed."""

    team: Team | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class TeamDeletePayload:
    """The team that was removed."""

    deleted_id: strawberry.ID | None = text("The global id that it had; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class RegionCreatePayload:
    """The region that was made."""

    region: Region | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class RegionUpdatePayload:
    """The region that was changed."""

    region: Region | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class RegionDeletePayload:
    """The region that was removed."""

    deleted_id: strawberry.ID | None = text("The global id that it had; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)
