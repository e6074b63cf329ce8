"""Inputs about payments and refunds."""

from datetime import datetime
from decimal import Decimal

import strawberry

from schema.describe import input_type, text
from schema.enums import PaymentMethod
from schema.inputs.common import IDEMPOTENCY_KEY, optional

_AMOUNT = "How much, above zero, in the order's currency."
_REFERENCE = "Its number with the bank or provider: booked once for an order, kind and method."


@input_type
class PaymentRecordInput:
    """Money that came in for an order."""

    order_id: strawberry.ID = text("The order.")
    amount: Decimal = text(_AMOUNT)
    method: PaymentMethod = text("How it came.")
    reference: str | None = optional(_REFERENCE)
    received_at: datetime | None = optional("When it came; now if absent.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class RefundRecordInput:
    """Money that went back: what was paid too much, or for a return. Not more than was paid, returns together."""

    order_id: strawberry.ID = text("The order, or the return or exchange, for which it went back.")
    amount: Decimal = text(_AMOUNT)
    method: PaymentMethod = text("How it went.")
    reference: str | None = optional(_REFERENCE)
    received_at: datetime | None = optional("When it went; now if absent.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class PaymentTransferInput:
    """Money that was paid for one order and is meant for another one, of the same customer or split from it."""

    from_order_id: strawberry.ID = text("The order that received it.")
    to_order_id: strawberry.ID = text("The order that it is for.")
    amount: Decimal = text("How much, above zero, in the currency of both orders; at most what is left with the first.")
    reason: str = text("Why, in words that both ledgers keep.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class PaymentReverseInput:
    """A payment or refund that was booked by mistake."""

    payment_id: strawberry.ID = text("The entry.")
    reason: str = text("Why, in words that the ledger keeps.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
