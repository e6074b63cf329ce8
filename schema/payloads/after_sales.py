"""What mutations of feedback and complaints answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.orders import Complaint, Feedback

_COMPLAINT = "The complaint as it is now; null if anything was refused."


@object_type
class FeedbackRecordPayload:
    """The feedback that was kept."""

    feedback: Feedback | None = text("The feedback; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class ComplaintOpenPayload:
    """The complaint that was entered."""

    complaint: Complaint | None = text(_COMPLAINT)
    errors: list[UserError] = text(ERRORS)


@object_type
class ComplaintUpdatePayload:
    """The complaint about which something was done."""

    complaint: Complaint | None = text(_COMPLAINT)
    errors: list[UserError] = text(ERRORS)
