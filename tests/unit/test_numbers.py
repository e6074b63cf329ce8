"""What numbers are allowed."""

from collections.abc import Iterator
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import numbers
from domain.errors import InvalidInput
from domain.problems import Problem

AT = ("input", "x")


def keys(found: Iterator[InvalidInput]) -> list[str]:
    return [error.problem for error in found]


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ("1", []),
        ("-0.000001", []),
        ("1000000000", []),
        ("1000000000.000001", ["too_large"]),
        ("-1000000001", ["too_large"]),
        ("0.0000001", ["too_many_decimals"]),
        ("1E-999999", ["too_many_decimals"]),
        ("1E+999999", ["too_large"]),
        ("0", ["zero"]),
        ("NaN", ["not_a_number"]),
        ("-Infinity", ["not_a_number"]),
    ],
)
def test_a_quantity_is_bounded_and_not_zero(given: str, problems: list[str]) -> None:
    assert keys(numbers.quantity(AT, Decimal(given))) == problems


@pytest.mark.parametrize(
    ("given", "problems"), [("0", []), ("-0.01", ["negative"]), ("1000000000000.1", ["too_large"])]
)
def test_a_price_is_not_negative(given: str, problems: list[str]) -> None:
    assert keys(numbers.unit_price(AT, Decimal(given))) == problems


def test_a_list_price_has_the_digits_of_its_currency_and_a_unit_price_may_have_more() -> None:
    price = Decimal("0.125")
    assert keys(numbers.unit_price(AT, price)) == []
    assert keys(numbers.list_price(AT, price, "GBP")) == ["too_many_decimals"]
    assert keys(numbers.list_price(AT, price, "KWD")) == []


@pytest.mark.parametrize(("given", "problems"), [("0", []), ("1", []), ("1.1", ["too_large"]), ("-0.1", ["negative"])])
def test_a_tax_rate_is_a_fraction(given: str, problems: list[str]) -> None:
    assert keys(numbers.tax_rate(AT, Decimal(given))) == problems


def test_money_has_no_more_digits_than_its_currency() -> None:
    assert keys(numbers.money(AT, Decimal("-1.5"), "GBP")) == []
    assert list(numbers.money(AT, Decimal("1.500"), "GBP")) == [
        InvalidInput(path=AT, problem=Problem.TOO_MANY_DECIMALS, limit="2")
    ]
    assert keys(numbers.money(AT, Decimal("1.0"), "JPY")) == ["too_many_decimals"]


@pytest.mark.parametrize(("given", "kept"), [("1.500", "1.5"), ("1E+3", "1000"), ("-0.0", "0"), ("100", "100")])
def test_numbers_are_kept_plain(given: str, kept: str) -> None:
    assert str(numbers.plain(Decimal(given))) == kept


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=6))
def test_keeping_a_number_plain_keeps_its_value_whatever_the_context(number: Decimal) -> None:
    with localcontext() as context:
        context.prec = 2
        assert numbers.plain(number) == number
