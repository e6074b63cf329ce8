"""Booking what came in for an order and what went back, and undoing what was booked by mistake."""

from collections.abc import Mapping

from domain.errors import AlreadyExists, DomainError, InvalidInput, NotFound, Refused
from domain.events import EventType
from domain.paths import INPUT
from domain.payments import (
    REVERSIBLE,
    MoneyMoved,
    PaymentKind,
    Reversal,
    going_problems,
    moved_problems,
    reversal_problems,
)
from domain.problems import Problem
from models import Payment
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import PAYMENT
from rows.viewer import Viewer
from services.clock import now
from services.idempotency import Request, once
from services.payments.ledger import Account, book, hold_account, tell
from services.transaction import retrying, transaction

_EVENTS: Mapping[PaymentKind, EventType] = {
    PaymentKind.PAYMENT: EventType.PAYMENT_RECORDED,
    PaymentKind.REFUND: EventType.REFUND_RECORDED,
    PaymentKind.REVERSAL: EventType.PAYMENT_REVERSED,
}
_MUTATIONS: Mapping[PaymentKind, str] = {PaymentKind.PAYMENT: "paymentRecord", PaymentKind.REFUND: "refundRecord"}


@retrying
async def record_money(
    *, viewer: Viewer, kind: PaymentKind, moved: MoneyMoved, idempotency_key: str | None = None
) -> int:
    """Book a payment or a refund (`kind`) with an order; the id of the entry.

    Raises Refused with NotFound, NotPermitted, InvalidInput, AlreadyExists (the order has an entry of this kind, method
    and reference), RefundExceedsPaid or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation=_MUTATIONS[kind], key=idempotency_key, asked=moved)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _record(client, viewer, kind, moved))
    return outcome.settle()


@retrying
async def reverse_payment(*, viewer: Viewer, reversal: Reversal, idempotency_key: str | None = None) -> int:
    """Undo an entry by another one; its id.

    Raises Refused with NotFound, NotPermitted, InvalidInput (it is a reversal itself, or of a transfer), AlreadyExists
    (it was reversed before), RefundExceedsPaid (what was paid has gone back since) or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="paymentReverse", key=idempotency_key, asked=reversal)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _reverse(client, viewer, reversal))
    return outcome.settle()


async def _record(client: TransactionClient, viewer: Viewer, kind: PaymentKind, moved: MoneyMoved) -> int:
    account = await hold_account(client, viewer, moved.order_id, named="orderId")
    currency = account.order.currency
    problems: list[DomainError] = [*moved_problems(moved, currency, now=now())]
    if kind is PaymentKind.REFUND and not problems:
        problems += going_problems(moved.amount, account.purse, named="amount")
    if problems:
        raise Refused(*problems)
    entry_id = await book(
        client,
        account,
        kind=kind,
        amount=moved.amount,
        method=moved.method,
        reference=moved.reference,
        received_at=moved.received_at,
        by=viewer.user_id,
    )
    await _tell(client, account, kind, entry_id, viewer.user_id)
    return entry_id


async def _reverse(client: TransactionClient, viewer: Viewer, reversal: Reversal) -> int:
    if not await visible_ids(client, PAYMENT, viewer, [reversal.payment_id]):
        raise Refused(NotFound(path=(*INPUT, "paymentId")))
    undone = await Payment.get(id=reversal.payment_id, using_db=client)
    account = await hold_account(client, viewer, undone.order_id, named="paymentId")
    problems: list[DomainError] = [*reversal_problems(reversal)]
    if undone.kind not in REVERSIBLE:
        problem = Problem.IS_REVERSAL if undone.kind is PaymentKind.REVERSAL else Problem.IS_TRANSFER
        problems.append(InvalidInput(path=(*INPUT, "paymentId"), problem=problem))
    elif await Payment.filter(reverses_id=undone.id).using_db(client).exists():
        problems.append(AlreadyExists(path=(*INPUT, "paymentId")))
    elif undone.kind is PaymentKind.PAYMENT:
        problems += going_problems(undone.amount, account.reversible, named="paymentId")
    if problems:
        raise Refused(*problems)
    entry_id = await book(
        client,
        account,
        kind=PaymentKind.REVERSAL,
        amount=undone.amount,
        method=undone.method,
        reverses_id=undone.id,
        reason=reversal.reason,
        by=viewer.user_id,
    )
    await _tell(client, account, PaymentKind.REVERSAL, entry_id, viewer.user_id)
    return entry_id


async def _tell(client: TransactionClient, account: Account, kind: PaymentKind, entry_id: int, by: int) -> None:
    """Tell of the order, and of its original, which is paid or refunded otherwise now, too."""
    entry = await Payment.get(id=entry_id, using_db=client)
    for order in filter(None, (account.source, account.order)):
        await tell(client, order, _EVENTS[kind], entry.amount, by)
