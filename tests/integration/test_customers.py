"""Entering and changing customers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.customer_entry import CustomerChanges, NewCustomer
from domain.customer_parts import NewAddress, NewContact
from domain.customers import AddressKind, CustomerLevel, ValueClass
from domain.edited_parts import EditedAddress, EditedContact
from domain.errors import AlreadyExists, DomainError, InvalidInput, NotFound, NotPermitted, VersionConflict
from domain.orders.entry import NewOrder
from domain.people import Role
from models import Customer, CustomerAddress, CustomerContact, IdempotencyKey, Order, OutboxEvent, Team, User
from models.connection import TransactionClient
from services.clock import clock_set_to
from services.customers.create import create_customer
from services.customers.update import update_customer
from services.orders.create import create_order
from tests.factories import (
    make_channel,
    make_customer,
    make_order,
    make_product,
    make_region,
    make_team,
    make_user,
    share_customer,
)
from tests.integration.writes import COMPANY, events, line, overtaken, race, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")
PLACE = EditedAddress(kind=AddressKind.SHIPPING, street="1 High St", country="GB", city="Leeds")
ADDRESS = NewAddress(kind=AddressKind.SHIPPING, street="1 High St", country="GB", city="Leeds")


@pytest.fixture
async def team() -> Team:
    return await make_team()


@pytest.fixture
async def rep(team: Team) -> User:
    return await make_user(Role.REP, team=team)


@pytest.fixture
async def customer(rep: User) -> Customer:
    return await make_customer(owner=rep, name="Acme")


async def enter(user: User, *, key: str | None = None, **facts: Any) -> dict[str, Any]:
    """The row of the customer that `user` enters."""
    entered = NewCustomer(**({"name": "Acme"} | facts))
    customer_id = await create_customer(
        viewer=await viewing(user), company=COMPANY, customer=entered, idempotency_key=key
    )
    return await Customer.get(id=customer_id).values()


async def change(
    user: User, customer: Customer, *, version: int = 1, key: str | None = None, **changes: Any
) -> dict[str, Any]:
    """The row of the customer after `user` changed it."""
    customer_id = await update_customer(
        viewer=await viewing(user),
        customer_id=customer.id,
        expected_version=version,
        changes=CustomerChanges(**changes),
        idempotency_key=key,
    )
    assert customer_id == customer.id
    return await Customer.get(id=customer_id).values()


async def refused(user: User, customer: Customer, *, version: int = 1, **changes: Any) -> list[DomainError]:
    """Why `user` cannot change the customer, which stays as it was."""
    before = await Customer.get(id=customer.id).values()
    found = await refusals(change(user, customer, version=version, **changes))
    assert await Customer.get(id=customer.id).values() == before
    assert not await OutboxEvent.exists()
    return [*found]


async def people(customer: Customer) -> list[tuple[str, str | None]]:
    return [(row.name, row.email) for row in await CustomerContact.filter(customer=customer).order_by("id")]


async def test_a_customer_belongs_to_the_rep_who_enters_it(rep: User) -> None:
    moment = datetime(2026, 3, 3, 8, 0, 0, 5000, tzinfo=UTC)
    with clock_set_to(moment):
        row = await enter(rep)
    assert (row["owner_id"], row["team_id"], row["version"]) == (rep.id, rep.team_id, 1)
    assert (row["level"], row["value_class"], row["created_at"]) == ("REGULAR", "GENERAL", moment)
    assert await events("customer", row["id"]) == [(1, "customer.created")]
    assert row["last_seq"] == 1


async def test_everything_that_was_typed_is_kept(rep: User) -> None:
    channel, region = await make_channel(), await make_region()
    typed: dict[str, Any] = {
        "name": "上海某某有限公司",
        "level": CustomerLevel.KEY_ACCOUNT,
        "value_class": ValueClass.IMPORTANT,
        "industry": "Retail",
        "email": "office@acme.example",
        "phone": "+86 21 1234",
        "tax_id": "91310000X",
        "region_id": region.id,
        "channel_id": channel.id,
        "external_id": "C-7",
        "preferences": "Mornings\nonly",
        "tags": ["展会", "2026"],
        "birthday": date(1980, 2, 29),
        "contract_day": date(2027, 1, 1),
    }
    contacts = [NewContact(name="Li", title="Buyer", email="li@acme.example"), NewContact(name="Wang", phone="1")]
    row = await enter(rep, **typed, contacts=contacts, addresses=[ADDRESS])
    assert row | typed == row
    customer = await Customer.get(id=row["id"])
    assert await people(customer) == [("Li", "li@acme.example"), ("Wang", None)]
    address = await CustomerAddress.get(customer=customer)
    assert (address.kind, address.street, address.country, address.city) == ("SHIPPING", "1 High St", "GB", "Leeds")


async def test_all_problems_of_a_customer_are_told_at_once(rep: User) -> None:
    found = await refusals(
        enter(rep, name=" ", email="x", external_id="7", region_id=404, channel_id=None, owner_id=404)
    )
    assert sorted((".".join(error.path), error.code.value) for error in found) == [
        ("input.channelId", "INVALID_INPUT"),
        ("input.email", "INVALID_INPUT"),
        ("input.name", "INVALID_INPUT"),
        ("input.ownerId", "NOT_FOUND"),
        ("input.regionId", "NOT_FOUND"),
    ]
    assert not await Customer.exists()
    assert not await OutboxEvent.exists()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.FULFILMENT, Role.SERVICE, Role.FINANCE])
async def test_other_roles_enter_no_customers(role: Role, team: Team) -> None:
    assert await refusals(enter(await make_user(role, team=team))) == (NotPermitted(),)


async def test_a_manager_names_an_owner_in_the_team(team: Team, rep: User) -> None:
    manager = await make_user(Role.MANAGER, team=team)
    assert (await enter(manager, owner_id=rep.id))["owner_id"] == rep.id
    stranger = await make_user(Role.REP, team=await make_team())
    assert await refusals(enter(manager, owner_id=stranger.id)) == (NotPermitted(path=("input", "ownerId")),)
    gone = await make_user(Role.REP, team=team, active=False)
    assert await refusals(enter(manager, owner_id=gone.id)) == (
        InvalidInput(path=("input", "ownerId"), problem="owner_inactive"),
    )


async def test_of_racing_customers_with_one_external_id_one_wins(rep: User) -> None:
    channel = await make_channel()
    entry = [lambda: enter(rep, channel_id=channel.id, external_id="7")] * 5
    taken = (AlreadyExists(path=("input", "externalId")),)
    assert (await race(*entry)).count(taken) == 4
    assert await Customer.all().count() == await OutboxEvent.all().count() == 1
    other = await make_customer(owner=rep)
    await OutboxEvent.all().delete()
    assert await refused(rep, other, channel_id=channel.id, external_id="7") == [*taken]


async def test_twins_under_one_key_make_one_customer(rep: User) -> None:
    outcomes = await race(*[lambda: enter(rep, key="k", contacts=[NewContact(name="Li")])] * 10)
    assert len({row["id"] for row in outcomes if isinstance(row, dict)}) == 1
    assert await Customer.all().count() == await CustomerContact.all().count() == 1
    assert await IdempotencyKey.all().count() == 1


async def test_what_is_left_out_stays_and_what_is_null_is_emptied(rep: User, customer: Customer) -> None:
    before = await change(rep, customer, phone="1", industry="Retail", tags=["a"])
    row = await change(rep, customer, version=2, industry=None, tags=[])
    changed = {"industry": None, "tags": [], "version": 3, "last_seq": 2, "updated_at": row["updated_at"]}
    assert row == before | changed
    assert (await OutboxEvent.get(aggregate_id=customer.id, seq=2)).payload == {
        "version": 3,
        "changed": ["industry", "tags"],
        "by": rep.id,
    }


async def test_contacts_and_addresses_are_replaced_as_a_whole(rep: User, customer: Customer) -> None:
    await change(rep, customer, contacts=[EditedContact(name="Li"), EditedContact(name="Wang")], addresses=[PLACE])
    row = await change(rep, customer, version=2, contacts=[EditedContact(name="Wang"), EditedContact(name="Zhao")])
    assert row["version"] == 3
    assert await people(customer) == [("Wang", None), ("Zhao", None)]
    await change(rep, customer, version=3, contacts=[], addresses=[])
    assert (await people(customer), await CustomerAddress.exists()) == ([], False)


async def test_parts_that_are_named_keep_their_ids(rep: User, customer: Customer) -> None:
    await change(rep, customer, contacts=[EditedContact(name=name) for name in ("Li", "Wang", "Ng")], addresses=[PLACE])
    li, wang, ng = [row.id for row in await CustomerContact.all().order_by("id")]
    [place] = [row.id for row in await CustomerAddress.all()]
    contacts = [EditedContact(id=ng, title="Buyer"), EditedContact(name="Zhao"), EditedContact(id=li)]
    addresses = [EditedAddress(id=place, city="York")]
    await change(rep, customer, version=2, contacts=contacts, addresses=addresses)
    rows = await CustomerContact.all().order_by("id")
    assert [(row.id if row.id <= ng else "new", row.name, row.title) for row in rows] == [
        (li, "Li", None),
        (ng, "Ng", "Buyer"),
        ("new", "Zhao", None),
    ]
    [address] = await CustomerAddress.all()
    assert (address.id, address.street, address.city) == (place, "1 High St", "York")
    same = [EditedContact(id=row.id) for row in reversed(rows)]
    assert (await change(rep, customer, version=3, contacts=same))["version"] == 3
    gone = await refusals(change(rep, customer, version=3, contacts=[EditedContact(id=wang, name="Wang")]))
    assert gone == (NotFound(path=("input", "contacts", "0", "id")),)


async def test_what_changes_nothing_writes_nothing(rep: User, customer: Customer) -> None:
    contacts = [EditedContact(name="Li", email="li@x.example")]
    before = await change(rep, customer, contacts=contacts, addresses=[PLACE], tags=["a"], level=CustomerLevel.VIP)
    ids = [row.id for row in await CustomerContact.all()]
    same = await change(
        rep, customer, version=2, name="Acme", contacts=contacts, addresses=[PLACE], tags=["a"], industry=None
    )
    assert same == await change(rep, customer, version=2) == before
    assert [row.id for row in await CustomerContact.all()] == ids
    assert len(await events("customer", customer.id)) == 1


async def test_all_problems_of_a_change_are_told_at_once(rep: User, customer: Customer) -> None:
    found = await refused(rep, customer, name="", region_id=404, channel_id=404, contacts=[EditedContact(name="\0")])
    assert [(".".join(error.path), error.code.value) for error in found] == [
        ("input.name", "INVALID_INPUT"),
        ("input.contacts.0.name", "INVALID_INPUT"),
        ("input.channelId", "NOT_FOUND"),
        ("input.regionId", "NOT_FOUND"),
    ]


async def test_an_external_id_keeps_needing_its_channel(rep: User, customer: Customer) -> None:
    needed = [InvalidInput(path=("input", "channelId"), problem="channel_needed")]
    assert await refused(rep, customer, external_id="7") == needed
    channel = await make_channel()
    await change(rep, customer, external_id="7", channel_id=channel.id)
    await OutboxEvent.all().delete()
    assert await refused(rep, customer, version=2, channel_id=None) == needed


async def test_a_foreign_customer_is_not_there_and_a_shared_one_is_read_only(customer: Customer) -> None:
    stranger = await make_user(Role.REP, team=await make_team())
    assert await refused(stranger, customer, version=2, name="x") == [NotFound(path=("input", "id"))]
    await share_customer(customer, stranger)
    assert await refused(stranger, customer, version=2, name="x") == [NotPermitted(path=("input", "id"))]
    service = await make_user(Role.SERVICE, team=await make_team())
    assert await refused(service, customer, name="x") == [NotPermitted(path=("input", "id"))]


async def test_of_two_people_the_second_gets_a_conflict(rep: User, customer: Customer) -> None:
    outcomes = await race(*[lambda name=name: change(rep, customer, name=name) for name in "abcdefgh"])
    conflict = (VersionConflict(path=("input", "expectedVersion"), current_version=2),)
    assert outcomes.count(conflict) == 7
    row = await Customer.get(id=customer.id)
    assert [outcome["name"] for outcome in outcomes if isinstance(outcome, dict)] == [row.name]


async def test_a_retry_of_a_change_succeeds_instead_of_conflicting(rep: User, customer: Customer) -> None:
    rows = [await change(rep, customer, key="k", name="New") for _ in range(3)]
    assert [row["version"] for row in rows] == [2, 2, 2]


async def test_a_new_level_reaches_all_orders_and_keeps_their_versions(rep: User, customer: Customer) -> None:
    orders = [await make_order(owner=rep, customer=customer) for _ in range(3)]
    other = await make_order(owner=rep, customer=await make_customer(owner=rep))
    await change(rep, customer, level=CustomerLevel.KEY_ACCOUNT)
    rows = await Order.filter(id__in=[order.id for order in orders]).values("customer_level", "version")
    assert rows == [{"customer_level": CustomerLevel.KEY_ACCOUNT, "version": 1}] * 3
    assert (await Order.get(id=other.id)).customer_level == CustomerLevel.REGULAR


async def test_an_order_that_is_being_entered_gets_the_new_level(rep: User, customer: Customer) -> None:
    product, viewer = await make_product(), await viewing(rep)
    order = NewOrder(currency="GBP", customer_id=customer.id, lines=[line(product, unit_price=Decimal(1))])

    async def promote(client: TransactionClient) -> None:
        await Customer.filter(id=customer.id).using_db(client).update(level=CustomerLevel.VIP)

    outcome = await overtaken(lambda: create_order(viewer=viewer, company=COMPANY, order=order), promote)
    assert isinstance(outcome, int)
    assert (await Order.get(id=outcome)).customer_level == CustomerLevel.VIP


async def test_levels_and_orders_agree_however_they_race(rep: User, customer: Customer) -> None:
    product, viewer = await make_product(), await viewing(rep)
    order = NewOrder(currency="GBP", customer_id=customer.id, lines=[line(product)])
    levels = [CustomerLevel.VIP, CustomerLevel.REGULAR] * 3

    async def promote() -> int:
        for version, level in enumerate(levels, start=1):
            await change(rep, customer, version=version, level=level)
        return 0

    await race(promote, *[lambda: create_order(viewer=viewer, company=COMPANY, order=order)] * 12)
    kept = await Order.filter(customer=customer)
    assert [order.customer_level for order in kept] == [levels[-1]] * 12


async def test_nobody_is_born_in_the_future(rep: User, customer: Customer) -> None:
    too_late = InvalidInput(path=("input", "birthday"), problem="too_late", limit="2026-03-03")
    with clock_set_to(datetime(2026, 3, 3, 8, tzinfo=UTC)):
        assert await refused(rep, customer, birthday=date(2026, 3, 4)) == [too_late]
        assert await refusals(enter(rep, birthday=date(2026, 3, 4))) == (too_late,)
