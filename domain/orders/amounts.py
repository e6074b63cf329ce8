"""What an order comes to: net, tax and gross of each line and of the whole.

The amount of a line is `round(quantity * unit_price - discount)`. The order's discount is spread over the amounts of
the lines, shipping among them since it is a line like any other, before tax. What remains is the line's net, or its
gross where prices include tax.

What comes back has a negative quantity; its discount is negative too, so that taking two of five pieces back undoes
two fifths of the line (`domain.orders.returned`). In an exchange with lines of both signs, the order's discount falls
on those with its sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.money import exact, round_money, spread


@dataclass(frozen=True, kw_only=True)
class LineTerms:
    """What a line charges: `discount` in the order's currency, `tax_rate` as a fraction (0.2 is 20 %)."""

    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class PricedLine:
    """What a line comes to after its part of the order's discount, `order_discount`; `net` + `tax` = `gross`."""

    order_discount: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, kw_only=True)
class PricedOrder:
    """The lines in their order, and their sums; `net_total` + `tax_total` = `total`."""

    lines: tuple[PricedLine, ...]
    net_total: Decimal
    tax_total: Decimal
    total: Decimal


def line_amount(terms: LineTerms, currency: str) -> Decimal:
    """The amount of a line before any part of the order's discount, rounded to `currency`."""
    with exact():
        return round_money(terms.quantity * terms.unit_price - terms.discount, currency)


def discountable(lines: Sequence[LineTerms], *, discount: Decimal, currency: str) -> Decimal:
    """The largest discount with the sign of `discount` that these lines can carry."""
    amounts = [line_amount(line, currency) for line in lines]
    with exact():
        return sum((amount for amount in amounts if (amount < 0) == (discount < 0)), round_money(Decimal(0), currency))


def price_order(lines: Sequence[LineTerms], *, discount: Decimal, tax_included: bool, currency: str) -> PricedOrder:
    """Price `lines` with the order's `discount`, which must not exceed what is `discountable` (ValueError)."""
    amounts = [line_amount(line, currency) for line in lines]
    discounts = spread(discount, amounts, currency)
    with exact():
        priced = tuple(
            _price_line(amount, part, line.tax_rate, tax_included=tax_included, currency=currency)
            for line, amount, part in zip(lines, amounts, discounts, strict=True)
        )
    return add_up(priced, zero=round_money(Decimal(0), currency))


def add_up(lines: Sequence[PricedLine], *, zero: Decimal) -> PricedOrder:
    """What `lines` come to together; `zero` has the digits of their currency."""
    with exact():
        net_total = sum((line.net for line in lines), zero)
        tax_total = sum((line.tax for line in lines), zero)
        return PricedOrder(lines=tuple(lines), net_total=net_total, tax_total=tax_total, total=net_total + tax_total)


def _price_line(
    amount: Decimal, order_discount: Decimal, rate: Decimal, *, tax_included: bool, currency: str
) -> PricedLine:
    left = amount - order_discount
    if tax_included:
        tax = round_money(left * rate / (1 + rate), currency)
        return PricedLine(order_discount=order_discount, net=left - tax, tax=tax, gross=left)
    tax = round_money(left * rate, currency)
    return PricedLine(order_discount=order_discount, net=left, tax=tax, gross=left + tax)
