"""What came in for orders and went back, entry by entry, and what it comes to for an order."""

import models
from domain.orders.life_cycle import STATUS_GROUPS, StatusGroup
from domain.payments import PaymentState
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import Column, Composite, Entity, Kind, Sort, ToOne, columns_of, money

_CALLED_OFF = ", ".join(sorted(repr(status.value) for status in STATUS_GROUPS[StatusGroup.CANCELLED]))
_NOUGHT = "0 * {t}.total"
"""Nothing, with the digits of the order's currency: sums of amounts with it have them too."""
_OWED = f"(CASE WHEN {{t}}.status IN ({_CALLED_OFF}) THEN {_NOUGHT} ELSE {{t}}.total END)"
_PAID = f"({{t}}.received - {{t}}.refunded + {_NOUGHT})"
_DUE = f"({_OWED} - {{t}}.received + {{t}}.refunded)"
_BACK = "({t}.refunded + greatest({t}.returns_refunded, 0))"
_STATE = f"""(CASE
    WHEN {{t}}.received = 0 AND {{t}}.refunded = 0 AND {{t}}.returns_refunded = 0
        THEN CASE WHEN {{t}}.total = 0 THEN 'PAID' ELSE 'UNPAID' END
    WHEN {_OWED} < 0 THEN CASE
        WHEN {{t}}.refunded - {{t}}.received >= -{_OWED} THEN 'REFUNDED'
        WHEN {{t}}.refunded > {{t}}.received THEN 'PARTLY_REFUNDED'
        WHEN {{t}}.refunded = {{t}}.received THEN 'UNPAID' ELSE 'OVERPAID' END
    WHEN {_BACK} > 0 AND {_BACK} >= {{t}}.received THEN 'REFUNDED'
    WHEN {_BACK} > greatest({{t}}.received - {_OWED}, 0) THEN 'PARTLY_REFUNDED'
    WHEN {{t}}.received - {_BACK} > {_OWED} THEN 'OVERPAID'
    WHEN {{t}}.received - {_BACK} = {_OWED} THEN 'PAID'
    WHEN {{t}}.received > 0 THEN 'PARTLY_PAID' ELSE 'UNPAID' END)"""


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
        "actor": ToOne("User", "by_id"),
    },
    sorts={"received_at": Sort("received_at", descending=True)},
)
