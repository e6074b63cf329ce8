"""Steps of orders: the table of docs/orders.md, and what each does besides."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.lives.company import CUSTOMERS, PRODUCTS
from tests.lives.model import Faults, Model
from tests.lives.people import may_with, sees
from tests.lives.stock import lacking, release, reserve, send
from tests.lives.sums import NOTHING, RATES, F, Row, parts_of_discount, rounded, too_fine

_ENTERED, _PICKED = ("DRAFT", "PENDING_REVIEW", "NEEDS_INFO", "APPROVED"), ("PICKING", "BACKORDERED", "PACKED")
STEPS: dict[str, Row] = {
    "orderSubmit": {"from": dict.fromkeys(("DRAFT", "NEEDS_INFO"), "enter"), "to": "PENDING_REVIEW"},
    "orderApprove": {"from": {"PENDING_REVIEW": "review"}, "to": "APPROVED"},
    "orderRequestInfo": {"from": {"PENDING_REVIEW": "review"}, "to": "NEEDS_INFO", "reason": True},
    "orderReject": {"from": {"PENDING_REVIEW": "review"}, "to": "REJECTED", "reason": True},
    "orderStartPicking": {"from": {"APPROVED": "fulfil"}, "to": "PICKING"},
    "orderBackorder": {
        "from": dict.fromkeys(("APPROVED", "PICKING"), "fulfil"),
        "to": "BACKORDERED",
        "reason": True,
    },
    "orderResumePicking": {"from": {"BACKORDERED": "fulfil"}, "to": "PICKING"},
    "orderPack": {"from": {"PICKING": "fulfil"}, "to": "PACKED"},
    "orderShip": {"from": {"PACKED": "fulfil"}, "to": "SHIPPED"},
    "orderComplete": {"from": {"SHIPPED": "serve"}, "to": "COMPLETED"},
    "orderCancel": {
        "from": dict.fromkeys(_ENTERED, "enter") | dict.fromkeys(_PICKED, "fulfil"),
        "to": "CANCELLED",
        "reason": True,
    },
    "orderAuthorise": {"from": {"REQUESTED": "serve"}, "to": "AUTHORISED"},
    "orderDecline": {"from": {"REQUESTED": "serve"}, "to": "DECLINED", "reason": True},
    "orderReceive": {"from": {"AUTHORISED": "fulfil"}, "to": "RECEIVED"},
    "orderRefund": {"from": {"RECEIVED": "pay"}, "to": "REFUNDED", "type": "RETURN"},
    "orderExchange": {"from": {"RECEIVED": "fulfil"}, "to": "EXCHANGED", "type": "EXCHANGE"},
}
EVENTS = {
    "orderSubmit": "order.submitted",
    "orderApprove": "order.approved",
    "orderReject": "order.rejected",
    "orderRequestInfo": "order.info_requested",
    "orderStartPicking": "order.picking_started",
    "orderResumePicking": "order.picking_started",
    "orderBackorder": "order.backordered",
    "orderPack": "order.packed",
    "orderShip": "order.shipped",
    "orderComplete": "order.completed",
    "orderCancel": "order.cancelled",
    "orderAuthorise": "return.authorised",
    "orderDecline": "return.declined",
    "orderReceive": "return.received",
    "orderRefund": "return.refunded",
    "orderExchange": "return.exchanged",
}
REVIEWS = {"orderApprove", "orderRequestInfo", "orderReject"}
_TAKING = {"orderStartPicking", "orderResumePicking", "orderExchange"}
DUPLICATES_WITHIN = timedelta(hours=24)
TOLERANCE = "0.05"
PLACED_WITHIN = timedelta(days=7)
MOST_WITHOUT_CUSTOMER = 1000


def begins(order: Row, mutation: str) -> bool:
    """Whether the step begins where the order stands."""
    step = STEPS[mutation]
    return order["status"] in step["from"] and step.get("type") in {None, order["type"]}


def blocked(model: Model, order: Row, mutation: str, by: str) -> bool:
    """Whether somebody cannot take the step as things are, whatever they say for it."""
    if not possible(order, mutation) or not allowed(order, mutation, by):
        return True
    return mutation in _TAKING and bool(lacking(model, order))


def possible(order: Row, mutation: str) -> bool:
    """Whether the step leads on from where the order stands, whoever takes it."""
    return begins(order, mutation) and not (STEPS[mutation]["to"] == "CANCELLED" and order["shipments"])


def allowed(order: Row, mutation: str, by: str) -> bool:
    reviewed = mutation == "orderAuthorise" and order["findings"]
    return may_with(by, "review" if reviewed else STEPS[mutation]["from"][order["status"]], order)


def take_step(model: Model, by: str, mutation: str, given: Row) -> Faults:
    """A step; what it does is written into the model unless it is refused."""
    order = model.orders.get(given["id"])
    if not order or not sees(by, order):
        return [("input.id", "NOT_FOUND")]
    if order["version"] != given["expectedVersion"]:
        return [("input.expectedVersion", "VERSION_CONFLICT")]
    if faults := step_faults(order, mutation, by, given):
        return faults
    if mutation in _TAKING and (short := reserve(model, order)):
        return short
    if mutation == "orderRefund" and (faults := _refund(model, order, given)):
        return faults
    if mutation in {"orderCancel", "orderBackorder"}:
        release(model, order)
    if mutation == "orderShip":
        add_shipment(model, order, None)
    if mutation == "orderExchange":
        send(model, order, None)
    move_on(model, order, mutation, by, given.get("reason"), given.get("expectedOn"))
    if mutation == "orderSubmit":
        _review(model, order, was=order["history"][-1][0])
    return []


def step_faults(order: Row, mutation: str, by: str, given: Row, *, named: str = "input.id") -> Faults:
    """Why a step cannot be taken, as far as the order's place and the reason are concerned."""
    step, faults = STEPS[mutation], []
    if step["to"] == "CANCELLED" and order["status"] in step["from"] and order["shipments"]:
        faults.append((named, "partly_shipped"))
    elif not possible(order, mutation):
        faults.append((named, "STEP_NOT_POSSIBLE"))
    elif not allowed(order, mutation, by):
        faults.append((named, "NOT_PERMITTED"))
    reason = given.get("reason")
    if step.get("reason") and not reason:
        faults.append(("input.reason", "missing"))
    elif reason is not None and not reason.strip():
        faults.append(("input.reason", "blank"))
    return faults


def move_on(model: Model, order: Row, mutation: str, by: str | None, reason: Any, expected: Any = None) -> None:
    """The order stands elsewhere, with a row of history and an event."""
    was, order["status"] = order["status"], STEPS[mutation]["to"]
    order["expected"] = expected.isoformat() if expected else None
    if mutation in REVIEWS and by:
        order["reviewer"] = by
    model.noted(order, was, by, reason)
    model.wrote(order, EVENTS[mutation])


def add_shipment(model: Model, order: Row, pieces: dict[int, Any] | None) -> None:
    """So many pieces of lines, or all that is left, go to the carrier."""
    gone = {line: many for line, many in (pieces or model.to_send(order)).items() if many}
    send(model, order, gone)
    shipment = {"id": model.number_of_new("shipments", order), "version": 1, "lines": gone, "delivered": False}
    shipment |= {"carrier": None, "trackingNumber": None}
    order["shipments"].append(shipment)


def _review(model: Model, order: Row, *, was: str) -> None:
    """What is handed in is checked; a clean order goes on, unless a person had asked it back."""
    order["findings"] = sorted(_findings(model, order))
    if not order["findings"] and was == "DRAFT":
        move_on(model, order, "orderApprove", None, None)


def _findings(model: Model, order: Row) -> list[str]:
    found = []
    if not order["addressed"] and any(line["kind"] == "PRODUCT" for line in order["lines"]):
        found.append("ADDRESS_MISSING")
    if not order["reachable"]:
        found.append("CONTACT_MISSING")
    if order["customer"] is None and order["base"] > MOST_WITHOUT_CUSTOMER:
        found.append("CUSTOMER_MISSING")
    if datetime.now(UTC) - order["placed"] > PLACED_WITHIN:
        found.append("PLACED_EARLIER")
    for line, part in zip(order["lines"], parts_of_discount(order), strict=True):
        if line["product"] and not PRODUCTS[line["product"]].get("active", True):
            found.append("UNKNOWN_SKU")
        if line["product"] and _deviates(line, part, order["currency"]):
            found.append("PRICE_DEVIATES")
    limit = CUSTOMERS[order["customer"]]["limit"] if order["customer"] else None
    if limit is not None and model.owes(order["customer"]) > int(limit):
        found.append("CREDIT_EXCEEDED")
    twins = sum(order["customer"] is not None and _is_twin(order, other) for other in model.orders.values())
    return found + ["POSSIBLE_DUPLICATE"] * min(twins, 5)


def findings_of_return(model: Model, order: Row) -> list[str]:
    """What an exchange sends is checked as a sale's lines are, when it was placed too; who owes, where it sends more
    than it brings back."""
    found = []
    for line, part in zip(order["lines"], parts_of_discount(order), strict=True):
        if line["product"] and line["quantity"] > 0 and _deviates(line, part, order["currency"]):
            found.append("PRICE_DEVIATES")
    if order["customer"] is None and order["base"] > MOST_WITHOUT_CUSTOMER:
        found.append("CUSTOMER_MISSING")
    if any(line["quantity"] > 0 for line in order["lines"]) and datetime.now(UTC) - order["placed"] > PLACED_WITHIN:
        found.append("PLACED_EARLIER")
    limit = CUSTOMERS[order["customer"]]["limit"] if order["customer"] else None
    if limit is not None and order["total"] > 0 and model.owes(order["customer"]) + order["base"] > int(limit):
        found.append("CREDIT_EXCEEDED")
    return sorted(found)


def findings_of_change(model: Model, order: Row, after: Row, number: int) -> list[str]:
    """What a substitute on the line of that number brings: wrong prices where none were, and more than is owed for."""
    currency, found = order["currency"], []
    let_pass = {line["id"] for line in _deviating(order) if line["id"] != number}
    found += ["PRICE_DEVIATES" for line in _deviating(after) if line["id"] not in let_pass]
    if after["total"] > order["total"]:
        base = rounded(after["total"] * RATES[currency], "GBP")
        limit = CUSTOMERS[order["customer"]]["limit"] if order["customer"] else None
        if limit is not None and model.owes(order["customer"], instead=order | {**after, "base": base}) > int(limit):
            found.append("CREDIT_EXCEEDED")
        if order["customer"] is None and base > MOST_WITHOUT_CUSTOMER:
            found.append("CUSTOMER_MISSING")
    return found


def _deviating(order: Row) -> list[Row]:
    parts = parts_of_discount(order)
    lines = zip(order["lines"], parts, strict=True)
    return [line for line, part in lines if line["product"] and _deviates(line, part, order["currency"])]


def _deviates(line: Row, part: F, currency: str) -> bool:
    """A price in another currency is that of the list at the rate, to six digits."""
    each = F(round(_fraction(PRODUCTS[line["product"]]["price"]) / RATES[currency] * 10**6), 10**6)
    listed = line["quantity"] * each
    asked = line["quantity"] * line["price"] - line["discount"] - part
    return abs(asked - listed) > abs(listed) * _fraction(TOLERANCE)


def _is_twin(order: Row, other: Row) -> bool:
    return (
        other is not order
        and other["customer"] == order["customer"]
        and order["placed"] - other["placed"] <= DUPLICATES_WITHIN + PLACED_WITHIN  # all are entered on one day
        and (other["currency"], other["total"]) == (order["currency"], order["total"])
        and other["status"] not in {"CANCELLED", "REJECTED"}
        and other["type"] in {"NEW", "RENEWAL"}
        and _pieces(other) == _pieces(order)
    )


def _pieces(order: Row) -> list[tuple[Any, ...]]:
    return sorted((line["kind"], line["product"] or "", line["quantity"]) for line in order["lines"])


def _fraction(written: str) -> Any:
    return NOTHING + type(NOTHING)(written)


def _refund(model: Model, order: Row, given: Row) -> Faults:
    """What a return is paid back with its step: all that is owed, or the amount that is given."""
    amount = given.get("amount")
    if amount is None:
        amount = max(order["total"] * -1 + model.paid(order), NOTHING)
    if not amount:
        return []
    faults: Faults = []
    if too_fine(amount, order["currency"]):
        faults.append(("input.amount", "too_many_decimals"))
    elif amount < 0:
        faults.append(("input.amount", "negative"))
    elif amount > model.left(order)[1]:
        faults.append(("input.amount", "REFUND_EXCEEDS_PAID"))
    if given.get("method") is None:
        faults.append(("input.method", "missing"))
    if not faults:
        entry = {"id": model.number_of_new("payments", order), "kind": "REFUND", "reverses": None}
        order["payments"].append(entry | {"amount": rounded(amount, order["currency"]), "method": given["method"]})
        order["payments"][-1]["reference"] = None
        if order["original"]:
            model.told(model.orders[order["original"]], "refund.recorded")
    return faults
