"""Inputs about whose leads are, and what is done about them."""

import datetime

import strawberry

from schema.describe import input_type, text
from schema.enums import FollowUpChannel, FollowUpResult
from schema.inputs.common import IDEMPOTENCY_KEY, optional
from schema.inputs.order_steps import MOST_AT_ONCE

_LEAD = "The lead."
_LEADS = f"At most {MOST_AT_ONCE} leads; each succeeds or fails by itself."
_TO = "Who gets it: somebody with a team, which it belongs to then."
_REASON = "Why, for the lead's history."


@input_type
class LeadClaimInput:
    """A lead that somebody wants to have (抢单)."""

    id: strawberry.ID = text(_LEAD)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadClaimManyInput:
    """Leads that somebody wants to have."""

    lead_ids: list[strawberry.ID] = text(_LEADS)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadClaimNextInput:
    """The best lead that waits, by score, the oldest of equal ones, and that you may have."""

    pool_id: strawberry.ID | None = optional("The pool; left out, it is of any of yours.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadReleaseInput:
    """A lead that goes back to its pool."""

    id: strawberry.ID = text(_LEAD)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadReleaseManyInput:
    """Leads that go back to their pools."""

    lead_ids: list[strawberry.ID] = text(_LEADS)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadAssignInput:
    """A lead that is nobody's, and who gets it."""

    id: strawberry.ID = text(_LEAD)
    to_user_id: strawberry.ID = text(_TO)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadAssignManyInput:
    """Leads that are nobody's, and who gets them."""

    lead_ids: list[strawberry.ID] = text(_LEADS)
    to_user_id: strawberry.ID = text(_TO)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadReassignInput:
    """A lead that goes to somebody else."""

    id: strawberry.ID = text(_LEAD)
    to_user_id: strawberry.ID = text(_TO)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadReassignManyInput:
    """Leads that go to somebody else."""

    lead_ids: list[strawberry.ID] = text(_LEADS)
    to_user_id: strawberry.ID = text(_TO)
    reason: str | None = optional(_REASON)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadFollowUpInput:
    """Somebody was in touch with a lead (跟进记录)."""

    id: strawberry.ID = text(_LEAD)
    channel: FollowUpChannel = text("How.")
    result: FollowUpResult = text("What came of it.")
    content: str = text("What was said.")
    at: datetime.datetime | None = optional("When; left out, now. It cannot be ahead.")
    next_at: datetime.datetime | None = optional("When it is to go on.")
    qualifies: bool = strawberry.field(description="There is something to sell: it is QUALIFIED.", default=False)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadPauseInput:
    """A lead whose customer is waited for."""

    id: strawberry.ID = text(_LEAD)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadResumeInput:
    """A lead whose customer is not waited for any more."""

    id: strawberry.ID = text(_LEAD)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadConvertInput:
    """A lead that becomes a customer."""

    id: strawberry.ID = text(_LEAD)
    customer_id: strawberry.ID | None = optional(
        "The customer that it is; left out, the one that it was found to belong to, or a new one of its facts."
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadDisqualifyInput:
    """A lead to whom there is nothing to sell."""

    id: strawberry.ID = text(_LEAD)
    reason_id: strawberry.ID = text("A reason of kind DISQUALIFICATION.")
    note: str | None = optional("Why, in words.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadDisqualifyManyInput:
    """Leads to whom there is nothing to sell."""

    lead_ids: list[strawberry.ID] = text(_LEADS)
    reason_id: strawberry.ID = text("A reason of kind DISQUALIFICATION.")
    note: str | None = optional("Why, in words.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadShareInput:
    """Somebody with whom a lead is shared."""

    user_id: strawberry.ID = text("Who.")
    percent: int = strawberry.field(description="Their share of the credit, of a hundred.", default=0)


@input_type
class LeadSharesSetInput:
    """With whom a lead is shared (联合跟进), all of them; what is left of the credit is the owner's."""

    id: strawberry.ID = text(_LEAD)
    shares: list[LeadShareInput] = text("Everybody else, and their shares, a hundred together at the most.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
