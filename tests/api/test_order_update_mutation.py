"""orderUpdate: documents in, JSON out."""

import asyncio
from typing import Any

import pytest

from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import Order, OrderLine, OutboxEvent, Product, Team, User
from tests.api.conftest import Client
from tests.api.writing import ORDER_UPDATE, everything, payload, refused, told, written
from tests.factories import (
    make_customer,
    make_order,
    make_product,
    make_rate,
    make_region,
    make_team,
    make_user,
    share_order,
)

_S = OrderStatus


@pytest.fixture(autouse=True)
async def tea(database: str) -> Product:  # noqa: ARG001  # emptied before
    return await make_product("TEA", price="2.50", name="Tea")


@pytest.fixture
async def team(tea: Product) -> Team:  # noqa: ARG001  # made before
    return await make_team()


@pytest.fixture
async def rep(team: Team) -> User:
    return await make_user(Role.REP, team=team)


@pytest.fixture
async def order(rep: User, tea: Product) -> Order:
    """A draft of two teas, 6.00 with tax."""
    return await make_order(owner=rep, lines=[(tea, "2")], notes="as it was", tags=["kept"], customer_name="Li")


def change(order: Order, version: int = 1, **fields: Any) -> dict[str, Any]:
    return {"id": f"ord_{order.id}", "expectedVersion": version, **fields}


async def test_what_is_left_out_stays_what_is_null_is_emptied(client: Client, rep: User, order: Order) -> None:
    given = change(order, notes=None, requiredBy="2026-04-01")
    after = await written(client, ORDER_UPDATE, given, as_=rep)
    assert (after["notes"], after["requiredBy"], after["tags"], after["customerName"]) == (
        None,
        "2026-04-01",
        ["kept"],
        "Li",
    )
    assert after["version"] == 2


async def test_a_variable_without_a_value_is_left_out_and_one_with_null_is_null(
    client: Client, rep: User, order: Order
) -> None:
    document = """mutation($id: ID!, $version: Int!, $notes: String, $name: String) {
        orderUpdate(input: {id: $id, expectedVersion: $version, notes: $notes, customerName: $name}) {
            order { notes customerName } errors { code } } }"""
    data = await client.data(document, {"id": f"ord_{order.id}", "version": 1, "name": None}, as_=rep)
    assert data["orderUpdate"] == {"order": {"notes": "as it was", "customerName": None}, "errors": []}


@pytest.mark.parametrize("field", ["urgency", "taxIncluded", "discount"])
async def test_null_is_refused_where_something_must_stand(client: Client, rep: User, order: Order, field: str) -> None:
    errors = await refused(client, ORDER_UPDATE, change(order) | {field: None}, as_=rep)
    assert told(errors) == [(f"input.{field}", "null")]


async def test_lines_are_replaced_and_everything_is_computed_anew(client: Client, rep: User, order: Order) -> None:
    lines = [{"sku": "TEA", "quantity": "3"}, {"kind": "SHIPPING", "name": "Post", "quantity": 1, "unitPrice": "4.5"}]
    after = await written(client, ORDER_UPDATE, change(order, lines=lines, discount="1.20", total="12.15"), as_=rep)
    assert [(row["name"], row["net"]["amount"], row["tax"]["amount"]) for row in after["lines"]] == [
        ("Tea", "6.75", "1.35"),
        ("Post", "4.05", "0.00"),
    ]
    assert (after["total"]["amount"], after["version"]) == ("12.15", 2)


async def test_the_version_of_somebody_who_was_late_is_refused_with_the_current_one(
    client: Client, rep: User, order: Order
) -> None:
    await written(client, ORDER_UPDATE, change(order, notes="first"), as_=rep)
    [error] = await refused(client, ORDER_UPDATE, change(order, notes="second"), as_=rep)
    assert (error["__typename"], error["currentVersion"]) == ("VersionConflict", 2)
    assert error["path"] == ["input", "expectedVersion"]
    after = await written(client, ORDER_UPDATE, change(order, version=2, notes="second"), as_=rep)
    assert (after["notes"], after["version"]) == ("second", 3)


async def test_of_many_changes_at_once_one_is_made(client: Client, rep: User, order: Order) -> None:
    answers = await asyncio.gather(
        *(payload(client, ORDER_UPDATE, change(order, notes=f"{i}"), as_=rep) for i in range(8))
    )
    made = [answer["order"]["notes"] for answer in answers if answer["order"]]
    assert len(made) == 1
    assert [told(answer["errors"]) for answer in answers if answer["errors"]] == [
        [("input.expectedVersion", "VERSION_CONFLICT")]
    ] * 7
    row = await Order.get(id=order.id)
    assert (row.notes, row.version) == (made[0], 2)


async def test_what_changes_nothing_is_no_change(client: Client, rep: User, order: Order) -> None:
    before = await everything()
    given = change(order, notes="as it was", tags=["kept"], lines=[{"sku": "TEA", "quantity": "2.0"}], discount="0")
    after = await written(client, ORDER_UPDATE, given, as_=rep)
    assert after["version"] == 1
    assert await everything() == before


async def test_a_repeated_change_is_made_once(client: Client, rep: User, order: Order) -> None:
    given = change(order, notes="new", idempotencyKey="k")
    first = await written(client, ORDER_UPDATE, given, as_=rep)
    assert await written(client, ORDER_UPDATE, given, as_=rep) == first
    assert await OutboxEvent.all().count() == 1
    [error] = await refused(client, ORDER_UPDATE, given | {"notes": "other"}, as_=rep)
    assert error["__typename"] == "IdempotencyKeyReused"


async def test_the_same_key_with_null_instead_of_nothing_is_another_request(
    client: Client, rep: User, order: Order
) -> None:
    await written(client, ORDER_UPDATE, change(order, tags=[], idempotencyKey="k"), as_=rep)
    [error] = await refused(client, ORDER_UPDATE, change(order, tags=[], notes=None, idempotencyKey="k"), as_=rep)
    assert error["__typename"] == "IdempotencyKeyReused"


@pytest.mark.parametrize("status", [_S.PENDING_REVIEW, _S.APPROVED, _S.PACKED])
async def test_lines_are_fixed_in_review_and_notes_when_shipped(
    client: Client, rep: User, tea: Product, status: OrderStatus
) -> None:
    order = await make_order(status, owner=rep, lines=[(tea, "1")])
    lines = [{"sku": "TEA", "quantity": "2"}]
    [error] = await refused(client, ORDER_UPDATE, change(order, lines=lines, notes="n"), as_=rep)
    assert (error["__typename"], error["path"], error["status"]) == ("NotEditable", ["input", "lines"], status.value)
    assert (await written(client, ORDER_UPDATE, change(order, notes="n"), as_=rep))["notes"] == "n"


@pytest.mark.parametrize("status", [_S.SHIPPED, _S.COMPLETED, _S.CANCELLED, _S.REJECTED])
async def test_nothing_of_an_order_that_is_over_can_be_changed(
    client: Client, rep: User, tea: Product, status: OrderStatus
) -> None:
    order = await make_order(status, owner=rep, lines=[(tea, "1")])
    errors = await refused(client, ORDER_UPDATE, change(order, notes="n", tags=["t"], requiredBy="2026-05-01"), as_=rep)
    assert [(error["code"], error["path"][-1]) for error in errors] == [
        ("NOT_EDITABLE", "requiredBy"),
        ("NOT_EDITABLE", "tags"),
        ("NOT_EDITABLE", "notes"),
    ]


async def test_what_an_order_that_is_over_says_already_is_no_change(client: Client, rep: User, tea: Product) -> None:
    order = await make_order(_S.COMPLETED, owner=rep, lines=[(tea, "1")], notes="n", tags=["t"], customer_name="Li")
    before = await everything()
    same = change(order, notes="n", tags=["t"], urgency="NORMAL", requiredBy=None, customerName="Li")
    assert (await written(client, ORDER_UPDATE, same, as_=rep))["version"] == 1
    assert await everything() == before


async def test_an_order_that_was_asked_back_can_be_mended(client: Client, rep: User, tea: Product) -> None:
    order = await make_order(_S.NEEDS_INFO, owner=rep, lines=[(tea, "1")])
    address = {"street": "1 High St", "country": "GB"}
    given = change(order, lines=[{"sku": "TEA", "quantity": "4"}], shipTo=address)
    assert (await written(client, ORDER_UPDATE, given, as_=rep))["total"]["amount"] == "12.00"


async def test_everything_that_is_wrong_is_told_at_once(client: Client, rep: User, order: Order) -> None:
    given = change(
        order,
        lines=[{"sku": "NOWHERE", "quantity": "1"}, {"sku": "TEA", "quantity": "0"}],
        discount="-1",
        regionId="prd_1",
        contact={"email": "x"},
        tags=["a", "a"],
    )
    assert sorted(told(await refused(client, ORDER_UPDATE, given, as_=rep))) == [
        ("input.contact.email", "not_an_email"),
        ("input.discount", "negative"),
        ("input.lines.0.sku", "NOT_FOUND"),
        ("input.lines.1.quantity", "zero"),
        ("input.regionId", "NOT_FOUND"),
        ("input.tags.1", "duplicate"),
    ]


async def test_a_region_can_be_set_and_taken_away(client: Client, rep: User, order: Order) -> None:
    region = await make_region()
    await written(client, ORDER_UPDATE, change(order, regionId=f"reg_{region.id}"), as_=rep)
    assert await Order.get(id=order.id).values_list("region_id", flat=True) == region.id
    await written(client, ORDER_UPDATE, change(order, version=2, regionId=None), as_=rep)
    assert await Order.get(id=order.id).values_list("region_id", flat=True) is None


@pytest.mark.parametrize("text", ["ord_4711", "cus_1", "", "ord_0", "nonsense"])
async def test_an_order_that_is_not_there_is_not_found(client: Client, rep: User, text: str) -> None:
    given = {"id": text, "expectedVersion": 1, "notes": "n"}
    assert told(await refused(client, ORDER_UPDATE, given, as_=rep)) == [("input.id", "NOT_FOUND")]


async def test_somebody_elses_order_is_not_found_whatever_its_version(client: Client, team: Team, order: Order) -> None:
    colleague = await make_user(Role.REP, team=team)
    for version in (1, 9):
        errors = await refused(client, ORDER_UPDATE, change(order, version, notes="n"), as_=colleague)
        assert told(errors) == [("input.id", "NOT_FOUND")]


async def test_an_order_that_is_shared_can_be_read_and_not_changed(client: Client, team: Team, order: Order) -> None:
    colleague = await make_user(Role.REP, team=team)
    await share_order(order, colleague)
    errors = await refused(client, ORDER_UPDATE, change(order, version=9, notes="n"), as_=colleague)
    assert told(errors) == [("input.id", "NOT_PERMITTED")]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.REVIEWER, _S.NEEDS_INFO),
        (Role.FULFILMENT, _S.APPROVED),
        (Role.SERVICE, _S.SHIPPED),
        (Role.FINANCE, _S.DRAFT),
    ],
)
async def test_who_sees_an_order_for_other_work_may_not_change_it(
    client: Client, rep: User, tea: Product, role: Role, status: OrderStatus
) -> None:
    order = await make_order(status, owner=rep, lines=[(tea, "1")])
    other = await make_user(role, team=await make_team())
    assert told(await refused(client, ORDER_UPDATE, change(order, notes="n"), as_=other)) == [
        ("input.id", "NOT_PERMITTED")
    ]


async def test_a_manager_changes_the_teams_orders_and_no_others(client: Client, team: Team, order: Order) -> None:
    above = await make_user(Role.MANAGER, team=team)
    beside = await make_user(Role.MANAGER, team=await make_team())
    assert (await written(client, ORDER_UPDATE, change(order, notes="n"), as_=above))["version"] == 2
    errors = await refused(client, ORDER_UPDATE, change(order, version=2, notes="m"), as_=beside)
    assert told(errors) == [("input.id", "NOT_FOUND")]


async def test_a_new_sum_is_converted_at_the_rate_of_the_day_of_placement(
    client: Client, rep: User, tea: Product
) -> None:
    await make_rate("EUR", "0.5", date="2026-03-02")
    await make_rate("EUR", "0.9", date="2026-03-03")
    order = await make_order(owner=rep, lines=[(tea, "1")], currency="EUR", base_total="1.50")
    lines = [{"sku": "TEA", "quantity": "2", "unitPrice": "10", "taxRate": "0"}]
    after = await written(client, ORDER_UPDATE, change(order, lines=lines), as_=rep)
    assert (after["total"], after["baseTotal"]) == (
        {"amount": "20.00", "currency": "EUR"},
        {"amount": "10.00", "currency": "GBP"},
    )


async def test_a_draft_gets_another_customer_and_its_lines_keep_their_ids(
    client: Client, rep: User, order: Order
) -> None:
    customer = await make_customer(owner=rep, name="Byrne")
    selection = "order { customer { name } customerName lines { id quantity } } errors { path }"
    document = f"mutation($input: OrderUpdateInput!) {{ orderUpdate(input: $input) {{ {selection} }} }}"
    [line] = await OrderLine.filter(order_id=order.id)
    given = change(order, customerId=f"cus_{customer.id}", lines=[{"id": f"oln_{line.id}", "quantity": "5"}])
    assert await written(client, document, given, as_=rep) == {
        "customer": {"name": "Byrne"},
        "customerName": "Li",
        "lines": [{"id": f"oln_{line.id}", "quantity": "5"}],
    }
    lines = [{"id": "cus_1"}, {"id": f"oln_{line.id}"}, {"id": f"oln_{line.id}"}]
    errors = await refused(client, ORDER_UPDATE, change(order, version=2, lines=lines), as_=rep)
    assert told(errors) == [("input.lines.0.id", "NOT_FOUND"), ("input.lines.2.id", "duplicate")]
