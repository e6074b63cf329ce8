"""What can come back of an order."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from domain.errors import InvalidInput
from domain.orders.amounts import price_order
from domain.orders.entry import NewLine, NewOrder
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.orders.lines import Catalogue, ProductFacts, complete
from domain.orders.returned import Pieces, Worth
from domain.orders.returns import (
    Original,
    at_original_terms,
    inherit,
    original_problems,
    quantity_problems,
    refund_problems,
)
from domain.ownership import Ownership


def product(number: int, sku: str) -> ProductFacts:
    return ProductFacts(
        id=number, sku=sku, name=sku, price=Decimal(99), currency="GBP", tax_rate=Decimal("0.1"), active=True
    )


def sold(of: ProductFacts, quantity: str, price: str) -> Pieces:
    net = Decimal(quantity) * Decimal(price)
    return Pieces(
        product_id=of.id,
        quantity=Decimal(quantity),
        worth=Worth(net, net / 5),
        unit_price=Decimal(price),
        tax_rate=Decimal("0.2"),
    )


def came(of: int, quantity: str, net: str = "0") -> Pieces:
    return Pieces(product_id=of, quantity=Decimal(quantity), worth=Worth(Decimal(net), Decimal(0)))


TEA, CUP, POT = product(1, "TEA"), product(2, "CUP"), product(3, "POT")
CATALOGUE = Catalogue([TEA, CUP, POT])
ORIGINAL = Original(
    status=OrderStatus.COMPLETED,
    currency="GBP",
    tax_included=False,
    total=Decimal("24.00"),
    channel_id=5,
    customer_id=6,
    customer_name="Acme",
    region_id=7,
    ownership=Ownership(owner_id=None, team_id=None),
    sold=[sold(TEA, "3", "5"), sold(CUP, "1", "1"), sold(TEA, "1", "4")],
    came_back=[],
)
RETURN = NewOrder(currency="GBP", lines=[], type=OrderType.RETURN, original_order_id=1)


def back(sku: str, quantity: str) -> NewLine:
    return NewLine(sku=sku, quantity=Decimal(quantity))


def told(*lines: NewLine, came_back: Mapping[int, str] | None = None) -> list[tuple[str, str, str]]:
    gone = [came(number, quantity) for number, quantity in (came_back or {}).items()]
    found = quantity_problems(lines, CATALOGUE, replace(ORIGINAL, came_back=gone))
    return [(".".join(error.path[2:]), error.problem, error.limit) for error in found]


def test_what_was_sold_on_all_lines_together_may_come_back() -> None:
    assert told(back("TEA", "-4"), back("CUP", "-1")) == []
    assert told(back("TEA", "-4.5")) == [("0.quantity", "return_beyond_sold", "4")]


def test_lines_of_one_product_count_together() -> None:
    by_id = NewLine(product_id=1, quantity=Decimal(-2))
    assert told(back("TEA", "-3"), by_id) == [("1.quantity", "return_beyond_sold", "1")]
    assert told(back("TEA", "-9"), back("TEA", "-4")) == [("0.quantity", "return_beyond_sold", "4")]


def test_what_came_back_before_cannot_come_back_again() -> None:
    assert told(back("TEA", "-1"), came_back={1: "3"}) == []
    assert told(back("TEA", "-2"), came_back={1: "3"}) == [("0.quantity", "return_beyond_sold", "1")]
    assert told(back("TEA", "-1"), came_back={1: "5"}) == [("0.quantity", "return_beyond_sold", "0")]


def test_what_was_never_sold_cannot_come_back() -> None:
    assert told(back("POT", "-1")) == [("0.sku", "not_in_original", "")]
    assert told(NewLine(product_id=3, quantity=Decimal(-1))) == [("0.productId", "not_in_original", "")]


def test_what_goes_out_in_an_exchange_is_not_measured() -> None:
    assert told(back("TEA", "-4"), back("TEA", "50"), back("POT", "1")) == []


def test_what_comes_back_has_the_price_and_tax_that_it_was_sold_at() -> None:
    lines = [back("TEA", "-1"), back("TEA", "1"), back("POT", "-1"), replace(back("CUP", "-1"), unit_price=Decimal(3))]
    completed = at_original_terms(lines, CATALOGUE, ORIGINAL, tax_included=False)
    assert [(line.unit_price, line.tax_rate) for line in completed] == [
        (Decimal(5), Decimal("0.2")),
        (None, None),
        (None, None),
        (Decimal(3), Decimal("0.2")),
    ]
    [line] = at_original_terms([back("TEA", "-1")], CATALOGUE, ORIGINAL, tax_included=True)
    assert line.unit_price is None


def refund(*lines: NewLine, refunded: str = "0") -> list[InvalidInput]:
    original = replace(ORIGINAL, came_back=[came(1, "1", refunded)])
    ordered = [complete(line, CATALOGUE.of(line), currency="GBP") for line in lines]
    priced = price_order(
        [line.terms for line in ordered], discount=Decimal(0), tax_included=False, currency=original.currency
    )
    return list(refund_problems(ordered, priced, original))


def priced(quantity: str, price: str) -> NewLine:
    return replace(back("TEA", quantity), unit_price=Decimal(price), tax_rate=Decimal("0.2"))


def test_at_most_what_was_paid_is_refunded() -> None:
    assert refund(priced("-1", "20")) == []
    beyond = InvalidInput(path=("input", "total"), problem="return_beyond_paid", limit="24.00")
    assert refund(priced("-1", "20.01")) == [beyond]
    assert refund(priced("-1", "10"), refunded="12") == []
    assert refund(priced("-1", "10"), refunded="12.01") == [replace(beyond, limit="11.99")]
    assert refund(priced("-1", "1"), refunded="30") == [replace(beyond, limit="0.00")]


def test_new_goods_do_not_raise_what_old_ones_are_worth() -> None:
    assert refund(priced("-1", "20"), priced("1", "100")) == []
    assert [error.problem for error in refund(priced("-1", "100"), priced("1", "100"))] == ["return_beyond_paid"]


def test_a_return_is_of_the_originals_customer() -> None:
    differs = InvalidInput(path=("input", "customerId"), problem="original_customer_differs")
    assert list(original_problems(replace(RETURN, customer_id=8), ORIGINAL)) == [differs]
    assert list(original_problems(replace(RETURN, customer_id=8), replace(ORIGINAL, customer_id=None))) == [differs]
    assert list(original_problems(replace(RETURN, customer_id=6), ORIGINAL)) == []


def test_a_return_has_from_its_original_what_it_leaves_out() -> None:
    of = inherit(RETURN, replace(ORIGINAL, tax_included=True))
    assert (of.channel_id, of.customer_id, of.customer_name, of.region_id, of.tax_included) == (5, 6, "Acme", 7, True)
    assert of.external_id is None
    typed = replace(RETURN, channel_id=1, customer_id=6, customer_name="A", region_id=2, tax_included=True)
    assert inherit(typed, ORIGINAL) == typed
