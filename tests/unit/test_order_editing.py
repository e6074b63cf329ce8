"""What may be changed of an order, and until when."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.contact import ContactDetails
from domain.errors import DomainError, InvalidInput, NotEditable
from domain.orders.edited_lines import EditedLine
from domain.orders.editing import OrderChanges, Standing, change_problems
from domain.orders.life_cycle import OrderStatus, OrderType, Urgency

LINES = OrderChanges(lines=[EditedLine(product_id=1, quantity=Decimal(1))])
SNAPSHOTS = [
    LINES,
    OrderChanges(channel_id=None),
    OrderChanges(external_id=None),
    OrderChanges(customer_id=1),
    OrderChanges(placed_at=datetime(2026, 3, 2, tzinfo=UTC)),
    OrderChanges(customer_name=None),
    OrderChanges(contact=ContactDetails(name="Li")),
    OrderChanges(ship_to=None),
    OrderChanges(bill_to=None),
    OrderChanges(region_id=None),
    OrderChanges(tax_included=True),
    OrderChanges(discount=Decimal(0)),
    OrderChanges(total=Decimal(1)),
    OrderChanges(urgency=Urgency.HIGH),
]
DETAILS = [OrderChanges(notes="Ring twice"), OrderChanges(tags=["gift"]), OrderChanges(required_by=None)]
UNTIL_SHIPPED = {
    *(OrderStatus.DRAFT, OrderStatus.PENDING_REVIEW, OrderStatus.NEEDS_INFO, OrderStatus.APPROVED),
    *(OrderStatus.PICKING, OrderStatus.BACKORDERED, OrderStatus.PACKED),
}


def problems(changes: OrderChanges, status: OrderStatus) -> list[DomainError]:
    order = Standing(
        status=status,
        type=OrderType.NEW,
        currency="GBP",
        channel_id=None,
        external_id=None,
        required_by=date(2026, 3, 4),
        placed_on=date(2026, 3, 2),
    )
    return list(change_problems(changes, order, now=datetime(2026, 3, 2, tzinfo=UTC)))


def editable(changes: OrderChanges, status: OrderStatus) -> bool:
    found = problems(changes, status)
    assert all(isinstance(error, NotEditable) and error.status == status for error in found)
    return not found


@pytest.mark.parametrize("status", OrderStatus)
def test_what_is_reviewed_and_packed_changes_in_drafts_and_on_request_only(status: OrderStatus) -> None:
    expected = status in {OrderStatus.DRAFT, OrderStatus.NEEDS_INFO}
    assert {editable(changes, status) for changes in SNAPSHOTS} == {expected}


@pytest.mark.parametrize("status", OrderStatus)
def test_notes_tags_and_required_date_change_until_shipped(status: OrderStatus) -> None:
    assert {editable(changes, status) for changes in DETAILS} == {status in UNTIL_SHIPPED}


def test_a_refusal_names_the_field() -> None:
    changes = OrderChanges(customer_name="Li", notes="Ring twice")
    assert problems(changes, OrderStatus.PACKED) == [NotEditable(path=("input", "customerName"), status="PACKED")]


def test_new_values_are_looked_at_like_those_of_a_new_order() -> None:
    changes = OrderChanges(external_id="1", discount=Decimal("0.001"), tags=["a", "a"], notes=" ")
    assert [".".join(error.path) for error in problems(changes, OrderStatus.DRAFT)] == [
        "input.channelId",
        "input.discount",
        "input.tags.1",
        "input.notes",
    ]


def test_no_day_before_the_placement_can_be_required() -> None:
    too_early = InvalidInput(path=("input", "requiredBy"), problem="too_early", limit="2026-03-02")
    assert problems(OrderChanges(required_by=date(2026, 3, 1)), OrderStatus.DRAFT) == [too_early]
    assert problems(OrderChanges(required_by=date(2026, 3, 2)), OrderStatus.DRAFT) == []


def test_setting_to_nothing_is_a_change_and_leaving_out_is_none() -> None:
    assert OrderChanges().mentioned == ()
    assert OrderChanges(notes=None, tags=[]).mentioned == ("tags", "notes")


@pytest.mark.parametrize("changes", [LINES, OrderChanges(discount=Decimal(0)), OrderChanges(tax_included=False)])
def test_what_touches_money_is_priced_again(changes: OrderChanges) -> None:
    assert changes.reprice
    assert not OrderChanges(notes="x").reprice
