"""What mutations of leads and their pools answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.leads import LeadPool


@object_type
class LeadPoolUpsertPayload:
    """The pool that was made or changed."""

    lead_pool: LeadPool | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadPoolMembersSetPayload:
    """The pool with its members."""

    lead_pool: LeadPool | None = text("The pool as it is now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)
