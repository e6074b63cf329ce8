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


@object_type
class PaymentTransferPayload:
    """The money that went from one order to another."""

    payment: Payment | None = text(
        "The entry of the order that got it, with the other one as its counterpart; null if anything was refused."
    )
    errors: list[UserError] = text(ERRORS)
