"""What an order comes to."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.currencies import DIGITS, UNITS
from domain.money import round_money
from domain.orders.amounts import LineTerms, PricedOrder, discountable, line_amount, price_order

rates = st.decimals(min_value=0, max_value=1, places=6)
quantities = st.decimals(min_value="0.000001", max_value=10**9, places=6)
prices = st.decimals(min_value=0, max_value=10**12, places=6)
currencies = st.sampled_from(["GBP", "JPY", "KWD", "CLF"])


def terms(quantity: str, unit_price: str, *, discount: str = "0", tax_rate: str = "0.2") -> LineTerms:
    return LineTerms(
        quantity=Decimal(quantity),
        unit_price=Decimal(unit_price),
        discount=Decimal(discount),
        tax_rate=Decimal(tax_rate),
    )


def price(*lines: LineTerms, discount: str = "0", tax_included: bool = False, currency: str = "GBP") -> PricedOrder:
    return price_order(lines, discount=Decimal(discount), tax_included=tax_included, currency=currency)


def negated(line: LineTerms) -> LineTerms:
    return LineTerms(
        quantity=-line.quantity, unit_price=line.unit_price, discount=-line.discount, tax_rate=line.tax_rate
    )


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[LineTerms], Decimal, str]:
    """Lines of a sale, a discount that they can carry, and their currency."""
    currency = draw(currencies)
    lines = [
        LineTerms(
            quantity=draw(quantities),
            unit_price=draw(prices),
            discount=Decimal(0),
            tax_rate=draw(rates),
        )
        for _ in range(draw(st.integers(min_value=1, max_value=8)))
    ]
    room = int(discountable(lines, discount=Decimal(0), currency=currency) / UNITS[currency])
    discount = Decimal(draw(st.integers(min_value=0, max_value=room))).scaleb(-DIGITS[currency])
    return lines, discount, currency


def test_tax_comes_on_top_of_the_rounded_net() -> None:
    priced = price(terms("3", "0.335"))
    assert (str(priced.lines[0].net), str(priced.lines[0].tax), str(priced.lines[0].gross)) == ("1.01", "0.20", "1.21")


def test_included_tax_is_taken_out_of_the_gross() -> None:
    priced = price(terms("1", "9.99"), tax_included=True)
    assert (str(priced.net_total), str(priced.tax_total), str(priced.total)) == ("8.32", "1.67", "9.99")


def test_a_line_discount_counts_before_rounding() -> None:
    assert str(price(terms("3", "0.335", discount="0.01")).net_total) == "1.00"


def test_the_order_discount_falls_on_shipping_too() -> None:
    goods, shipping = terms("1", "90"), terms("1", "10", tax_rate="0")
    priced = price(goods, shipping, discount="10")
    assert [str(line.order_discount) for line in priced.lines] == ["9.00", "1.00"]
    assert [str(line.net) for line in priced.lines] == ["81.00", "9.00"]
    assert str(priced.tax_total) == "16.20"


def test_an_exchange_spreads_its_discount_over_what_goes_out() -> None:
    priced = price(terms("-1", "30"), terms("1", "50"), discount="5")
    assert [str(line.net) for line in priced.lines] == ["-30.00", "45.00"]
    assert str(priced.total) == "18.00"


def test_a_currency_without_digits_has_none_in_its_amounts() -> None:
    priced = price(terms("3", "33.5"), currency="JPY")
    assert (str(priced.net_total), str(priced.tax_total), str(priced.total)) == ("101", "20", "121")


def test_huge_orders_lose_no_digits() -> None:
    priced = price(terms("999999999.999999", "999999.999999", tax_rate="0.123456"))
    assert str(priced.net_total) == "999999999998999.00"
    assert str(priced.tax_total) == "123455999999876.42"


def test_a_discount_beyond_the_lines_is_no_price() -> None:
    with pytest.raises(ValueError, match="more to spread"):
        price(terms("1", "10"), discount="10.01")


@given(orders(), st.booleans())
def test_sums_are_those_of_the_lines(order: tuple[list[LineTerms], Decimal, str], tax_included: bool) -> None:
    lines, discount, currency = order
    priced = price_order(lines, discount=discount, tax_included=tax_included, currency=currency)
    assert priced.total == priced.net_total + priced.tax_total == sum(line.gross for line in priced.lines)
    assert priced.net_total == sum(line.net for line in priced.lines)
    assert priced.tax_total == sum(line.tax for line in priced.lines)
    for line in priced.lines:
        assert line.net + line.tax == line.gross
        for amount in (line.net, line.tax, line.gross, line.order_discount):
            assert amount.as_tuple().exponent == -DIGITS[currency]


@given(orders(), st.booleans())
def test_a_discount_is_spread_in_full_and_none_beyond_its_line(
    order: tuple[list[LineTerms], Decimal, str], tax_included: bool
) -> None:
    lines, discount, currency = order
    priced = price_order(lines, discount=discount, tax_included=tax_included, currency=currency)
    assert sum(line.order_discount for line in priced.lines) == discount
    for line, before in zip(priced.lines, lines, strict=True):
        assert 0 <= line.order_discount <= line_amount(before, currency)
        left = line.gross if tax_included else line.net
        assert left == line_amount(before, currency) - line.order_discount


@given(orders(), st.booleans())
def test_a_return_of_everything_undoes_the_order_exactly(
    order: tuple[list[LineTerms], Decimal, str], tax_included: bool
) -> None:
    lines, discount, currency = order
    sold = price_order(lines, discount=discount, tax_included=tax_included, currency=currency)
    returned = price_order(
        [negated(line) for line in lines], discount=-discount, tax_included=tax_included, currency=currency
    )
    assert (returned.net_total, returned.tax_total) == (-sold.net_total, -sold.tax_total)
    assert [line.gross for line in returned.lines] == [-line.gross for line in sold.lines]


@given(orders())
def test_included_tax_is_the_rate_on_the_net_to_the_nearest_unit(order: tuple[list[LineTerms], Decimal, str]) -> None:
    lines, discount, currency = order
    priced = price_order(lines, discount=discount, tax_included=True, currency=currency)
    for line, before in zip(priced.lines, lines, strict=True):
        rate = before.tax_rate.as_integer_ratio()
        scaled = int(line.gross / UNITS[currency])
        exact_numerator, exact_denominator = scaled * rate[0], rate[0] + rate[1]
        tax = int(line.tax / UNITS[currency])
        assert abs(2 * (tax * exact_denominator - exact_numerator)) <= exact_denominator


@given(orders())
def test_tax_on_top_is_the_rounded_rate_on_the_net(order: tuple[list[LineTerms], Decimal, str]) -> None:
    lines, discount, currency = order
    priced = price_order(lines, discount=discount, tax_included=False, currency=currency)
    for line, before in zip(priced.lines, lines, strict=True):
        numerator, denominator = before.tax_rate.as_integer_ratio()
        units = int(line.net / UNITS[currency]) * numerator
        assert int(line.tax / UNITS[currency]) == (2 * units + denominator) // (2 * denominator)
    assert round_money(priced.total, currency) == priced.total
