"""orderCreate: documents in, JSON out."""

import asyncio
from typing import Any

import pytest

from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import Order, OutboxEvent, Product, Team, User
from tests.api.conftest import Client
from tests.api.writing import ORDER_CREATE, everything, payload, refused, told, written
from tests.factories import (
    make_channel,
    make_customer,
    make_order,
    make_product,
    make_rate,
    make_team,
    make_user,
    share_customer,
)


@pytest.fixture
async def team(tea: Product) -> Team:  # noqa: ARG001  # made before
    return await make_team()


@pytest.fixture
async def rep(team: Team) -> User:
    return await make_user(Role.REP, team=team)


@pytest.fixture(autouse=True)
async def tea(database: str) -> Product:  # noqa: ARG001  # emptied before
    return await make_product("TEA", price="2.50", name="Tea")


def gbp(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"currency": "GBP", "lines": list(lines), **fields}


def line(quantity: str = "1", sku: str = "TEA", **fields: Any) -> dict[str, Any]:
    return {"sku": sku, "quantity": quantity, **fields}


def amounts(line: dict[str, Any]) -> tuple[str, str, str]:
    return line["net"]["amount"], line["tax"]["amount"], line["gross"]["amount"]


async def test_tax_comes_on_top_and_each_line_is_rounded_half_away_from_zero(client: Client, rep: User) -> None:
    given = gbp(line("3", unitPrice="9.995"), line("1", unitPrice="0.005", taxRate="0"), line("2.5", discount="0.25"))
    order = await written(client, ORDER_CREATE, given, as_=rep)
    assert [amounts(row) for row in order["lines"]] == [
        ("29.99", "6.00", "35.99"),
        ("0.01", "0.00", "0.01"),
        ("6.00", "1.20", "7.20"),
    ]
    assert (order["netTotal"], order["taxTotal"]) == ({"amount": "36.00"}, {"amount": "7.20"})
    assert order["total"] == order["baseTotal"] == {"amount": "43.20", "currency": "GBP"}
    assert [row["quantity"] for row in order["lines"]] == ["3", "1", "2.5"]
    assert [row["unitPrice"] for row in order["lines"]] == ["9.995", "0.005", "2.5"]


async def test_where_prices_include_tax_it_is_taken_out_of_them(client: Client, rep: User) -> None:
    order = await written(client, ORDER_CREATE, gbp(line("1", unitPrice="10"), taxIncluded=True), as_=rep)
    assert amounts(order["lines"][0]) == ("8.33", "1.67", "10.00")
    assert order["total"]["amount"] == "10.00"


async def test_amounts_have_the_digits_of_their_currency(client: Client, rep: User, tea: Product) -> None:
    await make_rate("JPY", "0.0051")
    await make_rate("KWD", "2.5")
    of_tea = {"productId": f"prd_{tea.id}", "quantity": "3"}
    yen = {"currency": "JPY", "lines": [{**of_tea, "unitPrice": "333.5", "taxRate": "0.1"}], "discount": "1"}
    order = await written(client, ORDER_CREATE, yen, as_=rep)
    assert amounts(order["lines"][0]) == ("1000", "100", "1100")
    assert (order["total"], order["discount"]) == ({"amount": "1100", "currency": "JPY"}, {"amount": "1"})
    assert order["baseTotal"] == {"amount": "5.61", "currency": "GBP"}
    dinars = {"currency": "KWD", "lines": [{**of_tea, "unitPrice": "0.3335", "taxRate": "0"}]}
    order = await written(client, ORDER_CREATE, dinars, as_=rep)
    assert (order["total"]["amount"], order["baseTotal"]["amount"]) == ("1.001", "2.50")


async def test_a_discount_on_the_order_is_spread_to_the_last_cent(client: Client, rep: User) -> None:
    lines = [line("1", unitPrice="10", taxRate="0") for _ in range(3)]
    order = await written(client, ORDER_CREATE, gbp(*lines, discount="10"), as_=rep)
    assert [row["net"]["amount"] for row in order["lines"]] == ["6.66", "6.67", "6.67"]
    assert [row["discount"]["amount"] for row in order["lines"]] == ["0.00"] * 3
    assert (order["total"]["amount"], order["discount"]["amount"]) == ("20.00", "10.00")


async def test_a_line_takes_what_it_leaves_out_from_its_product(client: Client, rep: User, tea: Product) -> None:
    order = await written(client, ORDER_CREATE, gbp({"productId": f"prd_{tea.id}", "quantity": "2"}), as_=rep)
    [row] = order["lines"]
    assert (row["sku"], row["name"], row["unitPrice"], row["taxRate"]) == ("TEA", "Tea", "2.5", "0.2")


async def test_an_order_is_a_draft_in_version_1_of_whoever_enters_it(client: Client, rep: User) -> None:
    order = await written(client, ORDER_CREATE, gbp(line()), as_=rep)
    assert (order["type"], order["status"], order["version"]) == ("NEW", "DRAFT", 1)
    assert order["owner"] == {"id": f"usr_{rep.id}"}
    assert [order["id"]] == [f"ord_{row.id}" for row in await Order.all()]


async def test_a_return_has_negative_amounts_and_is_requested(client: Client, rep: User, tea: Product) -> None:
    original = await make_order(OrderStatus.SHIPPED, owner=rep, lines=[(tea, "2")])
    given = gbp(line("-2"), type="RETURN", originalOrderId=f"ord_{original.id}")
    order = await written(client, ORDER_CREATE, given, as_=rep)
    assert (order["status"], order["total"]["amount"]) == ("REQUESTED", "-6.00")


async def test_no_more_comes_back_than_was_sold(client: Client, rep: User, tea: Product) -> None:
    original = await make_order(OrderStatus.SHIPPED, owner=rep, lines=[(tea, "4")])
    await make_product("COFFEE")
    given = gbp(line("-9999"), line("-1", sku="COFFEE"), type="RETURN", originalOrderId=f"ord_{original.id}")
    errors = await refused(client, ORDER_CREATE, given, as_=rep)
    assert [(error["problem"], error["path"], error["limit"]) for error in errors] == [
        ("return_beyond_sold", ["input", "lines", "0", "quantity"], "4"),
        ("not_in_original", ["input", "lines", "1", "sku"], None),
    ]
    assert errors[0]["message"] == "lines.0.quantity is more than the 4 that can still come back"


async def test_without_a_list_price_in_the_currency_a_price_is_needed(client: Client, rep: User, tea: Product) -> None:
    await make_rate("EUR", "0.85")
    given = {"currency": "EUR", "lines": [{"productId": f"prd_{tea.id}", "quantity": "1"}]}
    assert told(await refused(client, ORDER_CREATE, given, as_=rep)) == [("input.lines.0.unitPrice", "price_needed")]


async def test_a_missing_rate_is_told_with_currency_and_day(client: Client, rep: User) -> None:
    await make_rate("EUR", "0.85", date="2026-03-02")
    given = {"currency": "EUR", "lines": [line(unitPrice="1")], "placedAt": "2026-03-01T23:59:59.999Z"}
    [error] = await refused(client, ORDER_CREATE, given, as_=rep)
    assert (error["__typename"], error["path"]) == ("RateMissing", ["input", "currency"])
    assert (error["currency"], error["date"]) == ("EUR", "2026-03-01")
    in_time = given | {"placedAt": "2026-03-02T00:00:00Z"}
    assert (await written(client, ORDER_CREATE, in_time, as_=rep))["baseTotal"]["amount"] == "1.02"


async def test_a_typed_total_must_be_the_sum(client: Client, rep: User) -> None:
    [error] = await refused(client, ORDER_CREATE, gbp(line("2"), total="6.01"), as_=rep)
    assert (error["__typename"], error["path"]) == ("TotalMismatch", ["input", "total"])
    assert error["given"] == {"amount": "6.01", "currency": "GBP"}
    assert error["computed"] == {"amount": "6.00", "currency": "GBP"}
    [error] = await refused(client, ORDER_CREATE, gbp(line("2"), total="7"), as_=rep)
    assert error["given"] == {"amount": "7.00", "currency": "GBP"}
    assert (await written(client, ORDER_CREATE, gbp(line("2"), total="6"), as_=rep))["total"]["amount"] == "6.00"


@pytest.mark.parametrize("field", ["customerId", "channelId", "regionId", "ownerId", "originalOrderId"])
@pytest.mark.parametrize(
    "text", ["{right}_999", "tem_1", "{right}_0", "{right}_1x", "", "{right}_99999999999999999999"]
)
async def test_an_id_of_nothing_is_not_found(client: Client, rep: User, field: str, text: str) -> None:
    prefixes = {"customerId": "cus", "channelId": "chn", "regionId": "reg", "ownerId": "usr", "originalOrderId": "ord"}
    given = gbp(line(), **{field: text.format(right=prefixes[field])})
    errors = await refused(client, ORDER_CREATE, given, as_=rep)
    assert (f"input.{field}", "NOT_FOUND") in told(errors)
    assert {error["__typename"] for error in errors} <= {"NotFound", "InvalidInput"}


async def test_what_others_own_is_not_found_and_what_nobody_has_is_not_either(client: Client, rep: User) -> None:
    stranger = await make_user(Role.REP, team=await make_team())
    customer, original = await make_customer(owner=stranger), await make_order(owner=stranger)
    given = gbp(
        {"quantity": "-1", "productId": "prd_4711"},
        {"quantity": "-1", "sku": "NOWHERE"},
        type="RETURN",
        customerId=f"cus_{customer.id}",
        originalOrderId=f"ord_{original.id}",
    )
    assert sorted(told(await refused(client, ORDER_CREATE, given, as_=rep))) == [
        ("input.customerId", "NOT_FOUND"),
        ("input.lines.0.productId", "NOT_FOUND"),
        ("input.lines.1.sku", "NOT_FOUND"),
        ("input.originalOrderId", "NOT_FOUND"),
    ]


async def test_everything_that_is_wrong_is_told_at_once_each_with_its_path(client: Client, rep: User) -> None:
    given = gbp(
        line("0"),
        line("1", sku="NOWHERE", unitPrice="-1", name=" "),
        line("-1", discount="0.001", taxRate="1.5"),
        {"quantity": "1"},
        customerId="prd_1",
        externalId=" 7",
        discount="1.005",
        contact={"email": "nobody"},
        shipTo={"street": "1 High St", "country": "XX"},
        placedAt="1969-12-31T23:59:59Z",
        tags=["a", "a", ""],
        notes="\x07",
    )
    assert sorted(told(await refused(client, ORDER_CREATE, given, as_=rep))) == [
        ("input.channelId", "channel_needed"),
        ("input.contact.email", "not_an_email"),
        ("input.customerId", "NOT_FOUND"),
        ("input.discount", "too_many_decimals"),
        ("input.externalId", "surrounded_by_space"),
        ("input.lines.0.quantity", "zero"),
        ("input.lines.1.name", "blank"),
        ("input.lines.1.sku", "NOT_FOUND"),
        ("input.lines.1.unitPrice", "negative"),
        ("input.lines.2.discount", "too_many_decimals"),
        ("input.lines.2.quantity", "negative"),
        ("input.lines.2.taxRate", "too_large"),
        ("input.lines.3.productId", "product_needed"),
        ("input.notes", "forbidden_character"),
        ("input.placedAt", "too_early"),
        ("input.shipTo.country", "unknown_country"),
        ("input.tags.1", "duplicate"),
        ("input.tags.2", "blank"),
    ]


async def test_null_in_a_new_order_is_as_if_left_out(client: Client, rep: User) -> None:
    given = gbp(line(unitPrice=None, discount=None, kind=None), discount=None, tags=None, type=None, placedAt=None)
    order = await written(client, ORDER_CREATE, given, as_=rep)
    assert (order["type"], order["tags"], order["total"]["amount"]) == ("NEW", [], "3.00")


async def test_a_repeated_request_gives_the_same_order_as_the_second_one_selects_it(client: Client, rep: User) -> None:
    given = gbp(line(), idempotencyKey="k")
    first = await written(client, ORDER_CREATE, given, as_=rep)
    before = await everything()
    short = """mutation($input: OrderCreateInput!) {
        orderCreate(input: $input) { order { id lines { sku } } errors { code } } }"""
    again = await written(client, short, given, as_=rep)
    assert again == {"id": first["id"], "lines": [{"sku": "TEA"}]}
    assert await everything() == before


async def test_the_same_input_written_otherwise_is_the_same_request(client: Client, rep: User) -> None:
    first = await written(client, ORDER_CREATE, gbp(line(), idempotencyKey="k"), as_=rep)
    inline = """mutation { orderCreate(input: {lines: [{quantity: 1, sku: "TEA", name: null}], idempotencyKey: "k",
        type: NEW, currency: "GBP"}) { order { id } errors { code } } }"""
    data = await client.data(inline, as_=rep)
    assert data == {"orderCreate": {"order": {"id": first["id"]}, "errors": []}}
    assert await Order.all().count() == 1


async def test_a_repeated_request_reads_the_order_as_it_is_by_then(client: Client, rep: User) -> None:
    given = gbp(line(), idempotencyKey="k")
    order = await written(client, ORDER_CREATE, given, as_=rep)
    await Order.all().update(notes="changed since", version=2)
    again = await written(client, ORDER_CREATE, given, as_=rep)
    assert (again["id"], again["notes"], again["version"]) == (order["id"], "changed since", 2)


async def test_a_row_that_left_the_viewers_sight_is_null_and_no_error(client: Client, rep: User, team: Team) -> None:
    given = gbp(line(), idempotencyKey="k")
    await written(client, ORDER_CREATE, given, as_=rep)
    await Order.all().update(owner=await make_user(Role.REP, team=team))
    assert await payload(client, ORDER_CREATE, given, as_=rep) == {"order": None, "errors": []}


async def test_another_input_under_the_same_key_is_refused(client: Client, rep: User, team: Team) -> None:
    await written(client, ORDER_CREATE, gbp(line(), idempotencyKey="k"), as_=rep)
    [error] = await refused(client, ORDER_CREATE, gbp(line("2"), idempotencyKey="k"), as_=rep)
    assert (error["__typename"], error["path"]) == ("IdempotencyKeyReused", ["input", "idempotencyKey"])
    colleague = await make_user(Role.REP, team=team)
    await written(client, ORDER_CREATE, gbp(line("2"), idempotencyKey="k"), as_=colleague)
    assert await Order.all().count() == 2


async def test_a_refusal_is_kept_under_its_key(client: Client, rep: User) -> None:
    given = gbp(line(sku="COFFEE"), idempotencyKey="k")
    first = await refused(client, ORDER_CREATE, given, as_=rep)
    assert told(first) == [("input.lines.0.sku", "NOT_FOUND")]
    await make_product("COFFEE")
    assert await refused(client, ORDER_CREATE, given, as_=rep) == first
    await written(client, ORDER_CREATE, given | {"idempotencyKey": "k2"}, as_=rep)


async def test_twins_that_come_together_make_one_order(client: Client, rep: User) -> None:
    given = gbp(line(), idempotencyKey="k")
    orders = await asyncio.gather(*(written(client, ORDER_CREATE, given, as_=rep) for _ in range(8)))
    assert len({order["id"] for order in orders}) == 1
    assert (await Order.all().count(), await OutboxEvent.all().count()) == (1, 1)


async def test_a_number_of_a_channel_is_taken_once(client: Client, rep: User) -> None:
    channel = await make_channel()
    given = gbp(line(), channelId=f"chn_{channel.id}", externalId="PO-7")
    await written(client, ORDER_CREATE, given, as_=rep)
    [error] = await refused(client, ORDER_CREATE, given, as_=rep)
    assert (error["__typename"], error["path"]) == ("AlreadyExists", ["input", "externalId"])


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.FULFILMENT, Role.SERVICE, Role.FINANCE, Role.INTEGRATION])
async def test_other_roles_enter_no_orders(client: Client, team: Team, role: Role) -> None:
    [error] = await refused(client, ORDER_CREATE, gbp(line()), as_=await make_user(role, team=team))
    assert (error["__typename"], error["path"]) == ("NotPermitted", [])


async def test_who_gets_an_order_is_for_managers_to_say(client: Client, rep: User, team: Team) -> None:
    colleague, manager = await make_user(Role.REP, team=team), await make_user(Role.MANAGER, team=team)
    given = gbp(line(), ownerId=f"usr_{colleague.id}")
    assert told(await refused(client, ORDER_CREATE, given, as_=rep)) == [("input.ownerId", "NOT_PERMITTED")]
    assert (await written(client, ORDER_CREATE, given, as_=manager))["owner"] == {"id": f"usr_{colleague.id}"}
    outsider = await make_user(Role.REP, team=await make_team("Elsewhere"))
    elsewhere = gbp(line(), ownerId=f"usr_{outsider.id}")
    assert told(await refused(client, ORDER_CREATE, elsewhere, as_=manager)) == [("input.ownerId", "NOT_PERMITTED")]


async def test_a_customer_that_is_shared_can_be_ordered_for(client: Client, rep: User, team: Team) -> None:
    customer = await make_customer(owner=await make_user(Role.REP, team=team), name="Acme")
    await share_customer(customer, rep)
    order = await written(client, ORDER_CREATE, gbp(line(), customerId=f"cus_{customer.id}"), as_=rep)
    assert (order["customer"], order["customerName"]) == ({"id": f"cus_{customer.id}"}, "Acme")
    assert order["owner"] == {"id": f"usr_{rep.id}"}
