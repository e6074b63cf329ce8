"""Entering an order: who may, whose it is, and what comes back."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.contact import ContactDetails, PostalAddress
from domain.errors import NotPermitted
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.people import Role
from models import CustomerAddress, CustomerContact, Order, OrderStatusChange, Product, Team, User
from services.orders.create import create_order
from tests.factories import make_customer, make_order, make_product, make_rate, make_team, make_user
from tests.integration.order_entry import enter, refused, simple
from tests.integration.writes import COMPANY, line, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def team() -> Team:
    return await make_team()


@pytest.fixture
async def rep(team: Team) -> User:
    return await make_user(Role.REP, team=team)


@pytest.fixture
async def product() -> Product:
    return await make_product("TEA", price="2.50")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.FULFILMENT, Role.SERVICE, Role.FINANCE])
async def test_other_roles_enter_no_orders(role: Role, team: Team, product: Product) -> None:
    user = await make_user(role, team=team)
    assert await refused(user, simple(product)) == [("", "NOT_PERMITTED")]


async def test_a_rep_names_no_other_owner(rep: User, team: Team, product: Product) -> None:
    colleague = await make_user(Role.REP, team=team)
    assert await refused(rep, simple(product, owner_id=colleague.id)) == [("input.ownerId", "NOT_PERMITTED")]
    assert await refused(rep, simple(product, owner_id=404)) == [("input.ownerId", "NOT_FOUND")]


async def test_a_manager_enters_for_the_team(team: Team, product: Product) -> None:
    manager = await make_user(Role.MANAGER, team=team)
    below = await make_team(parent=team)
    member, stranger = await make_user(Role.REP, team=below), await make_user(Role.REP, team=await make_team())
    row = await Order.get(id=(await enter(manager, simple(product, owner_id=member.id))).id).values()
    assert (row["owner_id"], row["team_id"]) == (member.id, below.id)
    assert await refusals(
        create_order(viewer=await viewing(manager), company=COMPANY, order=simple(product, owner_id=stranger.id))
    ) == (NotPermitted(path=("input", "ownerId")),)
    customer = await make_customer(owner=member)
    row = await Order.get(id=(await enter(manager, simple(product, customer_id=customer.id))).id).values()
    assert row["owner_id"] == member.id


async def test_an_admin_without_a_team_enters_an_order_of_nobody(product: Product) -> None:
    row = await Order.get(id=(await enter(await make_user(Role.ADMIN), simple(product))).id).values()
    assert (row["owner_id"], row["team_id"]) == (None, None)


async def test_a_return_is_requested_for_what_was_shipped(rep: User, product: Product) -> None:
    original = await make_order(OrderStatus.COMPLETED, owner=rep, lines=[(product, "5")])
    back = simple(product, type=OrderType.RETURN, original_order_id=original.id, lines=[line(product, "-2")])
    order = await enter(rep, back)
    assert (order.status, str(order.total)) == (OrderStatus.REQUESTED, "-6.00")
    made = await OrderStatusChange.get(order_id=order.id)
    assert (made.to_status, made.other_order_id) == (OrderStatus.REQUESTED, original.id)


async def test_only_what_was_shipped_comes_back_in_its_currency(rep: User, product: Product) -> None:
    await make_rate("USD", "0.8")
    draft = await make_order(OrderStatus.PACKED, owner=rep, lines=[(product, "1")])
    back = simple(
        product,
        type=OrderType.RETURN,
        original_order_id=draft.id,
        currency="USD",
        lines=[line(product, "-1", unit_price=Decimal(1))],
    )
    assert await refused(rep, back) == [
        ("input.originalOrderId", "original_not_shipped"),
        ("input.currency", "original_currency_differs"),
    ]
    foreign = await make_order(OrderStatus.SHIPPED, owner=await make_user(Role.REP, team=await make_team()))
    assert await refused(rep, replace(back, original_order_id=foreign.id)) == [("input.originalOrderId", "NOT_FOUND")]


async def test_what_is_left_out_of_contact_and_addresses_is_what_the_customer_entered_first(
    rep: User, product: Product
) -> None:
    customer = await make_customer(owner=rep)
    for name in ("Ann", "Bea"):
        await CustomerContact.create(customer=customer, name=name, email=f"{name}@shop.example")
        await CustomerAddress.create(customer=customer, kind="SHIPPING", street=f"{name} Street", country="GB")
    copied = await enter(rep, simple(product, customer_id=customer.id))
    assert (copied.contact_name, copied.contact_email, copied.bill_to) == ("Ann", "Ann@shop.example", None)
    assert copied.ship_to == dict.fromkeys(PostalAddress.__dataclass_fields__) | {
        "street": "Ann Street",
        "country": "GB",
    }
    given = {"contact": ContactDetails(phone="1"), "ship_to": PostalAddress(street="2 Quay", country="FR")}
    own = await enter(rep, simple(product, customer_id=customer.id, **given))
    assert (own.contact_name, own.contact_phone, own.ship_to["street"]) == (None, "1", "2 Quay")
