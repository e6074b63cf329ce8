"""What came in for orders and went back, entry by entry, and what it comes to for an order."""

import models
from domain.payments import PaymentState
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import Column, Composite, Entity, Kind, Sort, ToOne, columns_of, money

# As functions of the database say, over which there are indexes.
_PAID = "({t}.received - {t}.refunded + 0 * {t}.total)"
_DUE = "order_due({t}.status, {t}.total, {t}.received, {t}.refunded)"
_STATE = "order_payment_state({t}.status, {t}.total, {t}.received, {t}.refunded, {t}.returns_refunded)"


def _amount(expression: str) -> Composite:
    parts = {"amount": Column(expression, Kind.MONEY), "currency": Column("{t}.currency", Kind.ENUM)}
    return Composite("Money", parts)


PAYMENT_COLUMNS = {
    "payment_state": Column(_STATE, Kind.ENUM, enum=PaymentState),
    "paid": Column(_PAID, Kind.DECIMAL),
    "due": Column(_DUE, Kind.DECIMAL),
}
"""What an order's ledger comes to: how far it is paid, and amounts of its currency to filter by."""
PAYMENT_AMOUNTS = {"paid": _amount(_PAID), "due": _amount(_DUE)}

PAYMENT = Entity(
    name="Payment",
    prefix="pay",
    table="payment",
    scope=visibility.with_order,
    token_scope=TokenScope.ORDERS_READ,
    columns={
        **columns_of(models.Payment, "kind", "amount", "method", "reference", "received_at", "reason", "at"),
        "reversed": Column("EXISTS (SELECT FROM payment undoing WHERE undoing.reverses_id = {t}.id)", Kind.BOOLEAN),
    },
    composites={"amount": money("amount", "{via}.currency", via="order")},
    to_one={
        "order": ToOne("Order", "order_id"),
        "reverses": ToOne("Payment", "reverses_id"),
        "counterpart": ToOne("Payment", "counterpart_id"),
        "actor": ToOne("User", "by_id"),
    },
    sorts={"received_at": Sort("received_at", descending=True)},
)
