"""Amounts are exact, and every part of a sum is somewhere."""

from decimal import ROUND_DOWN, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.currencies import DIGITS, UNITS
from domain.money import convert, is_currency, round_money, spread

currencies = st.sampled_from(["GBP", "JPY", "KWD", "CLF"])
amounts = st.decimals(min_value=-(10**15), max_value=10**15, places=6)
cents = st.integers(min_value=0, max_value=10**17)


def in_units(units: int, currency: str) -> Decimal:
    return Decimal(units).scaleb(-DIGITS[currency])


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "GBP", "0.01"),
        ("-0.005", "GBP", "-0.01"),
        ("0.0049999", "GBP", "0.00"),
        ("2.5", "JPY", "3"),
        ("-2.5", "JPY", "-3"),
        ("0.0005", "KWD", "0.001"),
        ("1", "CLF", "1.0000"),
        ("1E+3", "GBP", "1000.00"),
    ],
)
def test_money_is_rounded_half_away_from_zero(amount: str, currency: str, rounded: str) -> None:
    assert str(round_money(Decimal(amount), currency)) == rounded


def test_there_is_no_negative_nothing() -> None:
    assert str(round_money(Decimal("-0.001"), "GBP")) == "0.00"


@given(amounts, currencies)
def test_rounding_is_symmetrical_and_near(amount: Decimal, currency: str) -> None:
    rounded = round_money(amount, currency)
    assert rounded == -round_money(-amount, currency)
    assert abs(rounded - amount) <= UNITS[currency] / 2
    assert rounded.as_tuple().exponent == -DIGITS[currency]


def test_a_narrow_context_of_the_caller_loses_no_digits() -> None:
    with localcontext() as context:
        context.prec, context.rounding = 3, ROUND_DOWN
        assert str(round_money(Decimal("123456789012345.675"), "GBP")) == "123456789012345.68"
        assert str(convert(Decimal("123456789012345.67"), Decimal("1.5"), "GBP")) == "185185183518518.51"
        assert spread(Decimal("99999.99"), [Decimal("99999.98"), Decimal("0.02")], "GBP") == [
            Decimal("99999.97"),
            Decimal("0.02"),
        ]


def test_equal_remainders_are_given_to_the_earlier_ones() -> None:
    ones = [Decimal("1.00")] * 3
    assert spread(Decimal("0.02"), ones, "GBP") == [Decimal("0.01"), Decimal("0.01"), Decimal("0.00")]


def test_the_largest_remainders_get_the_odd_units() -> None:
    weights = [Decimal("2.00"), Decimal("1.00"), Decimal("4.00")]  # due 1.43, 0.71 and 2.86 of 5 pence
    assert spread(Decimal("0.05"), weights, "GBP") == [Decimal("0.01"), Decimal("0.01"), Decimal("0.03")]


def test_only_weights_of_the_same_sign_get_a_share() -> None:
    weights = [Decimal("-5.00"), Decimal("3.00")]
    assert spread(Decimal("1.00"), weights, "GBP") == [Decimal("0.00"), Decimal("1.00")]
    assert spread(Decimal("-1.00"), weights, "GBP") == [Decimal("-1.00"), Decimal("0.00")]


def test_more_than_there_is_cannot_be_spread() -> None:
    with pytest.raises(ValueError, match="more to spread"):
        spread(Decimal("1.01"), [Decimal("1.00")], "GBP")


@given(st.lists(cents, min_size=1, max_size=20), st.data(), currencies, st.booleans())
def test_what_is_spread_adds_up_and_no_share_exceeds_its_weight(
    units: list[int], data: st.DataObject, currency: str, negative: bool
) -> None:
    sign = -1 if negative else 1
    total = data.draw(st.integers(min_value=0, max_value=sum(units)))
    weights = [sign * in_units(unit, currency) for unit in units]
    shares = spread(sign * in_units(total, currency), weights, currency)
    assert sum(shares) == sign * in_units(total, currency)
    for share, weight, unit in zip(shares, weights, units, strict=True):
        assert 0 <= sign * share <= sign * weight
        exact = Decimal(total) * unit / sum(units) if total else Decimal(0)
        assert abs(sign * share / UNITS[currency] - exact) < 1


def test_currencies_have_the_digits_of_iso_4217() -> None:
    assert {code: DIGITS[code] for code in ("GBP", "CNY", "JPY", "KRW", "BHD", "CLF", "ISK", "HUF")} == {
        "GBP": 2,
        "CNY": 2,
        "JPY": 0,
        "KRW": 0,
        "BHD": 3,
        "CLF": 4,
        "ISK": 0,
        "HUF": 2,
    }
    assert not any(is_currency(code) for code in ("XXX", "XAU", "DEM", "gbp", "", "£"))
    assert all(len(code) == 3 and code.isupper() for code in DIGITS)
