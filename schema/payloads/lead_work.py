"""What mutations about whose leads are, and what is done about them, answer."""

import strawberry

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.leads import Lead, LeadFollowUp

_LEAD = "The lead as it is now, as far as you see it; null if anything was refused."
_RESULTS = "An outcome for each lead, in the order of the input; null if the input itself was refused."
_NO_RESULTS = "Why no lead was looked at; empty if they were."


@object_type
class LeadResult:
    """What became of one of many leads."""

    id: strawberry.ID = text("The id that was given.")
    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadClaimPayload:
    """The lead that is yours now."""

    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadClaimManyPayload:
    """The leads that are yours now."""

    results: list[LeadResult] | None = text(_RESULTS)
    errors: list[UserError] = text(_NO_RESULTS)


@object_type
class LeadClaimNextPayload:
    """The best lead that you may have, which is yours now."""

    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadReleasePayload:
    """The lead that waits in its pool again."""

    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadReleaseManyPayload:
    """The leads that wait in their pools again."""

    results: list[LeadResult] | None = text(_RESULTS)
    errors: list[UserError] = text(_NO_RESULTS)


@object_type
class LeadAssignPayload:
    """The lead that is somebody's now."""

    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadAssignManyPayload:
    """The leads that are somebody's now."""

    results: list[LeadResult] | None = text(_RESULTS)
    errors: list[UserError] = text(_NO_RESULTS)


@object_type
class LeadReassignPayload:
    """The lead that is somebody else's now."""

    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadReassignManyPayload:
    """The leads that are somebody else's now."""

    results: list[LeadResult] | None = text(_RESULTS)
    errors: list[UserError] = text(_NO_RESULTS)


@object_type
class LeadFollowUpPayload:
    """The follow-up that was kept, with its lead."""

    lead_follow_up: LeadFollowUp | None = text("The follow-up; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadPausePayload:
    """The lead whose deadlines stand still."""

    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadResumePayload:
    """The lead whose deadlines go on."""

    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadConvertPayload:
    """The lead with the customer that it has become."""

    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadDisqualifyPayload:
    """The lead that is closed."""

    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadDisqualifyManyPayload:
    """The leads that are closed."""

    results: list[LeadResult] | None = text(_RESULTS)
    errors: list[UserError] = text(_NO_RESULTS)


@object_type
class LeadSharesSetPayload:
    """The lead with those with whom it is shared."""

    lead: Lead | None = text(_LEAD)
    errors: list[UserError] = text(ERRORS)
