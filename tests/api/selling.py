"""A company with two teams that sell, for tests of what people see."""

from dataclasses import dataclass

from domain.customers import CustomerLevel
from domain.people import Role
from models import Customer, Order, Team, User
from tests.api.conftest import Client
from tests.factories import make_customer, make_order, make_product, make_team, make_user


@dataclass
class Company:
    """Two teams below north, and south. Ann sells in Leeds, Bob in the south, Mia manages the north, Ada everything.

    `crossed` is Ann's order for Bob's customer; `unowned` belongs to nobody.
    """

    leeds: Team
    ann: User
    bob: User
    mia: User
    ada: User
    anns_customer: Customer
    bobs_customer: Customer
    anns: Order
    bobs: Order
    crossed: Order
    unowned: Order


async def make_company() -> Company:
    """The company, in an empty database."""
    north = await make_team("North")
    leeds, south = await make_team("Leeds", parent=north), await make_team("South")
    ann, bob = await make_user(Role.REP, name="Ann", team=leeds), await make_user(Role.REP, name="Bob", team=south)
    anns_customer = await make_customer(name="Ann's customer", owner=ann)
    bobs_customer = await make_customer(name="Bob's customer", owner=bob, level=CustomerLevel.KEY_ACCOUNT)
    product = await make_product(price="100.00")
    return Company(
        leeds=leeds,
        ann=ann,
        bob=bob,
        mia=await make_user(Role.MANAGER, name="Mia", team=north),
        ada=await make_user(Role.ADMIN, name="Ada"),
        anns_customer=anns_customer,
        bobs_customer=bobs_customer,
        anns=await make_order(owner=ann, customer=anns_customer, lines=[(product, "1")]),
        bobs=await make_order(owner=bob, customer=bobs_customer, lines=[(product, "2")]),
        crossed=await make_order(owner=ann, customer=bobs_customer, lines=[(product, "4")]),
        unowned=await make_order(lines=[(product, "8")]),
    )


async def orders(client: Client, as_: User, arguments: str = "first: 250") -> set[int]:
    """The numbers of the orders in a list; its count and nodes agree."""
    document = f"{{ orders({arguments}) {{ totalCount nodes {{ id }} edges {{ node {{ id }} }} }} }}"
    page = (await client.data(document, as_=as_))["orders"]
    assert page["nodes"] == [edge["node"] for edge in page["edges"]]
    if "after" not in arguments:
        assert page["totalCount"] == len(page["nodes"])
    return {int(node["id"].removeprefix("ord_")) for node in page["nodes"]}
