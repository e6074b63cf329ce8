"""The ledger of payments and refunds."""

from tests.lives.model import Faults, Model
from tests.lives.people import may_with, sees
from tests.lives.sums import Row, too_fine

_EVENTS = {"PAYMENT": "payment.recorded", "REFUND": "refund.recorded", "REVERSAL": "payment.reversed"}
_RETURNS = {"RETURN", "EXCHANGE"}


def book(model: Model, by: str, mutation: str, given: Row) -> Faults:
    """paymentRecord and refundRecord."""
    order = model.orders.get(given["orderId"])
    if not order or not sees(by, order):
        return [("input.orderId", "NOT_FOUND")]
    if not may_with(by, "pay", order):
        return [("input.orderId", "NOT_PERMITTED")]
    kind, amount = ("PAYMENT" if mutation == "paymentRecord" else "REFUND"), given["amount"]
    if too_fine(amount, order["currency"]):
        return [("input.amount", "too_many_decimals")]
    if amount <= 0:
        return [("input.amount", "negative" if amount else "zero")]
    if kind == "REFUND" and amount > model.left(order)[1]:
        return [("input.amount", "REFUND_EXCEEDS_PAID")]
    entry = {"kind": kind, "amount": amount, "method": given["method"], "reference": given.get("reference")}
    if entry["reference"] and _holds_already(order, entry):
        return [("input.reference", "ALREADY_EXISTS")]
    _write(model, order, entry | {"reverses": None})
    return []


def _holds_already(order: Row, entry: Row) -> bool:
    """Whether an entry of this kind, method and reference stands, not reversed."""
    undone = {each["reverses"] for each in order["payments"]}
    same = ("kind", "method", "reference")
    return any(
        each["id"] not in undone and all(each[name] == entry[name] for name in same) for each in order["payments"]
    )


def reverse(model: Model, by: str, given: Row) -> Faults:
    """paymentReverse: what has gone back since is not undone."""
    found = model.entry(given["paymentId"])
    if not found or not sees(by, found[1]):
        return [("input.paymentId", "NOT_FOUND")]
    entry, order = found
    if not may_with(by, "pay", order):
        return [("input.paymentId", "NOT_PERMITTED")]
    faults = [("input.reason", "missing")] * (not given["reason"])
    faults += [("input.reason", "blank")] * given["reason"].isspace()
    if entry["kind"] == "REVERSAL":
        faults.append(("input.paymentId", "is_reversal"))
    elif entry["kind"] in {"TRANSFER_IN", "TRANSFER_OUT"}:
        faults.append(("input.paymentId", "is_transfer"))
    elif any(each["reverses"] == entry["id"] for each in order["payments"]):
        faults.append(("input.paymentId", "ALREADY_EXISTS"))
    elif entry["kind"] == "PAYMENT" and entry["amount"] > min(model.left(order)[1], model.received(order)):
        faults.append(("input.paymentId", "REFUND_EXCEEDS_PAID"))
    if not faults:
        undoing = {"kind": "REVERSAL", "reverses": entry["id"], "reference": None}
        _write(model, order, undoing | {"amount": entry["amount"], "method": entry["method"]})
    return faults


def transfer(model: Model, by: str, given: Row) -> Faults:
    """paymentTransfer: from one order of a customer to another, of one currency; at most what has not gone back."""
    sides = {name: model.orders.get(given[name]) for name in ("fromOrderId", "toOrderId")}
    seen = {name: order for name, order in sides.items() if order and sees(by, order)}
    if hidden := sides.keys() - seen.keys():
        return [(f"input.{name}", "NOT_FOUND") for name in hidden]
    source, target = seen.values()
    if not may_with(by, "pay", source):
        return [("input.fromOrderId", "NOT_PERMITTED")]
    amount, faults = given["amount"], [("input.reason", "blank")] * (not given["reason"].strip())
    if too_fine(amount, source["currency"]):
        faults.append(("input.amount", "too_many_decimals"))
    elif amount <= 0:
        faults.append(("input.amount", "negative" if amount else "zero"))
    faults += [(f"input.{name}", "is_return") for name, order in seen.items() if order["type"] in _RETURNS]
    if wrong := _wrong_target(source, target):
        faults.append(("input.toOrderId", wrong))
    if not faults and amount > min(model.left(source)[1], model.paid(source)):
        faults.append(("input.amount", "REFUND_EXCEEDS_PAID"))
    for order, kind in ((source, "TRANSFER_OUT"), (target, "TRANSFER_IN")) if not faults else ():
        entry = {"kind": kind, "amount": amount, "method": "OFFSET", "reference": None, "reverses": None}
        order["payments"].append({"id": model.number_of_new("payments", order), **entry})
        model.told(order, "payment.transferred")
    return faults


def _wrong_target(source: Row, target: Row) -> str | None:
    if source is target:
        return "duplicate"
    if source["currency"] != target["currency"]:
        return "other_currency"
    return None if same_money(source, target) else "other_customer"


def same_money(one: Row, other: Row) -> bool:
    """Whether orders are of one customer; of nobody, whether one was split from the other, or both from a third."""
    if one["customer"] is None and other["customer"] is None:
        return not {one["id"], one["split"]}.isdisjoint({other["id"], other["split"]} - {None})
    return bool(one["customer"] == other["customer"])


def _write(model: Model, order: Row, entry: Row) -> None:
    """An event tells of the order, and of its original, whose account is another now too."""
    order["payments"].append({"id": model.number_of_new("payments", order), **entry})
    for each in (order, model.orders.get(order["original"] or 0)):
        if each:
            model.told(each, _EVENTS[entry["kind"]])
