"""What mutations of payments answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.orders import Payment

_ENTRY = "The entry of the ledger; null if anything was refused."


@object_type
class PaymentRecordPayload:
    """The payment that was booked."""

    payment: Payment | None = text(_ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class RefundRecordPayload:
    """The refund that was booked."""

    payment: Payment | None = text(_ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class PaymentReversePayload:
    """The reversal that was booked."""

    payment: Payment | None = text(_ENTRY)
    errors: list[UserError] = text(ERRORS)
