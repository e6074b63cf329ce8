"""What is wrong with an order by itself, all of it at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from domain.contact import ContactDetails, PostalAddress
from domain.errors import InvalidInput
from domain.orders.entry import NewLine, NewOrder, new_order_problems
from domain.orders.life_cycle import LineKind, OrderType

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LINE = NewLine(product_id=1, quantity=Decimal(1))
ORDER = NewOrder(currency="GBP", lines=[LINE])


def problems(order: NewOrder) -> list[tuple[str, str]]:
    return [(".".join(error.path), error.problem) for error in faults(order)]


def faults(order: NewOrder) -> list[InvalidInput]:
    return list(new_order_problems(order, now=NOW, placed_on=NOW.date()))


def with_line(**changes: Any) -> NewOrder:
    return replace(ORDER, lines=[replace(LINE, **changes)])


def test_a_plain_order_is_fine() -> None:
    assert problems(ORDER) == []


def test_everything_is_told_at_once() -> None:
    order = NewOrder(
        currency="GBP",
        external_id=" 7",
        customer_name="",
        contact=ContactDetails(email="nobody"),
        ship_to=PostalAddress(street="1 High St", country="XX"),
        lines=[LINE, NewLine(quantity=Decimal(0), unit_price=Decimal(-1), discount=Decimal("0.001"))],
        discount=Decimal("-1"),
        total=Decimal("1.999"),
        placed_at=NOW + timedelta(days=2),
        tags=["a", "a"],
        notes="\0",
    )
    assert problems(order) == [
        ("input.externalId", "surrounded_by_space"),
        ("input.channelId", "channel_needed"),
        ("input.customerName", "blank"),
        ("input.contact.email", "not_an_email"),
        ("input.shipTo.country", "unknown_country"),
        ("input.lines.1.productId", "product_needed"),
        ("input.lines.1.quantity", "zero"),
        ("input.lines.1.unitPrice", "negative"),
        ("input.lines.1.discount", "too_many_decimals"),
        ("input.discount", "negative"),
        ("input.total", "too_many_decimals"),
        ("input.placedAt", "too_late"),
        ("input.tags.1", "duplicate"),
        ("input.notes", "forbidden_character"),
    ]


def test_an_order_has_one_to_500_lines() -> None:
    assert problems(replace(ORDER, lines=[])) == [("input.lines", "line_needed")]
    assert problems(replace(ORDER, lines=[LINE] * 500)) == []
    assert problems(replace(ORDER, lines=[NewLine(quantity=Decimal(0))] * 501)) == [("input.lines", "too_many")]


def test_an_unknown_currency_is_told_once() -> None:
    order = replace(with_line(discount=Decimal("0.001")), currency="DEM", discount=Decimal("0.001"))
    assert problems(order) == [("input.currency", "unknown_currency")]


@pytest.mark.parametrize(
    ("order_type", "quantity", "found"),
    [
        (OrderType.NEW, "1", []),
        (OrderType.NEW, "-1", ["negative"]),
        (OrderType.RENEWAL, "-1", ["negative"]),
        (OrderType.RETURN, "-1", []),
        (OrderType.RETURN, "1", ["not_negative"]),
        (OrderType.EXCHANGE, "-1", []),
    ],
)
def test_what_comes_back_is_negative(order_type: OrderType, quantity: str, found: Sequence[str]) -> None:
    original = None if order_type in {OrderType.NEW, OrderType.RENEWAL} else 1
    order = replace(with_line(quantity=Decimal(quantity)), type=order_type, original_order_id=original)
    assert problems(order) == [("input.lines.0.quantity", problem) for problem in found]


def test_a_discount_has_the_sign_of_what_it_is_taken_from() -> None:
    assert problems(with_line(discount=Decimal("-1"))) == [("input.lines.0.discount", "negative")]
    back = replace(with_line(quantity=Decimal(-1), discount=Decimal(1)), type=OrderType.RETURN, original_order_id=1)
    assert problems(replace(back, discount=Decimal(1))) == [
        ("input.lines.0.discount", "not_negative"),
        ("input.discount", "not_negative"),
    ]


def test_of_an_exchange_a_product_comes_back() -> None:
    exchange = replace(with_line(quantity=Decimal(1)), type=OrderType.EXCHANGE, original_order_id=1)
    assert problems(exchange) == [("input.lines", "returned_line_needed")]
    [sent] = exchange.lines
    assert problems(replace(exchange, lines=[sent, replace(sent, quantity=Decimal(-1))])) == []
    freight = NewLine(kind=LineKind.SHIPPING, quantity=Decimal(-1), name="Freight", unit_price=Decimal(1))
    assert problems(replace(exchange, lines=[sent, freight])) == [("input.lines", "returned_line_needed")]


def test_only_returns_and_exchanges_have_an_original_order() -> None:
    assert problems(replace(ORDER, original_order_id=1)) == [("input.originalOrderId", "original_not_expected")]
    exchange = replace(with_line(quantity=Decimal(-1)), type=OrderType.EXCHANGE)
    assert problems(exchange) == [("input.originalOrderId", "original_needed")]


def test_a_product_is_named_once() -> None:
    assert problems(with_line(sku="A")) == [("input.lines.0.sku", "product_named_twice")]
    assert problems(with_line(product_id=None, sku="A")) == []


def test_a_charge_without_a_product_says_what_and_how_much() -> None:
    shipping = NewLine(kind=LineKind.SHIPPING, quantity=Decimal(1))
    assert problems(replace(ORDER, lines=[shipping])) == [
        ("input.lines.0.name", "missing"),
        ("input.lines.0.unitPrice", "missing"),
    ]
    assert problems(replace(ORDER, lines=[replace(shipping, name="Post", unit_price=Decimal("3.5"))])) == []


@pytest.mark.parametrize(
    ("placed_at", "found"),
    [
        (NOW + timedelta(days=1), []),
        (NOW + timedelta(days=1, milliseconds=1), ["too_late"]),
        (datetime(1970, 1, 1, tzinfo=UTC), []),
        (datetime(1, 1, 1, tzinfo=UTC), ["too_early"]),
    ],
)
def test_an_order_is_placed_at_most_a_day_ahead(placed_at: datetime, found: Sequence[str]) -> None:
    assert problems(replace(ORDER, placed_at=placed_at)) == [("input.placedAt", problem) for problem in found]


def test_moments_in_limits_are_written_like_any_other_moment() -> None:
    now = datetime(2026, 11, 22, 2, 38, 34, 161000, tzinfo=timezone(timedelta(hours=1)))
    late = replace(ORDER, placed_at=now + timedelta(days=2))
    [error] = new_order_problems(late, now=now, placed_on=now.date())
    assert (error.problem, error.limit) == ("too_late", "2026-11-23T01:38:34.161Z")
    [error] = faults(replace(ORDER, placed_at=datetime(1969, 12, 31, tzinfo=UTC)))
    assert (error.problem, error.limit) == ("too_early", "1970-01-01T00:00:00.000Z")


def test_no_day_before_the_placement_can_be_required() -> None:
    too_early = InvalidInput(path=("input", "requiredBy"), problem="too_early", limit="2026-03-02")
    assert faults(replace(ORDER, required_by=date(2026, 3, 1))) == [too_early]
    assert faults(replace(ORDER, required_by=date(2026, 3, 2))) == []
