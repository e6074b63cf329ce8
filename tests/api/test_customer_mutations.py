"""customerCreate and customerUpdate: documents in, JSON out."""

from typing import Any

import pytest

from domain.people import Role
from models import Customer, Order, OutboxEvent, Team, User
from tests.api.conftest import Client
from tests.api.writing import CUSTOMER_CREATE, CUSTOMER_UPDATE, everything, payload, refused, told, written
from tests.factories import make_channel, make_customer, make_order, make_team, make_user, share_customer


@pytest.fixture
async def team(database: str) -> Team:  # noqa: ARG001  # emptied before
    return await make_team()


@pytest.fixture
async def rep(team: Team) -> User:
    return await make_user(Role.REP, team=team)


@pytest.fixture
async def customer(client: Client, rep: User) -> dict[str, Any]:
    """A customer with a contact, entered by the rep."""
    given = {"name": "Acme", "email": "office@acme.example", "contacts": [{"name": "Li"}], "tags": ["kept"]}
    return await written(client, CUSTOMER_CREATE, given, as_=rep)


def change(customer: dict[str, Any], version: int = 1, **fields: Any) -> dict[str, Any]:
    return {"id": customer["id"], "expectedVersion": version, **fields}


async def test_a_customer_belongs_to_whoever_enters_it(client: Client, rep: User, team: Team) -> None:
    given = {
        "name": "Acme",
        "level": "VIP",
        "birthday": "1970-02-28",
        "tags": ["大客户"],
        "contacts": [{"name": "Li", "email": "li@acme.example"}, {"name": "Jo"}],
        "addresses": [{"kind": "BILLING", "street": "1 High St\nFlat 2", "country": "GB"}],
    }
    made = await written(client, CUSTOMER_CREATE, given, as_=rep)
    assert made == {
        "id": made["id"],
        "version": 1,
        "name": "Acme",
        "level": "VIP",
        "valueClass": "GENERAL",
        "industry": None,
        "email": None,
        "tags": ["大客户"],
        "birthday": "1970-02-28",
        "owner": {"id": f"usr_{rep.id}"},
        "team": {"id": f"tem_{team.id}"},
        "contacts": [{"name": "Li", "email": "li@acme.example"}, {"name": "Jo", "email": None}],
        "addresses": [{"kind": "BILLING", "street": "1 High St\nFlat 2", "country": "GB"}],
    }


async def test_everything_that_is_wrong_with_a_new_customer_is_told_at_once(client: Client, rep: User) -> None:
    given = {
        "name": " ",
        "email": "office",
        "taxId": " 7",
        "externalId": "7",
        "regionId": "prd_1",
        "tags": ["a", "a"],
        "contacts": [{"name": "Li", "email": "li"}],
        "addresses": [{"kind": "SHIPPING", "street": "", "country": "UK"}],
    }
    assert sorted(told(await refused(client, CUSTOMER_CREATE, given, as_=rep))) == [
        ("input.addresses.0.country", "unknown_country"),
        ("input.addresses.0.street", "blank"),
        ("input.channelId", "channel_needed"),
        ("input.contacts.0.email", "not_an_email"),
        ("input.email", "not_an_email"),
        ("input.name", "blank"),
        ("input.regionId", "NOT_FOUND"),
        ("input.tags.1", "duplicate"),
        ("input.taxId", "surrounded_by_space"),
    ]


async def test_a_repeated_entry_makes_one_customer(client: Client, rep: User) -> None:
    given = {"name": "Acme", "contacts": [{"name": "Li"}], "idempotencyKey": "k"}
    first = await written(client, CUSTOMER_CREATE, given, as_=rep)
    assert await written(client, CUSTOMER_CREATE, given, as_=rep) == first
    assert (await Customer.all().count(), await OutboxEvent.all().count()) == (1, 1)
    [error] = await refused(client, CUSTOMER_CREATE, given | {"contacts": []}, as_=rep)
    assert (error["__typename"], error["path"]) == ("IdempotencyKeyReused", ["input", "idempotencyKey"])


async def test_a_key_is_of_one_mutation(client: Client, rep: User) -> None:
    made = await written(client, CUSTOMER_CREATE, {"name": "Acme", "idempotencyKey": "k"}, as_=rep)
    after = await written(client, CUSTOMER_UPDATE, change(made, name="Acme 2", idempotencyKey="k"), as_=rep)
    assert after["name"] == "Acme 2"


async def test_a_number_of_a_channel_is_taken_once(client: Client, rep: User) -> None:
    given = {"name": "Acme", "channelId": f"chn_{(await make_channel()).id}", "externalId": "C-7"}
    await written(client, CUSTOMER_CREATE, given, as_=rep)
    [error] = await refused(client, CUSTOMER_CREATE, given, as_=rep)
    assert (error["__typename"], error["path"]) == ("AlreadyExists", ["input", "externalId"])
    other = await written(client, CUSTOMER_CREATE, given | {"externalId": "C-8"}, as_=rep)
    [error] = await refused(client, CUSTOMER_UPDATE, change(other, externalId="C-7"), as_=rep)
    assert (error["__typename"], error["path"]) == ("AlreadyExists", ["input", "externalId"])


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.FULFILMENT, Role.SERVICE, Role.FINANCE])
async def test_other_roles_keep_no_customers(client: Client, team: Team, role: Role) -> None:
    [error] = await refused(client, CUSTOMER_CREATE, {"name": "Acme"}, as_=await make_user(role, team=team))
    assert (error["__typename"], error["path"]) == ("NotPermitted", [])


async def test_whose_a_customer_is_is_for_managers_to_say(client: Client, rep: User, team: Team) -> None:
    manager = await make_user(Role.MANAGER, team=team)
    given = {"name": "Acme", "ownerId": f"usr_{rep.id}"}
    assert (await written(client, CUSTOMER_CREATE, given, as_=manager))["owner"] == {"id": f"usr_{rep.id}"}
    given = {"name": "Acme", "ownerId": f"usr_{manager.id}"}
    assert told(await refused(client, CUSTOMER_CREATE, given, as_=rep)) == [("input.ownerId", "NOT_PERMITTED")]


async def test_what_is_left_out_stays_what_is_null_is_emptied(
    client: Client, rep: User, customer: dict[str, Any]
) -> None:
    after = await written(client, CUSTOMER_UPDATE, change(customer, email=None, industry="Tea"), as_=rep)
    assert after == customer | {"email": None, "industry": "Tea", "version": 2}


async def test_lists_are_replaced_as_a_whole(client: Client, rep: User, customer: dict[str, Any]) -> None:
    after = await written(client, CUSTOMER_UPDATE, change(customer, contacts=[{"name": "Jo"}], tags=[]), as_=rep)
    assert after == customer | {"contacts": [{"name": "Jo", "email": None}], "tags": [], "version": 2}


@pytest.mark.parametrize("field", ["tags", "contacts", "addresses"])
async def test_null_empties_a_list(client: Client, rep: User, customer: dict[str, Any], field: str) -> None:
    after = await written(client, CUSTOMER_UPDATE, change(customer, **{field: None}), as_=rep)
    assert after[field] == []


@pytest.mark.parametrize("field", ["name", "level", "valueClass"])
async def test_null_is_refused_where_something_must_stand(
    client: Client, rep: User, customer: dict[str, Any], field: str
) -> None:
    errors = await refused(client, CUSTOMER_UPDATE, change(customer) | {field: None}, as_=rep)
    assert told(errors) == [(f"input.{field}", "null")]


async def test_what_changes_nothing_is_no_change(client: Client, rep: User, customer: dict[str, Any]) -> None:
    before = await everything()
    given = change(customer, name="Acme", contacts=[{"name": "Li"}], tags=["kept"], industry=None)
    assert await written(client, CUSTOMER_UPDATE, given, as_=rep) == customer
    assert await everything() == before


async def test_whoever_is_late_is_told_the_current_version(client: Client, rep: User, customer: dict[str, Any]) -> None:
    await written(client, CUSTOMER_UPDATE, change(customer, name="first"), as_=rep)
    [error] = await refused(client, CUSTOMER_UPDATE, change(customer, name="second"), as_=rep)
    assert (error["__typename"], error["currentVersion"]) == ("VersionConflict", 2)


async def test_a_new_level_is_that_of_the_customers_orders_too(
    client: Client, rep: User, customer: dict[str, Any]
) -> None:
    row = await Customer.get(id=int(customer["id"].removeprefix("cus_")))
    await make_order(owner=rep, customer=row)
    document = """mutation($input: CustomerUpdateInput!) { customerUpdate(input: $input) {
        customer { orders(filter: {customer: {level: {eq: VIP}}}) { totalCount nodes { customer { level } } } }
        errors { code } } }"""
    data = await client.data(document, {"input": change(customer, level="VIP")}, as_=rep)
    assert data["customerUpdate"]["customer"]["orders"] == {"totalCount": 1, "nodes": [{"customer": {"level": "VIP"}}]}
    assert [row.customer_level for row in await Order.all()] == ["VIP"]


@pytest.mark.parametrize("text", ["cus_4711", "ord_1", "", "cus_-1"])
async def test_a_customer_that_is_not_there_is_not_found(client: Client, rep: User, text: str) -> None:
    given = {"id": text, "expectedVersion": 1, "name": "n"}
    assert told(await refused(client, CUSTOMER_UPDATE, given, as_=rep)) == [("input.id", "NOT_FOUND")]


async def test_somebody_elses_customer_is_not_found_and_a_shared_one_not_to_be_changed(
    client: Client, rep: User, team: Team
) -> None:
    theirs = await make_customer(owner=await make_user(Role.REP, team=team))
    given = {"id": f"cus_{theirs.id}", "expectedVersion": 9, "name": "n"}
    assert told(await refused(client, CUSTOMER_UPDATE, given, as_=rep)) == [("input.id", "NOT_FOUND")]
    await share_customer(theirs, rep)
    assert told(await refused(client, CUSTOMER_UPDATE, given, as_=rep)) == [("input.id", "NOT_PERMITTED")]


@pytest.mark.parametrize("role", [Role.SERVICE, Role.FINANCE])
async def test_who_sees_every_customer_may_not_change_one(client: Client, customer: dict[str, Any], role: Role) -> None:
    other = await make_user(role, team=await make_team())
    errors = await refused(client, CUSTOMER_UPDATE, change(customer, name="n"), as_=other)
    assert told(errors) == [("input.id", "NOT_PERMITTED")]


async def test_a_customer_that_left_the_viewers_sight_is_null_and_no_error(
    client: Client, rep: User, team: Team, customer: dict[str, Any]
) -> None:
    given = change(customer, name="n", idempotencyKey="k")
    await written(client, CUSTOMER_UPDATE, given, as_=rep)
    await Customer.all().update(owner=await make_user(Role.REP, team=team))
    assert await payload(client, CUSTOMER_UPDATE, given, as_=rep) == {"customer": None, "errors": []}
