"""Money that comes in for an order and goes back: what an entry of its ledger may say, and how much may go back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.errors import DomainError, InvalidInput, RefundExceedsPaid
from domain.moments import write_moment
from domain.money import exact, round_money
from domain.numbers import NOTHING, money
from domain.orders.entry import EARLIEST
from domain.orders.life_cycle import RETURN_TYPES, OrderType
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import code, many_lines


class PaymentKind(StrEnum):
    """What an entry of the ledger is. Money that goes from one order to another is an entry of each."""

    PAYMENT = "PAYMENT"
    REFUND = "REFUND"
    REVERSAL = "REVERSAL"
    TRANSFER_OUT = "TRANSFER_OUT"
    TRANSFER_IN = "TRANSFER_IN"


REVERSIBLE = frozenset({PaymentKind.PAYMENT, PaymentKind.REFUND})
"""What another entry can undo. What was transferred is transferred back."""


class PaymentMethod(StrEnum):
    """How money came or went. OFFSET moves none: one order's credit pays for another."""

    BANK_TRANSFER = "BANK_TRANSFER"
    CARD = "CARD"
    CASH = "CASH"
    CHEQUE = "CHEQUE"
    DIRECT_DEBIT = "DIRECT_DEBIT"
    WALLET = "WALLET"
    MARKETPLACE = "MARKETPLACE"
    OFFSET = "OFFSET"
    OTHER = "OTHER"


class PaymentState(StrEnum):
    """How far an order is paid: what its ledger, and that of its returns, comes to."""

    UNPAID = "UNPAID"
    PARTLY_PAID = "PARTLY_PAID"
    PAID = "PAID"
    OVERPAID = "OVERPAID"
    PARTLY_REFUNDED = "PARTLY_REFUNDED"
    REFUNDED = "REFUNDED"


@dataclass(frozen=True, kw_only=True)
class MoneyMoved:
    """A payment or refund as it is typed: `amount` of the order's currency, above zero.

    `reference` is its number with the bank or provider; `received_at`, when it came or went, defaults to now.
    """

    order_id: int
    amount: Decimal
    method: PaymentMethod
    reference: str | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Reversal:
    """An entry that was a mistake, and why."""

    payment_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentTransfer:
    """Money that one order received and that is meant for another: `amount` of their currency, above zero, and why."""

    from_order_id: int
    to_order_id: int
    amount: Decimal
    reason: str


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two orders of a transfer; `family` has its own id and that of the order that it was split from."""

    order_id: int
    type: OrderType
    currency: str
    customer_id: int | None
    family: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class ReturnRefund:
    """What is paid back with the step of a return to REFUNDED: by default all that is owed for it.

    `method` is needed unless nothing is.
    """

    amount: Decimal | None = None
    method: PaymentMethod | None = None
    reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class Purse:
    """What was `paid` for an order, in its `currency`, and what is `left` of it: not refunded, for returns either."""

    paid: Decimal
    left: Decimal
    currency: str

    def at_most(self, left: Decimal) -> "Purse":
        """The same, with no more than `left`."""
        return replace(self, left=min(self.left, left))


def binds_refunds(order_type: OrderType) -> bool:
    """Whether refunds are measured against what was paid for an order of this type.

    A return or exchange is measured by its original; imported ones may have none, and then nothing is known.
    """
    return order_type not in RETURN_TYPES


def amount_problems(amount: Decimal, currency: str) -> Iterator[InvalidInput]:
    """What is wrong with an amount that moves."""
    path = (*INPUT, "amount")
    found = list(money(path, amount, currency))
    if not found and amount <= 0:
        found.append(InvalidInput(path=path, problem=Problem.NEGATIVE if amount else Problem.ZERO))
    yield from found


def moved_problems(moved: MoneyMoved, currency: str, *, now: datetime) -> Iterator[InvalidInput]:
    """What is wrong with a payment or refund of an order in `currency`, by itself."""
    yield from amount_problems(moved.amount, currency)
    yield from code((*INPUT, "reference"), moved.reference)
    path = (*INPUT, "receivedAt")
    if moved.received_at and moved.received_at > now:
        yield InvalidInput(path=path, problem=Problem.TOO_LATE, limit=write_moment(now))
    elif moved.received_at and moved.received_at < EARLIEST:
        yield InvalidInput(path=path, problem=Problem.TOO_EARLY, limit=write_moment(EARLIEST))


def reversal_problems(reversal: Reversal) -> Iterator[InvalidInput]:
    """What is wrong with a reversal by itself."""
    if not reversal.reason:
        yield InvalidInput(path=(*INPUT, "reason"), problem=Problem.MISSING)
    else:
        yield from many_lines((*INPUT, "reason"), reversal.reason)


def transfer_problems(transfer: PaymentTransfer, source: Side, target: Side) -> Iterator[InvalidInput]:
    """Why money cannot go from the ledger of `source` to that of `target`, but for how much there is.

    Both are sales: what is owed for a return is set off by OFFSET, which says so in both ledgers.
    """
    yield from amount_problems(transfer.amount, source.currency)
    yield from many_lines((*INPUT, "reason"), transfer.reason)
    for side, named in ((source, "fromOrderId"), (target, "toOrderId")):
        if not binds_refunds(side.type):
            yield InvalidInput(path=(*INPUT, named), problem=Problem.IS_RETURN)
    path = (*INPUT, "toOrderId")
    if source.order_id == target.order_id:
        yield InvalidInput(path=path, problem=Problem.DUPLICATE)
    elif source.currency != target.currency:
        yield InvalidInput(path=path, problem=Problem.OTHER_CURRENCY, limit=source.currency)
    elif not _of_one_customer(source, target):
        yield InvalidInput(path=path, problem=Problem.OTHER_CUSTOMER)


def _of_one_customer(source: Side, target: Side) -> bool:
    """Whether it is the same customer's money; that of a walk-in goes to what was split from the same order."""
    if source.customer_id is None and target.customer_id is None:
        return not source.family.isdisjoint(target.family)
    return source.customer_id == target.customer_id


def going_problems(amount: Decimal, purse: Purse | None, *, named: str = "amount") -> Iterator[RefundExceedsPaid]:
    """Whether `amount` is more than is left to go back; without a `purse`, no limit is known."""
    if purse is not None and amount > purse.left:
        left = round_money(max(purse.left, NOTHING), purse.currency)
        yield RefundExceedsPaid(path=(*INPUT, named), asked=amount, paid=purse.paid, left=left, currency=purse.currency)


def return_amount(refund: ReturnRefund, *, due: Decimal) -> Decimal:
    """How much goes back with the step, of a return of which `due` is still to be paid: below zero, to the customer."""
    with exact():
        return max(-due, NOTHING) if refund.amount is None else refund.amount


def return_problems(
    refund: ReturnRefund, *, amount: Decimal, currency: str, purse: Purse | None
) -> Iterator[DomainError]:
    """Why `amount` cannot be paid back with the step of a return."""
    yield from code((*INPUT, "reference"), refund.reference)
    if not amount:
        return
    found = list(amount_problems(amount, currency))
    yield from found
    if refund.method is None:
        yield InvalidInput(path=(*INPUT, "method"), problem=Problem.MISSING)
    if not found:
        yield from going_problems(amount, purse)
