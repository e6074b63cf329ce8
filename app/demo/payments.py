"""What the demo company's customers paid: most of what was shipped, some in part, and what went back for returns."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from app.demo.organisation import Organisation
from app.demo.rows import Row, Rows
from domain.money import round_money
from domain.orders.life_cycle import RETURN_TYPES, OrderStatus
from domain.payments import PaymentKind, PaymentMethod

_S, _M = OrderStatus, PaymentMethod
_DELIVERED = frozenset({_S.SHIPPED, _S.COMPLETED})
_SETTLED = frozenset({_S.REFUNDED, _S.EXCHANGED})
_METHODS = (_M.BANK_TRANSFER, _M.BANK_TRANSFER, _M.CARD, _M.DIRECT_DEBIT, _M.CHEQUE)
_PARTS = {Decimal(1): 88, Decimal("0.5"): 5, Decimal(0): 7}
"""Parts of an order that are paid, with how often."""


def add_payments(rows: Rows, choice: Random, organisation: Organisation, *, end: datetime) -> None:
    """Ledgers of orders that were delivered, and of returns and exchanges that are over."""
    orders = rows.of("sales_order")
    returned = {order["original_order_id"] for order in orders if order["status"] in _SETTLED}
    by = organisation.people["finance"]
    for order in orders:
        amount = _moved(choice, order, settled=order["id"] in returned)
        if amount:
            at = min(order["updated_at"] + timedelta(minutes=choice.randint(30, 20_000)), end - timedelta(minutes=1))
            _book(rows, order, amount, _method(choice, order, organisation), by=by, at=at)


def _moved(choice: Random, order: Row, *, settled: bool) -> Decimal:
    """What came in for the order; below zero, what went back. One of which something came back was paid."""
    if order["type"] in RETURN_TYPES:
        total: Decimal = order["total"] if order["status"] in _SETTLED else Decimal(0)
        return total
    if order["status"] not in _DELIVERED:
        return Decimal(0)
    part = Decimal(1) if settled else choice.choices(list(_PARTS), weights=list(_PARTS.values()))[0]
    return round_money(order["total"] * part, order["currency"])


def _method(choice: Random, order: Row, organisation: Organisation) -> PaymentMethod:
    at_once = {organisation.channels["marketplace-uk"]: _M.MARKETPLACE, organisation.channels["tmall"]: _M.MARKETPLACE}
    at_once[organisation.channels["web-shop"]] = _M.CARD
    return at_once.get(order["channel_id"]) or choice.choice(_METHODS)


def _book(rows: Rows, order: Row, amount: Decimal, method: PaymentMethod, *, by: int, at: datetime) -> None:
    rows.add(
        "payment",
        order_id=order["id"],
        kind=PaymentKind.PAYMENT if amount > 0 else PaymentKind.REFUND,
        amount=abs(amount),
        method=method,
        reference=f"{at:%Y%m%d}-{order['id']:05}",
        turn=0,
        received_at=at,
        reverses_id=None,
        reason=None,
        by_id=by,
        at=at,
    )
