"""What orders come to, in fractions: nothing is ever rounded but where the documents say so."""

from fractions import Fraction
from math import floor
from typing import Any

F = Fraction
"""Amounts and quantities."""
DIGITS = {"GBP": 2, "JPY": 0}
RATES = {"GBP": F(1), "JPY": F(53, 10_000)}
"""What one unit is worth in GBP, the company's currency."""
NOTHING = F(0)
Row = dict[str, Any]


def number(text: object) -> F:
    """A number as JSON has it."""
    return F(str(text))


def text(value: F) -> str:
    """A number that decimals can hold, as people write it."""
    for digits in range(12):
        if (scaled := value * 10**digits).denominator == 1:
            sign, whole = "-" * (value < 0), str(abs(scaled.numerator)).rjust(digits + 1, "0")
            return sign + whole[: len(whole) - digits] + ("." + whole[-digits:]) * bool(digits)
    raise ValueError(value)


def rounded(value: F, currency: str) -> F:
    """To whole units, half away from zero."""
    unit = F(1, 10 ** DIGITS[currency])
    return (floor(abs(value) / unit + F(1, 2)) * unit) * (-1 if value < 0 else 1)


def towards_zero(value: F, currency: str) -> F:
    """To whole units, never more than it was."""
    unit = F(1, 10 ** DIGITS[currency])
    return floor(abs(value) / unit) * unit * (-1 if value < 0 else 1)


def too_fine(value: F, currency: str) -> bool:
    """Whether an amount has digits that the currency lacks."""
    return (value * 10 ** DIGITS[currency]).denominator != 1


def line_amount(line: Row, currency: str) -> F:
    """What a line comes to before tax and the order's discount."""
    return rounded(line["quantity"] * line["price"] - line["discount"], currency)


def bearable(lines: list[Row], discount: F, currency: str) -> F:
    """The largest discount of this sign that lines can carry."""
    amounts = [line_amount(line, currency) for line in lines]
    return sum((each for each in amounts if (each < 0) == (discount < 0)), NOTHING)


def spread(total: F, over: list[F], currency: str) -> list[F]:
    """`total` by the weights of its sign, in whole units; what is left goes to the largest remainders, one each."""
    units = 10 ** DIGITS[currency]
    sign, left = (-1 if total < 0 else 1), int(abs(total) * units)
    weights = [int(max(each * sign, 0) * units) for each in over]
    exact = [F(left * weight, sum(weights)) if left else NOTHING for weight in weights]
    shares = [floor(each) for each in exact]
    by_remainder = sorted(range(len(over)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_remainder[: left - sum(shares)]:
        shares[place] += 1
    return [F(sign * share, units) for share in shares]


def parts_of_discount(order: Row) -> list[F]:
    """How the order's discount falls on its lines."""
    amounts = [line_amount(line, order["currency"]) for line in order["lines"]]
    return spread(order["discount"], amounts, order["currency"])


def price(order: Row) -> None:
    """Write into the order what it and its lines come to, by their terms."""
    currency = order["currency"]
    for line, part in zip(order["lines"], parts_of_discount(order), strict=True):
        left, rate = line_amount(line, currency) - part, line["rate"]
        if order["included"]:
            line["tax"] = rounded(left * rate / (1 + rate), currency)
            line["net"] = left - line["tax"]
        else:
            line["net"], line["tax"] = left, rounded(left * rate, currency)
    add_up(order)
    order["base"] = rounded(order["total"] * RATES[currency], "GBP")


def add_up(order: Row) -> None:
    """Write into the order what its lines come to together."""
    order["net"] = sum((line["net"] for line in order["lines"]), NOTHING)
    order["tax"] = sum((line["tax"] for line in order["lines"]), NOTHING)
    order["total"] = order["net"] + order["tax"]


def faults_of_price(lines: list[Row], discount: F, currency: str) -> list[tuple[str, str]]:
    """Discounts beyond what they are taken from: those of lines, and if these are sound that of the order."""
    beyond = "discount_beyond_amount"
    faults = []
    for place, line in enumerate(lines):
        amount = line["quantity"] * line["price"]
        if not min(amount, 0) <= line["discount"] <= max(amount, 0):
            faults.append((f"input.lines.{place}.discount", beyond))
    if not faults and abs(discount) > abs(bearable(lines, discount, currency)):
        faults.append(("input.discount", beyond))
    return faults
