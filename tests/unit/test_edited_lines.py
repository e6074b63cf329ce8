"""Lines of an order that are changed: what of them stays."""

from decimal import Decimal
from typing import Any

import pytest

from domain.errors import InvalidInput, NotFound
from domain.orders.amounts import LineTerms
from domain.orders.edited_lines import EditedLine, edited_problems
from domain.orders.entry import NewLine
from domain.orders.life_cycle import LineKind
from domain.orders.lines import OrderedLine

TERMS = LineTerms(quantity=Decimal(2), unit_price=Decimal("2.5"), discount=Decimal(1), tax_rate=Decimal("0.2"))
TEA = OrderedLine(id=5, kind=LineKind.PRODUCT, product_id=1, sku="TEA", name="Green tea", terms=TERMS)
POST = OrderedLine(id=6, kind=LineKind.SHIPPING, product_id=None, sku=None, name="Post", terms=TERMS)
AS_IT_WAS: dict[str, Any] = {
    "kind": LineKind.PRODUCT,
    "product_id": 1,
    "name": "Green tea",
    "quantity": Decimal(2),
    "unit_price": Decimal("2.5"),
    "discount": Decimal(1),
    "tax_rate": Decimal("0.2"),
}
OF_THE_PRODUCT = ("name", "unit_price", "discount", "tax_rate")


def typed(before: OrderedLine | None = TEA, **given: Any) -> NewLine:
    return EditedLine(id=before.id if before else None, **given).typed(before)


def line(*, without: tuple[str, ...] = (), **given: Any) -> NewLine:
    return NewLine(**({name: value for name, value in AS_IT_WAS.items() if name not in without} | given))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, line()),
        ({"quantity": Decimal(3)}, line(quantity=Decimal(3))),
        ({"name": "Tea", "discount": Decimal(0)}, line(name="Tea", discount=Decimal(0))),
        ({"unit_price": None, "tax_rate": None}, line(without=("unit_price", "tax_rate"))),
        ({"product_id": 1}, line()),
        ({"sku": "TEA"}, line(without=("product_id",), sku="TEA")),
        ({"sku": "CUP"}, line(without=("product_id", *OF_THE_PRODUCT), sku="CUP")),
        ({"product_id": 2, "name": "Cup"}, line(without=OF_THE_PRODUCT, product_id=2, name="Cup")),
    ],
)
def test_what_a_line_that_stays_leaves_out_is_as_it_was(given: dict[str, Any], expected: NewLine) -> None:
    assert typed(**given) == expected


def test_a_charge_without_a_product_stays_one() -> None:
    kept: dict[str, Any] = {"kind": LineKind.SHIPPING, "product_id": None, "name": "Post"}
    assert typed(POST, quantity=Decimal(1)) == line(**kept, quantity=Decimal(1))


def test_a_new_line_has_nothing_but_what_is_typed() -> None:
    assert typed(None, sku="TEA", quantity=Decimal(1)) == NewLine(sku="TEA", quantity=Decimal(1))


def test_lines_that_are_not_there_or_come_twice_are_named() -> None:
    given = [EditedLine(id=5), EditedLine(id=7), EditedLine(id=5), EditedLine(sku="TEA")]
    assert list(edited_problems(given, {5: TEA})) == [
        NotFound(path=("input", "lines", "1", "id")),
        InvalidInput(path=("input", "lines", "2", "id"), problem="duplicate"),
        InvalidInput(path=("input", "lines", "3", "quantity"), problem="missing"),
    ]
