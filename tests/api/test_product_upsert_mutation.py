"""productUpsert: documents in, JSON out."""

import asyncio

import pytest

from domain.people import Role
from models import Product, User
from tests.api.conftest import Client
from tests.api.writing import PRODUCT_UPSERT, everything, payload, refused, told, written
from tests.factories import make_team, make_user


@pytest.fixture
async def manager(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.MANAGER, team=await make_team())


async def test_a_product_is_made_and_then_changed_by_its_version(client: Client, manager: User) -> None:
    given = {"sku": "tea", "name": "Tea", "price": "2.5", "currency": "GBP", "taxRate": "0.20"}
    made = await written(client, PRODUCT_UPSERT, given, as_=manager)
    assert made == {
        "id": made["id"],
        "version": 1,
        "sku": "tea",
        "name": "Tea",
        "description": None,
        "price": {"amount": "2.50", "currency": "GBP"},
        "taxRate": "0.2",
        "active": True,
    }
    changed = await written(client, PRODUCT_UPSERT, {"sku": "tea", "expectedVersion": 1, "active": False}, as_=manager)
    assert changed == made | {"version": 2, "active": False}


async def test_upper_and_lower_case_are_two_products(client: Client, manager: User) -> None:
    await written(client, PRODUCT_UPSERT, {"sku": "tea", "name": "small"}, as_=manager)
    await written(client, PRODUCT_UPSERT, {"sku": "TEA", "name": "LARGE"}, as_=manager)
    assert await Product.all().count() == 2


async def test_null_empties_and_price_and_currency_go_together(client: Client, manager: User) -> None:
    given = {"sku": "TEA", "name": "Tea", "description": "Green", "price": "2.50", "currency": "GBP"}
    await written(client, PRODUCT_UPSERT, given, as_=manager)
    version = {"sku": "TEA", "expectedVersion": 1}
    euros = version | {"price": None, "currency": "EUR"}
    assert told(await refused(client, PRODUCT_UPSERT, euros, as_=manager)) == [
        ("input.price", "price_of_currency_needed")
    ]
    emptied = version | {"price": None, "description": None}
    after = await written(client, PRODUCT_UPSERT, emptied, as_=manager)
    assert (after["price"], after["description"], after["name"]) == (None, None, "Tea")


@pytest.mark.parametrize("field", ["name", "active"])
async def test_null_is_refused_where_something_must_stand(client: Client, manager: User, field: str) -> None:
    await written(client, PRODUCT_UPSERT, {"sku": "TEA", "name": "Tea"}, as_=manager)
    given = {"sku": "TEA", "expectedVersion": 1, field: None}
    assert told(await refused(client, PRODUCT_UPSERT, given, as_=manager)) == [(f"input.{field}", "null")]


async def test_without_a_version_the_product_must_not_exist_yet(client: Client, manager: User) -> None:
    await written(client, PRODUCT_UPSERT, {"sku": "TEA", "name": "Tea"}, as_=manager)
    [error] = await refused(client, PRODUCT_UPSERT, {"sku": "TEA", "name": "Other"}, as_=manager)
    assert (error["__typename"], error["path"]) == ("AlreadyExists", ["input", "sku"])
    given = {"sku": "TEA", "name": "Other", "expectedVersion": 2}
    [error] = await refused(client, PRODUCT_UPSERT, given, as_=manager)
    assert (error["__typename"], error["currentVersion"]) == ("VersionConflict", 1)


async def test_with_a_version_it_must_exist(client: Client, manager: User) -> None:
    given = {"sku": "TEA", "name": "Tea", "expectedVersion": 1}
    assert told(await refused(client, PRODUCT_UPSERT, given, as_=manager)) == [("input.sku", "NOT_FOUND")]


async def test_everything_that_is_wrong_is_told_at_once(client: Client, manager: User) -> None:
    given = {"sku": " TEA", "price": "1.005", "currency": "GBP", "taxRate": "2", "category": ""}
    assert sorted(told(await refused(client, PRODUCT_UPSERT, given, as_=manager))) == [
        ("input.category", "blank"),
        ("input.name", "missing"),
        ("input.price", "too_many_decimals"),
        ("input.sku", "surrounded_by_space"),
        ("input.taxRate", "too_large"),
    ]


async def test_of_many_that_make_one_sku_at_once_one_does(client: Client, manager: User) -> None:
    answers = await asyncio.gather(
        *(payload(client, PRODUCT_UPSERT, {"sku": "TEA", "name": f"Tea {i}"}, as_=manager) for i in range(6))
    )
    assert len([answer for answer in answers if answer["product"]]) == 1
    assert {error["code"] for answer in answers for error in answer["errors"]} == {"ALREADY_EXISTS"}
    assert await Product.all().count() == 1


async def test_a_repeated_request_has_one_effect_and_what_changes_nothing_has_none(
    client: Client, manager: User
) -> None:
    given = {"sku": "TEA", "name": "Tea", "price": "2.50", "currency": "GBP", "idempotencyKey": "k"}
    first = await written(client, PRODUCT_UPSERT, given, as_=manager)
    before = await everything()
    assert await written(client, PRODUCT_UPSERT, given, as_=manager) == first
    same = {"sku": "TEA", "expectedVersion": 1, "name": "Tea", "price": "2.5"}
    assert await written(client, PRODUCT_UPSERT, same, as_=manager) == first
    assert await everything() == before


@pytest.mark.usefixtures("manager")
@pytest.mark.parametrize("role", [Role.REP, Role.REVIEWER, Role.FULFILMENT, Role.SERVICE, Role.FINANCE])
async def test_products_are_for_managers_to_keep(client: Client, role: Role) -> None:
    other = await make_user(role, team=await make_team())
    [error] = await refused(client, PRODUCT_UPSERT, {"sku": "TEA", "name": "Tea"}, as_=other)
    assert (error["__typename"], error["path"]) == ("NotPermitted", [])


async def test_a_price_has_the_digits_of_its_currency(client: Client, manager: User) -> None:
    given = {"sku": "TEA", "name": "Tea", "price": "2.5", "currency": "GBP"}
    assert (await written(client, PRODUCT_UPSERT, given, as_=manager))["price"]["amount"] == "2.50"
    dinars = {"sku": "TEA", "expectedVersion": 1, "currency": "KWD"}
    assert (await written(client, PRODUCT_UPSERT, dinars, as_=manager))["price"]["amount"] == "2.500"
    yen = {"sku": "TEA", "expectedVersion": 2, "currency": "JPY"}
    assert told(await refused(client, PRODUCT_UPSERT, yen, as_=manager)) == [("input.price", "too_many_decimals")]
