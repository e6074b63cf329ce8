"""What comes back is worth what was paid for it."""

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.orders.amounts import LineTerms, PricedOrder, line_amount, price_order
from domain.orders.life_cycle import LineKind
from domain.orders.lines import OrderedLine
from domain.orders.returned import Pieces, Returned, Worth, accounts, as_sold, at_worth, beyond_paid

GBP = "GBP"


def line(product: int | None, quantity: str, price: str, rate: str = "0.2", discount: str = "0") -> OrderedLine:
    terms = LineTerms(
        quantity=Decimal(quantity), unit_price=Decimal(price), discount=Decimal(discount), tax_rate=Decimal(rate)
    )
    return OrderedLine(kind=LineKind.PRODUCT, product_id=product, sku=None, name="", terms=terms)


def sold(lines: Sequence[OrderedLine], *, discount: str = "0", included: bool = False) -> list[Pieces]:
    priced = price_order(
        [each.terms for each in lines], discount=Decimal(discount), tax_included=included, currency=GBP
    )
    return pieces(lines, priced, 1)


def pieces(lines: Sequence[OrderedLine], priced: PricedOrder, sign: int) -> list[Pieces]:
    return [
        Pieces(
            product_id=each.product_id,
            quantity=sign * each.terms.quantity,
            worth=Worth(sign * amounts.net, sign * amounts.tax),
            unit_price=each.terms.unit_price,
            tax_rate=each.terms.tax_rate,
        )
        for each, amounts in zip(lines, priced.lines, strict=True)
    ]


def returned(
    lines: Sequence[OrderedLine], of: Sequence[Pieces], back: Sequence[Pieces] = (), *, included: bool = False
) -> tuple[list[Returned], PricedOrder]:
    valued = as_sold(lines, accounts(of, back, GBP), same_basis=True, tax_included=included)
    terms = [each.line.terms for each in valued]
    priced = price_order(terms, discount=Decimal(0), tax_included=included, currency=GBP)
    return valued, at_worth(priced, valued)


def beyond(lines: Sequence[OrderedLine], of: Sequence[Pieces], back: Sequence[Pieces] = ()) -> list[tuple[str, str]]:
    valued, priced = returned(lines, of, back)
    return [
        (".".join(each.problem().path[1:]), str(each.most))
        for each in beyond_paid(valued, priced, accounts(of, back, GBP), GBP)
    ]


def test_half_of_what_was_sold_at_a_discount_is_worth_half_of_what_was_paid() -> None:
    [half], priced = returned([line(1, "-1", "100", "0")], sold([line(1, "2", "100", "0")], discount="100"))
    assert (priced.total, half.line.terms.discount) == (Decimal("-50.00"), Decimal("-50.00"))


def test_the_last_of_odd_pieces_has_what_is_left() -> None:
    of, back, totals = sold([line(1, "7", "0.05", "0")], discount="0.02"), [], []
    for _ in range(7):
        valued, priced = returned([line(1, "-1", "0.05", "0")], of, back)
        back += pieces([each.line for each in valued], priced, -1)
        totals.append(str(priced.total))
    assert totals == ["-0.05", "-0.04", "-0.05", "-0.05", "-0.05", "-0.04", "-0.05"]


@settings(max_examples=40)
@given(data=st.data(), included=st.booleans())
def test_parts_in_any_order_come_to_what_was_paid_though_some_are_declined(data: st.DataObject, included: bool) -> None:
    rate = data.draw(st.sampled_from(["0", "0.05", "0.175", "0.2"]))
    prices = data.draw(st.lists(st.decimals("0.01", "90", places=data.draw(st.integers(2, 5))), min_size=1, max_size=2))
    wholes = [data.draw(st.integers(1, 9)) for _ in prices]
    lines = [line(1, str(whole), str(price), rate) for whole, price in zip(wholes, prices, strict=True)]
    most = sum(line_amount(each.terms, GBP) for each in lines)
    of = sold(lines, discount=str(data.draw(st.decimals(0, max(most, Decimal(0)), places=2))), included=included)
    highest, back, left = str(max(prices)), [], sum(wholes)
    while left:
        many = data.draw(st.integers(1, left))
        valued, priced = returned([line(1, str(-many), highest, rate)], of, back, included=included)
        [terms], [amounts] = [each.line.terms for each in valued], priced.lines
        share = amounts.gross if included else amounts.net
        assert terms.quantity * terms.unit_price <= terms.discount <= 0
        assert abs(line_amount(terms, GBP) - share) <= Decimal("0.01")
        back += pieces([valued[0].line], priced, -1)
        left -= many
        if len(back) in {2, 4} and data.draw(st.booleans()):
            left += int(back.pop(data.draw(st.integers(0, len(back) - 1))).quantity)
    for part in ("net", "tax"):
        assert sum(getattr(each.worth, part) for each in back) == sum(getattr(each.worth, part) for each in of)


def test_several_lines_of_one_return_take_one_after_the_other() -> None:
    of = sold([line(1, "3", "0.10", "0")], discount="0.01")
    _, priced = returned([line(1, "-1", "0.10", "0"), line(1, "-2", "0.10", "0")], of)
    assert [str(each.gross) for each in priced.lines] == ["-0.10", "-0.19"]


def test_own_terms_stay_and_take_no_more_than_was_paid_for_the_pieces() -> None:
    of = sold([line(1, "2", "100", "0.2")])
    assert beyond([line(1, "-1", "200")], of) == [("lines.0.unitPrice", "100.00")]
    assert beyond([line(1, "-1", "100", "1")], of) == [("lines.0.taxRate", "20.00")]
    assert beyond([line(1, "-1", "90", "0.2", "-10")], of) == []
    [kept], priced = returned([line(1, "-1", "90", "0.2", "-10")], of)
    assert (kept.worth, priced.total) == (None, Decimal("-96.00"))


def test_a_fee_that_was_kept_is_not_paid_back_with_the_next_piece() -> None:
    of = sold([line(1, "2", "100", "0")])
    fee = Pieces(product_id=1, quantity=Decimal(1), worth=Worth(Decimal("10.00"), Decimal("0.00")))
    _, priced = returned([line(1, "-1", "100", "0")], of, [fee])
    assert priced.total == Decimal("-100.00")


def test_of_two_lines_the_dearer_piece_may_come_back_at_its_price_and_then_the_rest() -> None:
    of = sold([line(1, "1", "5", "0"), line(1, "1", "4", "0")])
    assert beyond([line(1, "-1", "5.01", "0")], of) == [("lines.0.unitPrice", "5.00")]
    dear = Pieces(product_id=1, quantity=Decimal(1), worth=Worth(Decimal("5.00"), Decimal("0.00")))
    _, priced = returned([line(1, "-1", "5", "0")], of, [dear])
    assert priced.total == Decimal("-4.00")


def test_what_names_no_product_comes_back_for_what_was_paid_for_such_lines() -> None:
    of = sold([line(1, "2", "100", "0"), line(None, "1", "5", "0")])
    assert beyond([line(None, "-1", "5", "0")], of) == []
    assert beyond([line(None, "-1", "3", "0"), line(None, "-1", "3", "0")], of) == [("lines.1.unitPrice", "2.00")]
    assert beyond([line(None, "-1", "5", "0")], of[:1]) == [("lines.0.unitPrice", "0.00")]
