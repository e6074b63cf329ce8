"""Lines take from their products what they leave out."""

from dataclasses import replace
from decimal import Decimal

from domain.errors import DomainError, InvalidInput, NotFound, TotalMismatch
from domain.orders.amounts import LineTerms
from domain.orders.entry import NewLine
from domain.orders.life_cycle import LineKind
from domain.orders.lines import Catalogue, ProductFacts, complete, completion_problems, pricing_problems

TEA = ProductFacts(
    id=7, sku="TEA", name="Tea", price=Decimal("2.50"), currency="GBP", tax_rate=Decimal("0.2"), active=True
)
CUP = NewLine(sku="TEA", quantity=Decimal("2.0"))
TERMS = LineTerms(quantity=Decimal(2), unit_price=Decimal(5), discount=Decimal(1), tax_rate=Decimal(0))


def incomplete(line: NewLine, *products: ProductFacts, currency: str = "GBP") -> list[DomainError]:
    return list(completion_problems([line], Catalogue(products), currency=currency))


def faults(*lines: LineTerms, discount: str = "0", total: str | None = None) -> list[DomainError]:
    typed = Decimal(total) if total is not None else None
    return list(pricing_problems(lines, discount=Decimal(discount), total=typed, tax_included=False, currency="GBP"))


def test_a_line_takes_name_price_and_tax_from_its_product() -> None:
    line = complete(CUP, TEA, currency="GBP")
    assert (line.product_id, line.sku, line.name) == (7, "TEA", "Tea")
    assert line.terms == LineTerms(
        quantity=Decimal(2), unit_price=Decimal("2.5"), discount=Decimal(0), tax_rate=Decimal("0.2")
    )
    assert str(line.terms.discount) == "0.00"


def test_what_is_typed_counts_before_what_the_product_says() -> None:
    typed = replace(CUP, name="Green tea", unit_price=Decimal(0), tax_rate=Decimal(0))
    line = complete(typed, TEA, currency="USD")
    assert line.name == "Green tea"
    assert line.terms.unit_price == line.terms.tax_rate == 0


def test_a_product_without_tax_rate_is_not_taxed() -> None:
    assert complete(CUP, replace(TEA, tax_rate=None), currency="GBP").terms.tax_rate == 0


def test_a_product_that_is_not_there_is_told_at_the_name_it_was_given() -> None:
    assert incomplete(CUP) == [NotFound(path=("input", "lines", "0", "sku"))]
    by_id = NewLine(product_id=8, quantity=Decimal(1))
    assert incomplete(by_id, TEA) == [NotFound(path=("input", "lines", "0", "productId"))]


def test_a_list_price_in_another_currency_is_no_price() -> None:
    needed = [InvalidInput(path=("input", "lines", "0", "unitPrice"), problem="price_needed")]
    assert incomplete(CUP, TEA, currency="USD") == needed
    assert incomplete(CUP, replace(TEA, price=None, currency=None)) == needed
    assert incomplete(replace(CUP, unit_price=Decimal(3)), TEA, currency="USD") == []


def test_an_inactive_product_only_comes_back_or_stays() -> None:
    gone = replace(TEA, active=False)
    assert incomplete(CUP, gone) == [InvalidInput(path=("input", "lines", "0", "sku"), problem="product_inactive")]
    assert incomplete(replace(CUP, quantity=Decimal(-1)), gone) == []
    assert list(completion_problems([CUP], Catalogue([gone], frozenset({7})), currency="GBP")) == []


def test_a_charge_needs_no_product() -> None:
    charge = NewLine(kind=LineKind.SHIPPING, quantity=Decimal(1), name="Post", unit_price=Decimal("3.50"))
    assert incomplete(charge) == []
    line = complete(charge, None, currency="GBP")
    assert (line.kind, line.product_id, line.sku, line.name) == (LineKind.SHIPPING, None, None, "Post")


def test_a_line_discount_is_at_most_its_amount() -> None:
    assert faults(replace(TERMS, discount=Decimal(10))) == []
    beyond = InvalidInput(path=("input", "lines", "0", "discount"), problem="discount_beyond_amount", limit="10")
    assert faults(replace(TERMS, discount=Decimal("10.01"))) == [beyond]
    back = replace(TERMS, quantity=Decimal(-2), discount=Decimal("-10.01"))
    assert faults(back) == [replace(beyond, limit="-10")]


def test_an_order_discount_is_at_most_what_the_lines_come_to() -> None:
    assert faults(TERMS, discount="9") == []
    assert faults(TERMS, discount="9.01") == [
        InvalidInput(path=("input", "discount"), problem="discount_beyond_amount", limit="9.00")
    ]


def test_amounts_are_bounded() -> None:
    huge = LineTerms(quantity=Decimal(10**9), unit_price=Decimal(10**7), discount=Decimal(0), tax_rate=Decimal(0))
    assert [error.path for error in faults(huge)] == [("input", "lines", "0", "unitPrice")]
    large = replace(huge, unit_price=Decimal(10**6))
    assert faults(large) == []
    assert [error.path for error in faults(large, large)] == [("input", "lines")]


def test_a_typed_total_is_ours_or_refused() -> None:
    assert faults(TERMS, total="9") == []
    [mismatch] = faults(TERMS, total="8.1")
    assert mismatch == TotalMismatch(
        path=("input", "total"), given=Decimal("8.10"), computed=Decimal("9.00"), currency="GBP"
    )
    assert (str(mismatch.given), str(mismatch.computed)) == ("8.10", "9.00")
