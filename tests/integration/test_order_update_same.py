"""Changing an order: what counts as a change, and which days can be required."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.contact import ContactDetails, PostalAddress
from domain.errors import InvalidInput
from domain.orders.editing import OrderChanges
from domain.orders.life_cycle import OrderStatus, Urgency
from domain.people import Role
from models import Order, OutboxEvent, Product, User
from tests.factories import make_order, make_product, make_team, make_user
from tests.integration.order_change import change, edited, line_ids, refused

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def rep() -> User:
    return await make_user(Role.REP, team=await make_team())


@pytest.fixture
async def product() -> Product:
    return await make_product("TEA", price="2.50")


async def test_what_stays_as_it_is_can_be_sent_at_any_time(rep: User, product: Product) -> None:
    order = await make_order(
        OrderStatus.COMPLETED,
        owner=rep,
        lines=[(product, "2")],
        customer_name="Li",
        notes="x",
        tags=["gift"],
        required_by=date(2026, 1, 1),
        contact_name="Li",
        ship_to={"street": "1 High St", "country": "GB"}
        | dict.fromkeys(("recipient", "phone", "city", "province", "postcode")),
    )
    same = OrderChanges(
        customer_name="Li",
        notes="x",
        tags=("gift",),
        urgency=Urgency.NORMAL,
        required_by=date(2026, 1, 1),
        contact=ContactDetails(name="Li"),
        ship_to=PostalAddress(street="1 High St", country="GB"),
        bill_to=None,
        region_id=None,
        tax_included=False,
        discount=Decimal(0),
        lines=[edited(product, "2.0", name=product.name, unit_price=Decimal("2.5"))],
        total=Decimal(6),
    )
    before, lines = await Order.get(id=order.id).values(), await line_ids(order)
    await change(rep, order, same)
    assert (await Order.get(id=order.id).values(), await line_ids(order)) == (before, lines)
    assert not await OutboxEvent.exists()
    found = await refused(rep, order, replace(same, notes="y", lines=[edited(product, "3")]))
    assert [(error.path[1], error.code.value) for error in found] == [
        ("lines", "NOT_EDITABLE"),
        ("total", "NOT_EDITABLE"),
        ("notes", "NOT_EDITABLE"),
    ]


async def test_no_day_before_the_placement_can_be_required(rep: User, product: Product) -> None:
    placed_at = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # the next day in a London summer
    order = await make_order(owner=rep, lines=[(product, "1")], placed_at=placed_at)
    too_early = InvalidInput(path=("input", "requiredBy"), problem="too_early", limit="2026-06-02")
    assert await refused(rep, order, OrderChanges(required_by=date(2026, 6, 1))) == [too_early]
    await change(rep, order, OrderChanges(required_by=date(2026, 6, 2)))
