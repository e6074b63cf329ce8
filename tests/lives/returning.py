"""What comes back of an order: what was paid for it, cumulatively, so that the last piece has the remainder."""

from math import ceil, floor

from tests.lives.model import Faults
from tests.lives.sums import DIGITS, NOTHING, RATES, F, Row, add_up, line_amount, parts_of_discount, rounded

PARTS = ("net", "tax")


def sold_at(original: Row, product: str | None) -> tuple[F, F] | None:
    """The highest price of the lines that sold a product, and the rate of the first."""
    sold = _sold(original, product) if product else []
    return (max(line["price"] for line in sold), sold[0]["rate"]) if sold else None


def value_as_sold(order: Row, original: Row, back: list[Row]) -> list[Row]:
    """Lines at the price and rate they were sold at have the discount that leaves what was paid: those lines, with
    what they are worth under `worth`."""
    valued = []
    for line in order["lines"]:
        terms = sold_at(original, line["product"]) if order["included"] == original["included"] else None
        if line["quantity"] < 0 and terms == (line["price"], line["rate"]) and not line["discount"]:
            worth = {part: _value(part, line, original, [*back, *valued]) for part in PARTS}
            line["discount"] = _discount(line, worth, order)
            valued.append({"product": line["product"], "quantity": line["quantity"], "of": line, **worth})
    return valued


def write_worth(order: Row, valued: list[Row]) -> None:
    """Into lines on which the order's own discount does not fall."""
    parts = parts_of_discount(order)
    for line, part in zip(order["lines"], parts, strict=True):
        for worth in (each for each in valued if each["of"] is line and not part):
            line["net"], line["tax"] = worth["net"], worth["tax"]
    add_up(order)
    order["base"] = rounded(order["total"] * RATES[order["currency"]], "GBP")


def faults_of_worth(order: Row, valued: list[Row], original: Row, back: list[Row]) -> Faults:
    """Lines whose own terms make them worth more than was paid for so many pieces, or than is left of it."""
    inherited = [each["of"] for each in valued]
    faults, taken = [], [*back, *inherited]
    for place, line in enumerate(order["lines"]):
        if line["quantity"] >= 0 or any(line is each for each in inherited):
            continue
        for part, named in zip(PARTS, ("unitPrice", "taxRate"), strict=True):
            if -line[part] > _most(part, line, original, taken):
                faults.append((f"input.lines.{place}.{named}", "return_beyond_paid"))
                break
        taken.append(line)
    return faults


def _sold(original: Row, product: str | None) -> list[Row]:
    return [line for line in original["lines"] if line["product"] == product and line["quantity"] > 0]


def _paid(part: str, original: Row, product: str | None) -> F:
    return sum((line[part] for line in _sold(original, product)), NOTHING)


def _left(part: str, original: Row, product: str | None, back: list[Row]) -> F:
    gone = sum((line[part] for line in back if line["product"] == product), NOTHING)
    return max(_paid(part, original, product) + gone, NOTHING)


def _value(part: str, line: Row, original: Row, back: list[Row]) -> F:
    """What the line's pieces are worth, below zero."""
    product, unit = line["product"], F(1, 10 ** DIGITS[original["currency"]])
    each = _paid(part, original, product) / sum(sold["quantity"] for sold in _sold(original, product))
    before = [other for other in back if other["product"] == product]
    used = NOTHING
    for other in before:
        fair = -other["quantity"] * each / unit
        least, most, worth = floor(fair) * unit, ceil(fair) * unit, -other[part]
        used += worth if least - 2 * unit <= worth <= most + 2 * unit else min(max(worth, least), most)
    pieces = -sum((other["quantity"] for other in before), NOTHING) - line["quantity"]
    worth = max(rounded(pieces * each, original["currency"]) - used, NOTHING)
    if pieces < sum(sold["quantity"] for sold in _sold(original, product)):
        fair = -line["quantity"] * each / unit
        worth = min(max(worth, floor(fair) * unit), ceil(fair) * unit)
    return -min(worth, _left(part, original, product, back))


def _most(part: str, line: Row, original: Row, back: list[Row]) -> F:
    left = _left(part, original, line["product"], back)
    if line["product"] is None:
        return left
    unit = F(1, 10 ** DIGITS[original["currency"]])
    dearest = max(sold[part] / sold["quantity"] for sold in _sold(original, line["product"]))
    return min(ceil(-line["quantity"] * dearest / unit) * unit, left)


def _discount(line: Row, worth: Row, order: Row) -> F:
    whole = line["quantity"] * line["price"]
    amount = -worth["net"] - worth["tax"] * order["included"]
    return min(max(line_amount(line, order["currency"]) + amount, whole), NOTHING)
