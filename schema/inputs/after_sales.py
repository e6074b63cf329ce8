"""Inputs about feedback and complaints."""

from datetime import datetime

import strawberry

from schema.describe import input_type, text
from schema.enums import ComplaintState
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, optional


@input_type
class FeedbackRecordInput:
    """What a customer thinks of an order."""

    order_id: strawberry.ID = text("The order; it is COMPLETED and has no feedback yet.")
    score: int = text("From 1, the worst, to 5.")
    comment: str | None = optional("In words.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ComplaintOpenInput:
    """Something that a customer complains of."""

    order_id: strawberry.ID = text("The order.")
    reason_id: strawberry.ID = text("Of what kind it is: a reason of kind COMPLAINT.")
    description: str = text("What is wrong, as the customer says it.")
    respond_by: datetime | None = optional("By when it has to be closed; in three days if absent.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ComplaintUpdateInput:
    """Something that is done about a complaint: a state, a deadline, or both."""

    id: strawberry.ID = text("The complaint.")
    expected_version: int = text(EXPECTED_VERSION)
    state: ComplaintState | None = optional("What it comes to; as it is if absent.")
    respond_by: datetime | None = optional("Its new deadline; as it is if absent.")
    note: str | None = optional("Why, in words that its history keeps; needed to resolve or reject it.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
