"""What is left of an order: pieces and worth that can come back, money that can be refunded, stock for its lines."""

from domain.orders.life_cycle import RETURN_TYPES, STATUS_GROUPS, OrderStatus, OrderType, StatusGroup
from domain.orders.returns import RETURNABLE
from domain.orders.transitions import STEPS
from domain.stock.effects import StockEffect
from rows.declare import Column, Composite, Kind
from rows.picking import NEEDED


def _among(values: frozenset[OrderStatus] | frozenset[OrderType]) -> str:
    return f"({', '.join(sorted(repr(value.value) for value in values))})"


_RETURNS = f"{{t}}.type IN {_among(RETURN_TYPES)}"
_CALLED_OFF = _among(STATUS_GROUPS[StatusGroup.CANCELLED])
_TAKEN = f"sales_order r JOIN order_line b ON b.order_id = r.id AND b.quantity < 0 AND r.status NOT IN {_CALLED_OFF}"

# As domain.orders.returns.Original.left says; of one product on several lines, the first lines' pieces came back first.
LINE_RETURNABLE = Column(
    f"(CASE WHEN {{t}}.product_id IS NULL OR {{t}}.quantity < 0 THEN NULL WHEN {{via}}.status IN {_among(RETURNABLE)}"
    " THEN greatest(0, least({t}.quantity,"
    " (SELECT sum(f.quantity) FROM order_line f WHERE f.order_id = {t}.order_id AND f.product_id = {t}.product_id"
    " AND f.quantity > 0 AND (f.position, f.id) <= ({t}.position, {t}.id))"
    f" + (SELECT coalesce(sum(b.quantity), 0) FROM {_TAKEN}"
    " WHERE r.original_order_id = {t}.order_id AND b.product_id = {t}.product_id))) ELSE 0 END)",
    Kind.DECIMAL,
    null=True,
    filtered=False,
    via="order",
)
_PIECES_LEFT = (
    f"({{t}}.status IN {_among(RETURNABLE)} AND EXISTS (SELECT FROM order_line l"
    " WHERE l.order_id = {t}.id AND l.quantity > 0 AND l.product_id IS NOT NULL GROUP BY l.product_id"
    f" HAVING sum(l.quantity) + (SELECT coalesce(sum(b.quantity), 0) FROM {_TAKEN}"
    " WHERE r.original_order_id = {t}.id AND b.product_id = l.product_id) > 0))"
)
_WORTH_LEFT = (
    f"({{t}}.status IN {_among(RETURNABLE)} AND {{t}}.total + (SELECT coalesce(sum(b.net + b.tax), 0) FROM {_TAKEN}"
    " WHERE r.original_order_id = {t}.id) > 0)"
)

# As services.payments.ledger.Account.purse says: a return is measured by its original, if that is a sale and seen.
_LEFT = "({o}.received - {o}.refunded - {o}.returns_refunded)"
_OF_ITSELF = f"{_RETURNS} AND {{t}}.status IN {_CALLED_OFF}"
_OWN_LEFT = "({t}.received - {t}.refunded)"
_PURSE_PAID = (
    f"(CASE WHEN {_OF_ITSELF} OR NOT {_RETURNS} THEN {{t}}.received"
    f" WHEN {{via}}.type NOT IN {_among(RETURN_TYPES)} THEN {{via}}.received END)"
)
_PURSE_LEFT = (
    f"(CASE WHEN {_OF_ITSELF} THEN least({_OWN_LEFT},"
    f" CASE WHEN {{via}}.type NOT IN {_among(RETURN_TYPES)} THEN {_LEFT.format(o='{via}')} END)"
    f" WHEN NOT {_RETURNS} THEN {_LEFT.format(o='{t}')}"
    f" WHEN {{via}}.type NOT IN {_among(RETURN_TYPES)} THEN {_LEFT.format(o='{via}')} END)"
)


def _amount(expression: str, *, via: str = "", present: str = "") -> Composite:
    parts = {
        "amount": Column(expression, Kind.MONEY, via=via),
        "currency": Column("{t}.currency", Kind.ENUM),
    }
    return Composite("Money", parts, present=present, via=via)


REFUND_AMOUNTS = {
    "refunded": _amount("({t}.refunded + greatest({t}.returns_refunded, 0) + 0 * {t}.total)"),
    "refundable": _amount(
        f"(greatest({_PURSE_LEFT}, 0) + 0 * {{t}}.total)", via="original_order", present=f"{_PURSE_LEFT} IS NOT NULL"
    ),
}

_PICKED_FROM = ", ".join(
    sorted(
        f"('{status.value}', '{order_type.value}')"
        for step in STEPS.values()
        if step.stock in {StockEffect.RESERVE, StockEffect.SEND}
        for status in step.by
        for order_type in step.types or frozenset(OrderType)
    )
)
_NEEDS = (
    "(SELECT jsonb_agg(jsonb_build_array(l.id, l.product_id, p.sku, l.quantity::text) ORDER BY l.position, l.id)"
    f" FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.order_id = {{t}}.id AND {NEEDED})"
)
_SUPPLIES = (
    "(SELECT jsonb_agg(jsonb_build_array(s.id, s.warehouse_id, w.position, s.product_id,"
    " (s.on_hand - s.reserved)::text)) FROM stock_level s JOIN warehouse w ON w.id = s.warehouse_id AND w.active"
    " WHERE s.product_id IN (SELECT l.product_id FROM order_line l WHERE l.order_id = {t}.id))"
)
_PICKING = (
    f"(CASE WHEN ({{t}}.status, {{t}}.type) IN ({_PICKED_FROM})"
    f" THEN jsonb_build_object('needs', {_NEEDS}, 'supplies', {_SUPPLIES}) END)"
)

FOR_BUTTONS = {
    "picking": Column(_PICKING, Kind.JSON, null=True, filtered=False),
    "pieces_left": Column(_PIECES_LEFT, Kind.BOOLEAN, filtered=False),
    "worth_left": Column(_WORTH_LEFT, Kind.BOOLEAN, filtered=False),
    "purse_paid": Column(_PURSE_PAID, Kind.MONEY, null=True, filtered=False, via="original_order"),
    "purse_left": Column(_PURSE_LEFT, Kind.MONEY, null=True, filtered=False, via="original_order"),
    "own_left": Column(_OWN_LEFT, Kind.MONEY, filtered=False),
    "heard": Column("({t}.feedback_id IS NOT NULL)", Kind.BOOLEAN, filtered=False),
    "overridden": Column("({t}.tier_override_id IS NOT NULL)", Kind.BOOLEAN, filtered=False),
}
"""What steps and actions depend on beside the order's own columns: no fields of the API."""
