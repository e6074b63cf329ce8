"""Orders that are handed in are checked: clean ones are approved at once, others wait with what was found."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.moments import write_moment
from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import AuditEntry, Channel, ChannelPrice, Customer, Order, OrderFinding, Product, ReviewPolicy, User
from services.clock import now
from tests.api.conftest import Client
from tests.factories import (
    PLACED_AT,
    make_channel,
    make_customer,
    make_order,
    make_product,
    make_rate,
    make_team,
    make_user,
)

FINDINGS = """findings { kind severity message facts line { sku } otherOrder { id }
    overriddenBy { id } overriddenAt }"""
STEP = """mutation($input: Order%sInput!) { order%s(input: $input) {
    order { id status version reviewed: availableTransitions { transition } FINDINGS
        statusChanges { toStatus actor { id } } }
    errors { code path } } }""".replace("FINDINGS", FINDINGS)
CLEAN: dict[str, Any] = {"ship_to": {"street": "1 Mill Lane", "country": "GB"}, "contact_email": "buyer@test.example"}


class Company:
    """A rep with a customer, who is managed by Mia; a reviewer; a shop that sells a product for 10."""

    rep: User
    mia: User
    reviewer: User
    customer: Customer
    shop: Channel
    product: Product


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    made, team = Company(), await make_team()
    made.rep, made.mia = await make_user(Role.REP, team=team), await make_user(Role.MANAGER, team=team)
    made.reviewer = await make_user(Role.REVIEWER)
    made.customer, made.shop = await make_customer(owner=made.rep), await make_channel()
    made.product = await make_product("TEA", price="10.00")
    checked = {"price_tolerance": Decimal("0.05"), "duplicate_hours": 24}
    await ReviewPolicy.create(code="whenever placed", rank=9, **checked)
    return made


async def make(company: Company, quantity: str = "1", **columns: Any) -> Order:
    """A draft that is clean but for `columns`."""
    lines = [(company.product, quantity)]
    given = CLEAN | {"customer": company.customer} | columns
    given |= {"created_at": given.get("placed_at", PLACED_AT)}
    return await make_order(owner=company.rep, lines=lines, **given)


async def step(client: Client, name: str, order: Order, version: int, *, as_: User, **more: Any) -> dict[str, Any]:
    given = {"id": f"ord_{order.id}", "expectedVersion": version, **more}
    payload = (await client.data(STEP % (name, name), {"input": given}, as_=as_))[f"order{name}"]
    assert payload["errors"] == []
    found: dict[str, Any] = payload["order"]
    return found


async def submitted(client: Client, company: Company, order: Order) -> dict[str, Any]:
    return await step(client, "Submit", order, 1, as_=company.rep)


async def test_a_clean_order_is_approved_at_once_by_nobody(client: Client, company: Company) -> None:
    after = await submitted(client, company, await make(company))
    assert (after["status"], after["version"], after["findings"]) == ("APPROVED", 3, [])
    assert after["statusChanges"] == [
        {"toStatus": "PENDING_REVIEW", "actor": {"id": f"usr_{company.rep.id}"}},
        {"toStatus": "APPROVED", "actor": None},
    ]


async def test_where_the_policy_wants_a_person_a_clean_order_waits_for_one(client: Client, company: Company) -> None:
    await ReviewPolicy.create(code="all", approve_clean=True, rank=2)
    await ReviewPolicy.create(code="shop", approve_clean=False, rank=1, channel=company.shop)
    waits = await submitted(client, company, await make(company, channel=company.shop))
    goes = await submitted(client, company, await make(company, quantity="2"))
    assert (waits["status"], goes["status"]) == ("PENDING_REVIEW", "APPROVED")


async def test_what_is_found_waits_for_a_reviewer_who_is_noted_for_approving(client: Client, company: Company) -> None:
    bare = await make(company, ship_to=None)
    after = await submitted(client, company, bare)
    assert (after["status"], after["version"]) == ("PENDING_REVIEW", 2)
    [found] = after["findings"]
    assert (found["kind"], found["severity"], found["overriddenBy"]) == ("ADDRESS_MISSING", "ERROR", None)
    asked = "{ orders(filter: {findings: {kind: {eq: %s}}}) { nodes { id } } }"
    hit = await client.data(asked % "ADDRESS_MISSING", as_=company.reviewer)
    miss = await client.data(asked % "CREDIT_EXCEEDED", as_=company.reviewer)
    assert (hit["orders"]["nodes"], miss["orders"]["nodes"]) == ([{"id": f"ord_{bare.id}"}], [])
    after = await step(client, "Approve", bare, 2, as_=company.reviewer)
    assert after["status"] == "APPROVED"
    assert after["findings"][0]["overriddenBy"] == {"id": f"usr_{company.reviewer.id}"}
    [entry] = await AuditEntry.filter(action="FINDINGS_OVERRIDDEN")
    assert (entry.subject_id, entry.facts) == (f"ord_{bare.id}", {"findings": ["ADDRESS_MISSING"]})


async def test_what_a_person_asked_back_is_looked_at_by_a_person_again(client: Client, company: Company) -> None:
    order = await make(company, contact_email=None)
    await submitted(client, company, order)
    await step(client, "RequestInfo", order, 2, as_=company.reviewer, reason="Who?")
    await Order.filter(id=order.id).update(contact_email="found@test.example")
    after = await step(client, "Submit", order, 3, as_=company.rep)
    assert (after["status"], after["findings"]) == ("PENDING_REVIEW", [])
    assert not await OrderFinding.all()


async def test_a_line_is_compared_with_what_its_channel_asks_that_day(client: Client, company: Company) -> None:
    document = """mutation($input: ChannelPriceUpsertInput!) { channelPriceUpsert(input: $input) {
        channelPrice { version price { amount } deviation } errors { code path } } }"""
    given = {"channelId": f"chn_{company.shop.id}", "productId": f"prd_{company.product.id}", "currency": "GBP"}
    for more in (
        {"startsOn": "2026-01-01", "price": "8.00"},
        {"startsOn": "2026-03-01", "endsOn": "2026-03-01", "promotion": True, "price": "5.00"},
    ):
        made = (await client.data(document, {"input": given | more}, as_=company.mia))["channelPriceUpsert"]
        assert made["errors"] == []
    # Placed on 2 March, when the promotion is over, at the product's own 10.00.
    dear = await submitted(client, company, await make(company, channel=company.shop))
    [found] = dear["findings"]
    assert (found["kind"], found["line"], found["facts"]["listPrice"]) == ("PRICE_DEVIATES", {"sku": "TEA"}, "8")
    await Order.all().delete()
    cheap = await make(company, channel=company.shop, placed_at=PLACED_AT - timedelta(days=1))
    [found] = (await submitted(client, company, cheap))["findings"]
    assert found["facts"]["listPrice"] == "5"
    # A line that says no price has the channel's.
    entry = """mutation($input: OrderCreateInput!) { orderCreate(input: $input) {
        order { lines { unitPrice } } errors { code } } }"""
    lines = [{"productId": f"prd_{company.product.id}", "quantity": "1"}]
    of = {"channelId": given["channelId"], "currency": "GBP", "lines": lines, "placedAt": "2026-03-01T12:00:00Z"}
    made = (await client.data(entry, {"input": of}, as_=company.rep))["orderCreate"]
    assert made["order"]["lines"] == [{"unitPrice": "5"}]


EXCHANGED = """mutation($input: OrderCreateInput!) { orderCreate(input: $input) {
    order { id status FINDINGS } errors { code path ... on InvalidInput { problem limit } } } }"""
MAY = "query($id: ID!) { order(id: $id) { findings { kind } availableTransitions { transition allowed } } }"


async def exchanged(client: Client, company: Company, *lines: dict[str, str], **more: Any) -> dict[str, Any]:
    """The payload of an exchange of four teas that were sold at 10.00."""
    sold = await make(company, "4", status=OrderStatus.COMPLETED)
    of = {"type": "EXCHANGE", "originalOrderId": f"ord_{sold.id}", "currency": "GBP"}
    given = of | {"lines": [{"productId": f"prd_{company.product.id}", **line} for line in lines]} | more
    document = EXCHANGED.replace("FINDINGS", FINDINGS)
    payload = (await client.data(document, {"input": given}, as_=company.rep))["orderCreate"]
    assert isinstance(payload, dict)
    return payload


async def test_an_exchange_at_odd_prices_is_authorised_by_who_reviews_and_not_by_service(
    client: Client, company: Company
) -> None:
    sue = await make_user(Role.SERVICE)
    none_back = await exchanged(client, company, {"quantity": "50", "unitPrice": "0"})
    needed = {"code": "INVALID_INPUT", "path": ["input", "lines"], "problem": "returned_line_needed", "limit": None}
    assert none_back["errors"] == [needed]
    gift = ({"quantity": "-1", "unitPrice": "0.01"}, {"quantity": "500", "unitPrice": "0"})
    made = (await exchanged(client, company, *gift))["order"]
    [found] = made["findings"]
    assert (made["status"], found["kind"], found["facts"]["price"]) == ("REQUESTED", "PRICE_DEVIATES", "0")
    order = await Order.get(id=int(made["id"].removeprefix("ord_")))
    seen = (await client.data(MAY, {"id": made["id"]}, as_=sue))["order"]
    assert seen["findings"] == [{"kind": "PRICE_DEVIATES"}]
    assert {each["transition"]: each["allowed"] for each in seen["availableTransitions"]} == {
        "AUTHORISE": False,
        "DECLINE": True,
    }
    given = {"id": made["id"], "expectedVersion": 1}
    refusal = (await client.data(STEP % ("Authorise", "Authorise"), {"input": given}, as_=sue))["orderAuthorise"]
    assert refusal == {"order": None, "errors": [{"code": "NOT_PERMITTED", "path": ["input", "id"]}]}
    after = await step(client, "Authorise", order, 1, as_=company.mia)
    assert (after["status"], after["findings"][0]["overriddenBy"]) == ("AUTHORISED", {"id": f"usr_{company.mia.id}"})
    [entry] = await AuditEntry.filter(action="FINDINGS_OVERRIDDEN")
    assert (entry.subject_id, entry.facts) == (made["id"], {"findings": ["PRICE_DEVIATES"]})


async def test_a_fair_exchange_is_services_and_one_beyond_the_credit_is_not(client: Client, company: Company) -> None:
    fair = (await exchanged(client, company, {"quantity": "-2"}, {"quantity": "2"}))["order"]
    order = await Order.get(id=int(fair["id"].removeprefix("ord_")))
    assert fair["findings"] == []
    assert (await step(client, "Authorise", order, 1, as_=await make_user(Role.SERVICE)))["status"] == "AUTHORISED"
    await Customer.filter(id=company.customer.id).update(credit_limit=Decimal(40))
    dear = (await exchanged(client, company, {"quantity": "-1"}, {"quantity": "5"}))["order"]
    assert [found["kind"] for found in dear["findings"]] == ["CREDIT_EXCEEDED"]


async def test_the_same_order_again_is_a_possible_duplicate_of_the_first(client: Client, company: Company) -> None:
    first = await make(company, quantity="3.0")
    near = await make(company, quantity="3", placed_at=PLACED_AT + timedelta(hours=23))
    for other in (
        {"quantity": "4"},
        {"placed_at": PLACED_AT + timedelta(hours=60)},
        {"customer": await make_customer(owner=company.rep)},
    ):
        await make(company, **({"quantity": "3"} | other))
    await make_order("CANCELLED", owner=company.rep, customer=company.customer, lines=[(company.product, "3")], **CLEAN)  # type: ignore[arg-type]  # a member's value
    [found] = (await submitted(client, company, near))["findings"]
    assert (found["kind"], found["otherOrder"]) == ("POSSIBLE_DUPLICATE", {"id": f"ord_{first.id}"})


ENTRY = """mutation($input: OrderCreateInput!) { orderCreate(input: $input) { order { id } errors { code path } } }"""


async def entered(client: Client, company: Company, *, quantity: str = "1", **more: Any) -> dict[str, Any]:
    """What becomes of an order that the rep enters and hands in, clean but for `more`."""
    line = {"productId": f"prd_{company.product.id}", "quantity": quantity, "unitPrice": more.pop("unitPrice", None)}
    reach = {"shipTo": {"street": "1 Mill Lane", "country": "GB"}, "contact": {"email": "buyer@test.example"}}
    given = {"currency": "GBP", "customerId": f"cus_{company.customer.id}", "lines": [line]} | reach | more
    made = (await client.data(ENTRY, {"input": given}, as_=company.rep))["orderCreate"]
    assert made["errors"] == []
    return await submitted(client, company, await Order.get(id=int(made["order"]["id"].removeprefix("ord_"))))


def kinds_in(after: dict[str, Any]) -> list[str]:
    return [found["kind"] for found in after["findings"]]


async def test_no_way_of_entering_hides_a_price_a_date_or_who_buys(client: Client, company: Company) -> None:
    await ReviewPolicy.all().delete()  # what holds without one
    shared = {"channelId": f"chn_{company.shop.id}"}
    # The order's discount is one of its lines.
    assert kinds_in(await entered(client, company, discount="0.50")) == []
    assert kinds_in(await entered(client, company, discount="9.99")) == ["PRICE_DEVIATES"]
    # Another currency is compared at the rate of the day: 10.00 GBP are 12.50 EUR.
    await make_rate("EUR", "0.8")
    assert kinds_in(await entered(client, company, currency="EUR", unitPrice="12.60", quantity="3")) == []
    [found] = (await entered(client, company, currency="EUR", unitPrice="0.01", quantity="2"))["findings"]
    assert (found["kind"], found["facts"]["listPrice"]) == ("PRICE_DEVIATES", "12.5")
    # A promotion of long ago is nobody's any more.
    at = {"product": company.product, "currency": "GBP", "starts_on": date(2024, 1, 1), "ends_on": date(2024, 1, 7)}
    await ChannelPrice.create(channel=company.shop, promotion=True, price=Decimal("1.00"), **at)
    old = {"placedAt": "2024-01-03T10:00:00Z", "quantity": "40"}
    assert kinds_in(await entered(client, company, **old, **shared)) == ["PLACED_EARLIER"]
    # The same again, of the days before: what was entered meanwhile is its twin.
    assert kinds_in(await entered(client, company, quantity="7")) == []
    days_before = write_moment(now() - timedelta(days=3))
    assert kinds_in(await entered(client, company, quantity="7", placedAt=days_before)) == ["POSSIBLE_DUPLICATE"]
    # Nobody's credit: a small order needs no customer, a large one does.
    assert kinds_in(await entered(client, company, quantity="80", customerId=None, customerName="Jo")) == []
    large = await entered(client, company, quantity="4000", customerId=None, customerName="Jo")
    assert (kinds_in(large), large["status"]) == (["CUSTOMER_MISSING"], "PENDING_REVIEW")


async def test_a_price_that_no_rate_leads_to_is_looked_at(client: Client, company: Company) -> None:
    await Product.filter(id=company.product.id).update(price=None, currency=None)
    begun = {"product": company.product, "starts_on": date(2024, 1, 1), "price": Decimal("10.00")}
    await ChannelPrice.create(channel=company.shop, currency="USD", **begun)
    shared = {"channelId": f"chn_{company.shop.id}", "unitPrice": "1"}
    assert kinds_in(await entered(client, company, **shared)) == ["LIST_PRICE_MISSING"]
    await make_rate("USD", "0.5")
    [found] = (await entered(client, company, **shared, quantity="2"))["findings"]
    assert (found["kind"], found["facts"]["listPrice"]) == ("PRICE_DEVIATES", "5")
    assert kinds_in(await entered(client, company, unitPrice="3")) == []  # of no channel: nobody says a price


CREDIT = """mutation($input: CustomerCreditLimitUpdateInput!) { customerCreditLimitUpdate(input: $input) {
    customer { version creditLimit { amount currency } } errors { code path } } }"""


async def limited(client: Client, company: Company, limit: str, as_: User) -> dict[str, Any]:
    given = {"id": f"cus_{company.customer.id}", "expectedVersion": 1, "creditLimit": limit}
    payload: dict[str, Any] = (await client.data(CREDIT, {"input": given}, as_=as_))["customerCreditLimitUpdate"]
    return payload


async def test_a_manager_says_how_much_a_customer_may_owe_and_the_rep_does_not(
    client: Client, company: Company
) -> None:
    refused = await limited(client, company, "100", as_=company.rep)
    assert refused["errors"] == [{"code": "NOT_PERMITTED", "path": ["input", "id"]}]
    assert (await limited(client, company, "-1", as_=company.mia))["errors"][0]["path"] == ["input", "creditLimit"]
    found = await limited(client, company, "100", as_=company.mia)
    assert found["customer"] == {"version": 2, "creditLimit": {"amount": "100.00", "currency": "GBP"}}
    assert await AuditEntry.filter(action="CREDIT_LIMIT_CHANGED").count() == 1


async def test_of_orders_handed_in_at_once_those_beyond_the_limit_are_found(client: Client, company: Company) -> None:
    await Customer.filter(id=company.customer.id).update(credit_limit=Decimal("100.00"))
    orders = [await make(company, quantity=str(n)) for n in (5, 6, 7)]  # 60, 72 and 84 with tax
    answers = await asyncio.gather(*(submitted(client, company, order) for order in orders))
    assert sorted(answer["status"] for answer in answers) == ["APPROVED", "PENDING_REVIEW", "PENDING_REVIEW"]
    beyond = [answer["findings"][0] for answer in answers if answer["findings"]]
    assert {finding["kind"] for finding in beyond} == {"CREDIT_EXCEEDED"}
    # The rep is told that it is so; who decides is told how much.
    assert {(finding["message"], finding["facts"]) for finding in beyond} == {
        ("The customer's credit limit is exceeded.", None)
    }
    seen = await client.data("{ orders { nodes { findings { message facts } } } }", as_=company.reviewer)
    facts = [found["facts"]["limit"] for node in seen["orders"]["nodes"] for found in node["findings"]]
    assert facts == ["100", "100"]


async def test_how_channels_deviate_can_be_listed(client: Client, company: Company) -> None:
    document = """mutation($a: ChannelPriceUpsertInput!, $b: ChannelPriceUpsertInput!, $c: ChannelPriceUpsertInput!) {
        a: channelPriceUpsert(input: $a) { errors { code path } }
        b: channelPriceUpsert(input: $b) { errors { code path } }
        c: channelPriceUpsert(input: $c) { errors { code path } } }"""
    other = await make_channel()
    base = {"productId": f"prd_{company.product.id}", "currency": "GBP", "startsOn": "2026-01-01"}
    here, there = {"channelId": f"chn_{company.shop.id}"}, {"channelId": f"chn_{other.id}"}
    promotion = base | here | {"promotion": True, "price": "1"}
    given = {"a": base | here | {"price": "8"}, "b": base | there | {"price": "10"}, "c": promotion}
    made = await client.data(document, given, as_=company.mia)
    assert (made["a"]["errors"], made["b"]["errors"]) == ([], [])
    assert made["c"]["errors"] == [{"code": "INVALID_INPUT", "path": ["input", "endsOn"]}]
    asked = '{ channelPrices(filter: {deviation: {gte: "0.1"}}) { nodes { deviation channel { code } } } }'
    found = (await client.data(asked, as_=company.rep))["channelPrices"]["nodes"]
    assert found == [{"deviation": "0.25", "channel": {"code": other.code}}]
