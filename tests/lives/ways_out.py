"""Ways out of a shortage: fewer pieces, another product, an order of its own."""

from copy import deepcopy

from tests.lives.company import PRODUCTS
from tests.lives.model import Faults, Model, new_order
from tests.lives.people import may_with, sees
from tests.lives.steps import findings_of_change
from tests.lives.stock import MOST, release
from tests.lives.sums import (
    NOTHING,
    F,
    Row,
    add_up,
    bearable,
    faults_of_price,
    parts_of_discount,
    price,
    rounded,
    towards_zero,
)

WAITING = {"APPROVED", "BACKORDERED"}
_CHANGERS = {"orderLinesCancel": WAITING | {"PACKED"}, "orderLineSubstitute": WAITING, "orderSplit": WAITING}


def change_lines(model: Model, by: str, mutation: str, given: Row) -> Faults:
    """orderLinesCancel, orderLineSubstitute and orderSplit."""
    order = model.orders.get(given["id"])
    if not order or not sees(by, order):
        return [("input.id", "NOT_FOUND")]
    if not (may_with(by, "fulfil", order) or (mutation == "orderLineSubstitute" and may_with(by, "review", order))):
        return [("input.id", "NOT_PERMITTED")]
    if order["version"] != given["expectedVersion"]:
        return [("input.expectedVersion", "VERSION_CONFLICT")]
    if order["status"] not in _CHANGERS[mutation]:
        return [("input.id", "NOT_EDITABLE")]
    blank = [("input.reason", "blank")] * (not given["reason"].strip())
    if mutation == "orderSplit":
        return blank + _split_faults(order, given["lines"]) or _split(model, order, by, given)
    if blank:
        return blank
    if mutation == "orderLinesCancel":
        return _cancel(model, order, by, given)
    return _substitute(model, order, by, given)


def part_faults(at: str, many: F | None, left: F) -> Faults:
    """What is wrong with so many pieces, None for all, of those that are left."""
    if many is not None and not many:
        return [(at, "zero")]
    if many is not None and abs(many) > MOST:
        return [(at, "too_large")]
    if many is not None and many < 0:
        return [(at, "negative")]
    return [(at, "too_large")] if not left or (many or NOTHING) > left else []


def _cancel(model: Model, order: Row, by: str, given: Row) -> Faults:
    left = {line["id"]: line["quantity"] for line in order["lines"]} | model.to_send(order)
    if faults := lines_faults(given["lines"], left):
        return faults
    gone = {line["lineId"]: line.get("quantity") or left[line["lineId"]] for line in given["lines"]}
    after = deepcopy(order)
    after["lines"], after["discount"] = [], NOTHING
    for line, part in zip(order["lines"], parts_of_discount(order), strict=True):
        if kept := line["quantity"] - gone.get(line["id"], NOTHING):
            share, currency = kept / line["quantity"], order["currency"]
            fewer = {"quantity": kept, "discount": towards_zero(line["discount"] * share, currency)}
            after["lines"].append(line | fewer)
            after["discount"] += towards_zero(part * share, currency)
    if not any(line["kind"] == "PRODUCT" for line in after["lines"]):
        return [("input.lines", "line_needed")]
    after["discount"] = min(after["discount"], bearable(after["lines"], after["discount"], order["currency"]))
    release(model, order, gone)
    _rewrite(model, order, after, by, given["reason"])
    return []


def lines_faults(lines: list[Row], left: dict[int, F]) -> Faults:
    """What is wrong with pieces that are named, of lines of which so many are left."""
    faults = [] if lines else [("input.lines", "line_needed")]
    named: list[int] = []
    for place, line in enumerate(lines):
        at = f"input.lines.{place}"
        if line["lineId"] in named:
            faults.append((f"{at}.lineId", "duplicate"))
        elif line["lineId"] not in left:
            faults.append((f"{at}.lineId", "NOT_FOUND"))
        else:
            faults += part_faults(f"{at}.quantity", line.get("quantity"), left[line["lineId"]])
        named.append(line["lineId"])
    return faults


def _rewrite(model: Model, order: Row, after: Row, by: str, reason: str) -> None:
    """The order is what it is after the change; it is sent if nothing else of it is left."""
    base = order["base"]
    price(after)
    if after["total"] == order["total"]:
        after["base"] = base
    order.update(after)
    was, sent = order["status"], not any(model.to_send(order).values())
    if was == "PACKED" and order["shipments"] and sent:
        order["status"] = "SHIPPED"
        order["delivered"] = all(each["delivered"] for each in order["shipments"])
    model.noted(order, was, by, reason)
    model.wrote(order, "order.updated" if order["status"] == was else "order.shipped")


def _substitute(model: Model, order: Row, by: str, given: Row) -> Faults:
    line = next((each for each in order["lines"] if each["id"] == given["lineId"]), None)
    faults, product = [], given["productId"]
    if line is None:
        # The product is looked for on the line.
        return [("input.lineId", "NOT_FOUND"), ("input.productId", "NOT_FOUND")]
    if line["kind"] != "PRODUCT":
        faults.append(("input.lineId", "product_needed"))
    if not PRODUCTS[product].get("active", True):
        faults.append(("input.productId", "product_inactive"))
    if faults:
        return faults
    after, asked = deepcopy(order), given.get("unitPrice")
    new = next(each for each in after["lines"] if each["id"] == line["id"])
    new["product"] = product
    if asked is not None:
        new["price"], new["discount"] = asked, NOTHING
    if wrong := faults_of_price(after["lines"], after["discount"], order["currency"]):
        return [("input.unitPrice", problem) for _, problem in wrong]
    price(after)
    found = findings_of_change(model, order, after, line["id"])
    if found and not may_with(by, "review", order):
        return [(_FOUND[kind], kind.lower()) for kind in found]
    after["findings"] = sorted([*order["findings"], *found])
    _rewrite(model, order, after, by, given["reason"])
    return []


_FOUND = {
    "PRICE_DEVIATES": "input.unitPrice",
    "CREDIT_EXCEEDED": "input.productId",
    "CUSTOMER_MISSING": "input.productId",
}


def _split_faults(order: Row, lines: list[Row]) -> Faults:
    goods = {line["id"]: line["quantity"] for line in order["lines"] if line["kind"] == "PRODUCT"}
    known = {line["id"]: goods.get(line["id"], F(1)) for line in order["lines"]}
    faults = []
    for path, problem in lines_faults(lines, known):
        faults.append((path, problem))
    named: set[int] = set()
    for place, line in enumerate(lines):
        number = line["lineId"]
        if number in known and number not in goods and number not in named:
            faults = [each for each in faults if not each[0].startswith(f"input.lines.{place}.")]
            faults.append((f"input.lines.{place}.lineId", "product_needed"))
        named.add(number)
    gone = {line["lineId"]: line.get("quantity") or goods.get(line["lineId"]) for line in lines}
    if not faults and all(gone.get(number) == many for number, many in goods.items()):
        faults.append(("input.lines", "line_needed"))
    return faults


def _split(model: Model, order: Row, by: str, given: Row) -> Faults:
    """Lines go to an order of their own; no money is made or lost."""
    gone = {line["lineId"]: line.get("quantity") for line in given["lines"]}
    stays: list[tuple[Row, F]] = []
    goes: list[tuple[Row, F]] = []
    for line, part in zip(order["lines"], parts_of_discount(order), strict=True):
        many = gone[line["id"]] or line["quantity"] if line["id"] in gone else NOTHING
        if many == line["quantity"]:
            goes.append((line | {"id": None}, part))
        elif many:
            kept, going = _divided(line, part, many, order["currency"])
            stays.append(kept)
            goes.append(going)
        else:
            stays.append((line, part))
    whole, base = order["total"], order["base"]
    _become(order, stays)
    copied = {name: deepcopy(value) for name, value in order.items() if name in _COPIED}
    new = new_order(model.number_of_new("orders"), **copied, split=order["id"])
    _become(new, goes)
    new["base"] = rounded(base * new["total"] / whole, "GBP") if whole else NOTHING
    order["base"] = base - new["base"]
    _write_split(model, order, new, by, given["reason"])
    return []


_COPIED = {
    *("type", "status", "customer", "level", "owner", "team", "reviewer", "currency", "included", "urgency"),
    *("expected", "placed", "tags", "notes", "addressed", "reachable", "shared"),
}


def _write_split(model: Model, order: Row, new: Row, by: str, reason: str) -> None:
    model.orders[new["id"]] = new
    model.number_lines(new)
    model.noted(new, None, by, reason)
    model.classify(new)
    model.others_may_change(new)
    model.noted(order, order["status"], by, reason)
    model.wrote(order, "order.updated")


def _divided(line: Row, part: F, many: F, currency: str) -> tuple[tuple[Row, F], tuple[Row, F]]:
    """What stays and what goes of a line: the pieces that go take their part, what stays has the rest."""
    share = many / line["quantity"]
    discount, going_part = (towards_zero(amount * share, currency) for amount in (line["discount"], part))
    going = line | {"id": None, "quantity": many, "discount": discount}
    going |= {name: rounded(line[name] * share, currency) for name in ("net", "tax")}
    left = line["quantity"] - many
    most = towards_zero(left * line["price"], currency)
    kept = line | {"quantity": left, "discount": min(line["discount"] - discount, most)}
    kept |= {name: line[name] - going[name] for name in ("net", "tax")}
    return (kept, part - going_part), (going, going_part)


def _become(order: Row, lines: list[tuple[Row, F]]) -> None:
    order["lines"] = [line for line, _ in lines]
    add_up(order)
    discount = sum((part for _, part in lines), NOTHING)
    order["discount"] = min(discount, bearable(order["lines"], discount, order["currency"]))
