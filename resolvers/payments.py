"""Mutations of payments and refunds."""

import strawberry

from domain.payments import MoneyMoved, PaymentKind, PaymentTransfer, Reversal
from resolvers.answers import Info, written
from rows.entities import PAYMENT
from schema.commands import command
from schema.describe import mutation
from schema.inputs.payments import (
    PaymentRecordInput,
    PaymentReverseInput,
    PaymentTransferInput,
    RefundRecordInput,
)
from schema.payloads.payments import (
    PaymentRecordPayload,
    PaymentReversePayload,
    PaymentTransferPayload,
    RefundRecordPayload,
)
from services.payments.record import record_money, reverse_payment
from services.payments.transfer import transfer_payment


@strawberry.type
class PaymentMutations:
    @mutation("Book money that came in for an order.")
    async def payment_record(self, info: Info, input: PaymentRecordInput) -> PaymentRecordPayload | None:
        async def work() -> int:
            return await _record(info, PaymentKind.PAYMENT, input)

        return await written(info, PaymentRecordPayload, PAYMENT, work)

    @mutation("Book money that went back: at most what is left of what was paid, over all returns together.")
    async def refund_record(self, info: Info, input: RefundRecordInput) -> RefundRecordPayload | None:
        async def work() -> int:
            return await _record(info, PaymentKind.REFUND, input)

        return await written(info, RefundRecordPayload, PAYMENT, work)

    @mutation("Undo a payment or refund that was booked by mistake, by an entry of its own.")
    async def payment_reverse(self, info: Info, input: PaymentReverseInput) -> PaymentReversePayload | None:
        async def work() -> int:
            return await reverse_payment(
                viewer=info.context.viewer, reversal=command(Reversal, input), idempotency_key=input.idempotency_key
            )

        return await written(info, PaymentReversePayload, PAYMENT, work)

    @mutation("Put money that was paid for one order to another one of the same customer, or split from it.")
    async def payment_transfer(self, info: Info, input: PaymentTransferInput) -> PaymentTransferPayload | None:
        async def work() -> int:
            return await transfer_payment(
                viewer=info.context.viewer,
                transfer=command(PaymentTransfer, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, PaymentTransferPayload, PAYMENT, work)


async def _record(info: Info, kind: PaymentKind, given: PaymentRecordInput | RefundRecordInput) -> int:
    return await record_money(
        viewer=info.context.viewer,
        kind=kind,
        moved=command(MoneyMoved, given),
        idempotency_key=given.idempotency_key,
    )
