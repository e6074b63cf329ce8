"""Orders and returns as they are entered, and what may be changed of them."""

from copy import deepcopy
from typing import Any

from tests.lives.company import CUSTOMERS, PRODUCTS
from tests.lives.model import Faults, Model, new_order
from tests.lives.people import may_at_all, may_with, owner_of_new, sees, sees_customer
from tests.lives.returning import faults_of_worth, sold_at, value_as_sold, write_worth
from tests.lives.steps import findings_of_return
from tests.lives.sums import NOTHING, F, Row, faults_of_price, number, price

RETURNS = {"RETURN", "EXCHANGE"}
LINES_UNTIL = {"DRAFT", "NEEDS_INFO"}
DETAILS_UNTIL = LINES_UNTIL | {"PENDING_REVIEW", "APPROVED", "PICKING", "BACKORDERED", "PACKED"}
DETAILS = {"tags", "notes"}
ADDRESS = {"street": "1 Quay", "city": "Leeds", "country": "GB"}
CONTACT = {"email": "ann@corner.example"}


def create(model: Model, by: str, given: Row) -> Faults:
    """orderCreate."""
    kind, faults = given.get("type") or "NEW", []
    if not may_at_all(by, "return" if kind in RETURNS else "enter"):
        return [("", "NOT_PERMITTED")]
    original = model.orders.get(given.get("originalOrderId") or 0)
    if given.get("originalOrderId") and not (original and sees(by, original)):
        faults.append(("input.originalOrderId", "NOT_FOUND"))
        original = None
    named = given.get("customerId")
    if named and not sees_customer(by, CUSTOMERS[named]["owner"]):
        faults.append(("input.customerId", "NOT_FOUND"))
        named = None
    customer = original["customer"] if original else named
    customers = CUSTOMERS[customer]["owner"] if customer else None
    owner, wrong = owner_of_new(by, customers, given.get("ownerId"), original if kind in RETURNS else None)
    faults += wrong + _kind_faults(kind, given) + _line_faults(kind, given["lines"])
    faults += _original_faults(model, given, original) if original else []
    lines = _completed(given, original)
    faults += _price_faults(lines)
    if faults:
        return faults
    order = _ordered(model, given, kind, customer, owner, original, lines)
    back = _came_back(model, original) if original else []
    valued = value_as_sold(order, original, back) if original else []
    if faults := faults_of_price(lines, order["discount"], order["currency"]):
        return faults
    price(order)
    write_worth(order, valued)
    if original and (over := faults_of_worth(order, valued, original, back) or _beyond_paid(model, order, original)):
        return over
    order["placed"] = order["placed"] or model.seen["orders"].get(order["id"], {}).get("placed")
    order["findings"] = findings_of_return(model, order) if original else []
    _enter(model, by, order)
    return []


def _enter(model: Model, by: str, order: Row) -> None:
    model.orders[order["id"]] = order
    model.number_lines(order)
    model.noted(order, None, by, None)
    model.classify(order)
    model.others_may_change(order)


def _ordered(
    model: Model, given: Row, kind: str, customer: str | None, owner: Any, original: Row | None, lines: list[Row]
) -> Row:
    included = given.get("taxIncluded")
    return new_order(
        model.number_of_new("orders"),
        type=kind,
        status="REQUESTED" if kind in RETURNS else "DRAFT",
        owner=owner[0],
        team=owner[1],
        customer=customer,
        original=original["id"] if original else None,
        currency=given["currency"],
        included=(original["included"] if original else False) if included is None else included,
        discount=given.get("discount", NOTHING),
        urgency=given.get("urgency") or "NORMAL",
        notes=given.get("notes"),
        tags=given.get("tags") or [],
        addressed="shipTo" in given,
        reachable="contact" in given,
        placed=given.get("placedAt"),
        lines=lines,
    )


def _kind_faults(kind: str, given: Row) -> Faults:
    faults = []
    if kind in RETURNS and not given.get("originalOrderId"):
        faults.append(("input.originalOrderId", "original_needed"))
    if kind == "EXCHANGE" and not any(line.get("productId") and line["quantity"] < 0 for line in given["lines"]):
        faults.append(("input.lines", "returned_line_needed"))
    if kind not in RETURNS and given.get("originalOrderId"):
        faults.append(("input.originalOrderId", "original_not_expected"))
    wrong = _discount_fault(kind, given.get("discount", NOTHING))
    return [*faults, wrong] if wrong else faults


def _discount_fault(kind: str, discount: F) -> tuple[str, str] | None:
    """That of a return is below zero, that of a sale is not; an exchange has either."""
    if kind == "EXCHANGE" or not discount or (discount < 0) == (kind == "RETURN"):
        return None
    return ("input.discount", "not_negative" if kind == "RETURN" else "negative")


def _line_faults(kind: str, lines: list[Row]) -> Faults:
    faults = [] if lines else [("input.lines", "line_needed")]
    for place, line in enumerate(lines):
        at, many, discount = f"input.lines.{place}", line["quantity"], line.get("discount") or NOTHING
        if not many:
            faults.append((f"{at}.quantity", "zero"))
        elif kind == "RETURN" and many > 0:
            faults.append((f"{at}.quantity", "not_negative"))
        elif kind not in RETURNS and many < 0:
            faults.append((f"{at}.quantity", "negative"))
        if discount and (discount < 0) != (many < 0):
            faults.append((f"{at}.discount", "not_negative" if many < 0 else "negative"))
    return faults


def _original_faults(model: Model, given: Row, original: Row) -> Faults:
    faults = []
    if original["status"] not in {"SHIPPED", "COMPLETED"}:
        faults.append(("input.originalOrderId", "original_not_shipped"))
    if given["currency"] != original["currency"]:
        faults.append(("input.currency", "original_currency_differs"))
    if given.get("customerId") and given["customerId"] != original["customer"]:
        faults.append(("input.customerId", "original_customer_differs"))
    left = _may_come_back(model, original)
    for place, line in enumerate(given["lines"]):
        product = line.get("productId")
        if product is None or line["quantity"] >= 0:
            continue
        if product not in left:
            faults.append((f"input.lines.{place}.productId", "not_in_original"))
        elif -line["quantity"] > left[product]:
            faults.append((f"input.lines.{place}.quantity", "return_beyond_sold"))
        else:
            left[product] += line["quantity"]
    return faults


def _may_come_back(model: Model, original: Row) -> dict[str, F]:
    left: dict[str, F] = {}
    for line in original["lines"]:
        if line["product"] and line["quantity"] > 0:
            left[line["product"]] = left.get(line["product"], NOTHING) + line["quantity"]
    for line in _came_back(model, original):
        if line["product"] in left:
            left[line["product"]] += line["quantity"]
    return left


def _came_back(model: Model, original: Row) -> list[Row]:
    """Lines of returns and exchanges that bring goods back, but of those that were called off."""
    returns = (o for o in model.orders.values() if o["original"] == original["id"])
    return [
        line
        for order in returns
        if order["status"] not in {"CANCELLED", "REJECTED", "DECLINED"}
        for line in order["lines"]
        if line["quantity"] < 0
    ]


def _beyond_paid(model: Model, order: Row, original: Row) -> Faults:
    back = -sum((line["net"] + line["tax"] for line in order["lines"] if line["quantity"] < 0), NOTHING)
    before = -sum((line["net"] + line["tax"] for line in _came_back(model, original)), NOTHING)
    beyond = back > max(original["total"] - before, NOTHING)
    return [("input.total", "return_beyond_paid")] if beyond else []


def _completed(given: Row, original: Row | None) -> list[Row]:
    """Lines with what they leave out: as the original sold it, or as the product is listed. A price may be lacking."""
    included = given.get("taxIncluded")
    same_basis = original is not None and (included is None or included == original["included"])
    lines = []
    for line in given["lines"]:
        product = line.get("productId")
        sold = sold_at(original, product) if original and line["quantity"] < 0 else None
        asked, rate = line.get("unitPrice"), line.get("taxRate")
        if asked is None and sold and same_basis:
            asked = sold[0]
        if rate is None and sold:
            rate = sold[1]
        if asked is None and product and given["currency"] == "GBP":
            asked = number(PRODUCTS[product]["price"])
        if rate is None:
            rate = number(PRODUCTS[product]["rate"]) if product else NOTHING
        lines.append(
            {"id": None, "kind": line.get("kind") or "PRODUCT", "product": product, "quantity": line["quantity"]}
            | {"price": asked, "discount": line.get("discount") or NOTHING, "rate": rate}
        )
    return lines


def _price_faults(lines: list[Row], had: set[str | None] = frozenset()) -> Faults:
    """Products that are not sold any more, but where an order has had them, and prices that nobody knows."""
    faults = []
    for place, line in enumerate(lines):
        product = line["product"]
        if product and not (PRODUCTS[product].get("active", True) or line["quantity"] < 0 or product in had):
            faults.append((f"input.lines.{place}.productId", "product_inactive"))
        elif product and line["price"] is None:
            faults.append((f"input.lines.{place}.unitPrice", "price_needed"))
    return faults


def update(model: Model, by: str, given: Row) -> Faults:
    """orderUpdate: what is the same as before is no change."""
    order = model.orders.get(given["id"])
    if not order or not sees(by, order):
        return [("input.id", "NOT_FOUND")]
    if not may_with(by, "enter", order):
        return [("input.id", "NOT_PERMITTED")]
    if order["version"] != given["expectedVersion"]:
        return [("input.expectedVersion", "VERSION_CONFLICT")]
    after = deepcopy(order)
    for name in ("notes", "tags", "urgency", "discount"):
        after[name] = given.get(name, order[name])
    after["addressed"], after["reachable"] = (
        order[name] or key in given for name, key in (("addressed", "shipTo"), ("reachable", "contact"))
    )
    faults = _edited(order, after, given["lines"]) if "lines" in given else []
    changed = [key for key, name in _COMPARED.items() if key in given and after[name] != order[name]]
    changed += ["lines"] * (bool(faults) and "lines" not in changed)  # what they would be, nobody knows
    for name in changed:
        if order["status"] not in (DETAILS_UNTIL if name in DETAILS else LINES_UNTIL):
            faults.append((f"input.{name}", "NOT_EDITABLE"))
    if "discount" in changed and (wrong := _discount_fault(order["type"], after["discount"])):
        faults.append(wrong)
    if faults or not changed:
        return faults
    if not {"lines", "discount"}.isdisjoint(changed):
        if faults := faults_of_price(after["lines"], after["discount"], order["currency"]):
            return faults
        base = after["base"]
        price(after)
        after["base"] = base if after["total"] == order["total"] else after["base"]
    order.update(after)
    model.number_lines(order)
    model.wrote(order, "order.updated")
    return []


_COMPARED = {
    **{name: name for name in ("notes", "tags", "urgency", "discount", "lines")},
    "shipTo": "addressed",
    "contact": "reachable",
}


def _edited(order: Row, after: Row, lines: list[Row]) -> Faults:
    """Lines that stay by their numbers, with what is said of them; those without one are new."""
    known = {line["id"]: line for line in order["lines"]}
    faults: Faults = []
    for place, line in enumerate(lines):
        if line.get("id") is not None and line["id"] not in known:
            faults.append((f"input.lines.{place}.id", "NOT_FOUND"))
    if faults:
        return faults
    made = []
    for line in lines:
        if (before := known.get(line.get("id"))) is not None:
            made.append(before | {name: line[name] for name in ("quantity", "discount") if name in line})
        else:
            [new] = _completed({"currency": order["currency"], "lines": [line]}, None)
            made.append(new)
    had = {line["product"] for line in order["lines"]}
    faults += _line_faults(order["type"], made)
    faults += _price_faults(made, had)
    if not faults:
        after["lines"] = made
    return faults
