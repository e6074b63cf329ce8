"""What mutations of leads and their pools answer."""

import strawberry

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.leads import Lead, LeadForm, LeadPool

_LEAD = (
    "The lead as it is now; null if anything was refused, and where it went to somebody whose leads you do not see:"
    " the person is known, and theirs."
)
_ID = "The global id of the lead, whether you see it or not; null if anything was refused."


@object_type
class LeadCreatePayload:
    """The lead that was entered."""

    id: strawberry.ID | None = text(_ID)
    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadUpdatePayload:
    """The lead that was changed."""

    id: strawberry.ID | None = text(_ID)
    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


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


@object_type
class LeadFormUpsertPayload:
    """The form that was made or changed."""

    lead_form: LeadForm | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadFormKeyCreatePayload:
    """The form with its new key; the one before is no longer good."""

    key: str | None = text("The key: the form is sent to `/forms/` and this. It is shown this once.")
    lead_form: LeadForm | None = text("The form; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)
