"""Changing what an order is about: whose it is, where it comes from, which lines it has."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.contact import ContactDetails, PostalAddress
from domain.customer_entry import CustomerChanges
from domain.customers import CustomerLevel
from domain.errors import AlreadyExists, InvalidInput, NotEditable, NotFound
from domain.orders.edited_lines import EditedLine
from domain.orders.editing import OrderChanges
from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import Customer, CustomerAddress, CustomerContact, Order, OrderLine, OutboxEvent, Product, User
from models.connection import pool
from services.customers.update import update_customer
from tests.factories import (
    make_channel,
    make_customer,
    make_order,
    make_product,
    make_rate,
    make_region,
    make_team,
    make_user,
)
from tests.integration.order_change import change, edited, line_ids, refused
from tests.integration.writes import refusals, viewing

pytestmark = pytest.mark.usefixtures("database")
ADDRESS = PostalAddress(street="1 High St", country="GB")


@pytest.fixture
async def rep() -> User:
    return await make_user(Role.REP, team=await make_team())


@pytest.fixture
async def product() -> Product:
    return await make_product("TEA", price="2.50")


@pytest.fixture
async def wrong(rep: User) -> Customer:
    return await make_customer(name="Acme", owner=rep, region=await make_region())


@pytest.fixture
async def right(rep: User) -> Customer:
    return await make_customer(name="Byrne", owner=rep, region=await make_region(), level=CustomerLevel.VIP)


@pytest.fixture
async def order(rep: User, product: Product, wrong: Customer) -> Order:
    order = await make_order(owner=rep, customer=wrong, lines=[(product, "2")], region_id=wrong.region_id)
    return await change(rep, order, OrderChanges(ship_to=ADDRESS, contact=ContactDetails(name="Li")))


async def copies(order: Order) -> dict[str, object]:
    names = ("customer_id", "customer_name", "customer_level", "region_id", "contact_name", "ship_to")
    return await Order.get(id=order.id).values(*names)


async def test_a_wrong_customer_is_corrected_with_all_that_the_order_says_of_it(
    rep: User, order: Order, right: Customer
) -> None:
    await CustomerContact.create(customer=right, name="Byrne himself")
    await change(rep, order, OrderChanges(customer_id=right.id), version=2)
    assert await copies(order) == {
        "customer_id": right.id,
        "customer_name": "Byrne",
        "customer_level": CustomerLevel.VIP,
        "region_id": right.region_id,
        "contact_name": "Byrne himself",
        "ship_to": None,
    }
    event = await OutboxEvent.filter(aggregate_id=order.id).order_by("-seq").first()
    assert event is not None
    assert {"customerId", "customerName", "customerLevel", "regionId", "shipTo"} <= set(event.payload["changed"])


async def test_what_is_given_with_the_customer_is_what_the_order_says(
    rep: User, order: Order, right: Customer, wrong: Customer
) -> None:
    changes = OrderChanges(customer_id=right.id, customer_name="B.", ship_to=ADDRESS, region_id=wrong.region_id)
    await change(rep, order, changes, version=2)
    after = await copies(order)
    assert (after["customer_name"], after["region_id"], after["contact_name"]) == ("B.", wrong.region_id, None)
    assert isinstance(after["ship_to"], dict)


async def test_what_was_written_for_a_walk_in_stays_when_the_customer_is_known(
    rep: User, product: Product, right: Customer
) -> None:
    order = await make_order(owner=rep, lines=[(product, "2")], customer_name="B.", contact_name="Li")
    await CustomerContact.create(customer=right, name="Byrne himself")
    await CustomerAddress.create(customer=right, kind="SHIPPING", street="1 Quay", country="GB")
    await change(rep, order, OrderChanges(customer_id=right.id))
    after = await copies(order)
    assert (after["customer_name"], after["contact_name"], after["region_id"]) == ("B.", "Li", right.region_id)
    assert isinstance(after["ship_to"], dict)
    assert after["ship_to"]["street"] == "1 Quay"
    assert after["customer_level"] == CustomerLevel.VIP


async def test_without_its_customer_an_order_is_a_walk_ins(rep: User, order: Order, wrong: Customer) -> None:
    await change(rep, order, OrderChanges(customer_id=None), version=2)
    after = await copies(order)
    assert [after[name] for name in ("customer_id", "customer_name", "customer_level", "ship_to")] == [None] * 4
    assert after["region_id"] == wrong.region_id


async def test_a_customer_must_be_seen_to_be_named_but_not_to_stay(rep: User, order: Order) -> None:
    foreign = await make_customer(name="Foreign", owner=await make_user(Role.REP, team=await make_team()))
    unseen = (NotFound(path=("input", "customerId")),)
    for customer_id in (foreign.id, 404):
        assert await refusals(change(rep, order, OrderChanges(customer_id=customer_id), version=2)) == unseen
    await Order.filter(id=order.id).update(customer_id=foreign.id)
    assert (await change(rep, order, OrderChanges(customer_id=foreign.id, notes="x"), version=2)).notes == "x"


async def test_the_customer_of_an_order_under_way_stays(rep: User, product: Product, right: Customer) -> None:
    order = await make_order(OrderStatus.APPROVED, owner=rep, lines=[(product, "2")])
    found = await refused(rep, order, OrderChanges(customer_id=right.id))
    assert found == [NotEditable(path=("input", "customerId"), status="APPROVED")]


async def test_a_level_that_changes_meanwhile_reaches_the_order(rep: User, order: Order, right: Customer) -> None:
    viewer = await viewing(rep)
    level = CustomerChanges(level=CustomerLevel.KEY_ACCOUNT)
    await asyncio.gather(
        change(rep, order, OrderChanges(customer_id=right.id), version=2),
        update_customer(viewer=viewer, customer_id=right.id, expected_version=1, changes=level),
    )
    assert (await copies(order))["customer_level"] == CustomerLevel.KEY_ACCOUNT


async def test_counts_follow_the_customer(rep: User, order: Order, right: Customer) -> None:
    await pool().execute("DELETE FROM order_count_delta")
    await change(rep, order, OrderChanges(customer_id=right.id), version=2)
    deltas = await pool().fetch(
        "SELECT customer_level, region_id, orders::int FROM order_count_delta WHERE orders <> 0 ORDER BY orders"
    )
    assert [(row["customer_level"], row["region_id"] == right.region_id, row["orders"]) for row in deltas] == [
        ("REGULAR", False, -1),
        ("VIP", True, 1),
    ]


async def test_where_an_order_came_from_can_be_corrected(rep: User, order: Order, product: Product) -> None:
    shop = await make_channel()
    needed = [InvalidInput(path=("input", "channelId"), problem="channel_needed")]
    assert list(await refusals(change(rep, order, OrderChanges(external_id="A1"), version=2))) == needed
    changed = await change(rep, order, OrderChanges(channel_id=shop.id, external_id="A1"), version=2)
    assert changed.external_id == "A1"
    other = await make_order(owner=rep, lines=[(product, "1")])
    taken = (AlreadyExists(path=("input", "externalId")),)
    assert await refusals(change(rep, other, OrderChanges(channel_id=shop.id, external_id="A1"))) == taken


async def test_another_day_of_placement_has_its_own_rate(rep: User, product: Product) -> None:
    await make_rate("USD", "0.5", date="2026-03-01")
    await make_rate("USD", "0.9", date="2026-02-01")
    order = await make_order(owner=rep, lines=[(product, "1")], currency="USD")
    changed = await change(rep, order, OrderChanges(placed_at=datetime(2026, 2, 2, tzinfo=UTC)))
    assert (str(changed.total), str(changed.base_total)) == (str(order.total), "2.70")


async def test_lines_that_are_named_keep_their_ids(rep: User, product: Product) -> None:
    cup = await make_product("CUP", price="4.00")
    order = await make_order(owner=rep, lines=[(product, "2"), (cup, "1"), (product, "5")])
    first, second, third = await line_ids(order)
    lines = [EditedLine(id=third), edited(cup, "7"), EditedLine(id=first, quantity=Decimal(3))]
    await change(rep, order, OrderChanges(lines=lines))
    after = await OrderLine.filter(order_id=order.id).order_by("position")
    assert [(row.id if row.id <= third else "new", str(row.quantity)) for row in after] == [
        (third, "5"),
        ("new", "7"),
        (first, "3"),
    ]
    assert second not in {row.id for row in after}
    same = OrderChanges(lines=[EditedLine(id=row.id) for row in after])
    assert (await change(rep, order, same, version=2)).version == 2


async def test_lines_that_change_places_are_a_change(rep: User, product: Product) -> None:
    order = await make_order(owner=rep, lines=[(product, "2"), (product, "2")])
    ids = await line_ids(order)
    changed = await change(rep, order, OrderChanges(lines=[EditedLine(id=row_id) for row_id in reversed(ids)]))
    assert (changed.version, await line_ids(order)) == (2, ids[::-1])


async def test_a_discount_alone_leaves_the_lines_their_ids(rep: User, order: Order) -> None:
    before = await line_ids(order)
    await change(rep, order, OrderChanges(discount=Decimal(1)), version=2)
    assert await line_ids(order) == before


async def test_a_line_of_another_order_is_not_there(rep: User, order: Order, product: Product) -> None:
    [foreign] = await line_ids(await make_order(owner=rep, lines=[(product, "1")]))
    found = await refusals(change(rep, order, OrderChanges(lines=[EditedLine(id=foreign)]), version=2))
    assert found == (NotFound(path=("input", "lines", "0", "id")),)
