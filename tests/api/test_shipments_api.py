"""Shipments over the API: documents in, JSON out."""

from datetime import date
from typing import Any

import pytest

from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import Order, OutboxEvent, Reason, User
from tests.api.conftest import Client
from tests.api.writing import ERRORS, payload, refused, told, written
from tests.factories import make_order, make_product, make_team, make_user

pytestmark = pytest.mark.usefixtures("database")
SENT = """shipment { id version carrier trackingNumber deliveredAt lines { quantity orderLine { id } } actor { id }
    order { version status fulfilment lines { shipped fulfilment }
        availableTransitions { transition allowed blockedBy { code problem } } } }"""
CREATE = f"mutation($input: ShipmentCreateInput!) {{ shipmentCreate(input: $input) {{ {SENT} {ERRORS} }} }}"
DELIVER = f"mutation($input: ShipmentDeliverInput!) {{ shipmentDeliver(input: $input) {{ {SENT} {ERRORS} }} }}"
SHIP = f"""mutation($input: OrderShipInput!) {{ orderShip(input: $input) {{
    order {{ status fulfilment shipments {{ carrier trackingNumber lines {{ quantity }} }} }} {ERRORS} }} }}"""
UPDATE = f"mutation($input: ShipmentUpdateInput!) {{ shipmentUpdate(input: $input) {{ {SENT} {ERRORS} }} }}"
LISTED = "query($filter: ShipmentFilter) { shipments(filter: $filter) { totalCount nodes { id state } } }"
BY_NUMBER = """query($number: String!) {
    orders(filter: {shipments: {trackingNumber: {eq: $number}}}) { nodes { id } }
    search(text: $number) { match field node { id ... on Shipment { order { id } } } } }"""


@pytest.fixture
async def pat() -> User:
    return await make_user(Role.FULFILMENT)


@pytest.fixture
async def rep() -> User:
    return await make_user(Role.REP, team=await make_team("Sales"))


@pytest.fixture
async def order(rep: User) -> Order:
    tea = await make_product()
    return await make_order(OrderStatus.PACKED, owner=rep, lines=[(tea, "3"), (tea, "1")])


def of(order: Order, version: int = 1, **more: Any) -> dict[str, Any]:
    return {"orderId": f"ord_{order.id}", "expectedVersion": version, **more}


async def test_an_order_goes_in_parts_and_says_how_far_it_is(client: Client, pat: User, order: Order) -> None:
    part = [{"lineId": "oln_1", "quantity": "2.0"}]
    asked = of(order, lines=part, carrier="Royal Mail", trackingNumber="RM-77-001", idempotencyKey="once")
    got = await written(client, CREATE, asked, as_=pat)
    assert got.pop("order") == {
        "version": 2,
        "status": "PACKED",
        "fulfilment": "PARTIAL",
        "lines": [{"shipped": "2", "fulfilment": "PARTIAL"}, {"shipped": "0", "fulfilment": "NONE"}],
        "availableTransitions": [
            {"transition": "SHIP", "allowed": True, "blockedBy": []},
            {
                "transition": "CANCEL",
                "allowed": False,
                "blockedBy": [{"code": "INVALID_INPUT", "problem": "partly_shipped"}],
            },
        ],
    }
    assert got == {
        "id": "shp_1",
        "version": 1,
        "carrier": "Royal Mail",
        "trackingNumber": "RM-77-001",
        "deliveredAt": None,
        "lines": [{"quantity": "2", "orderLine": {"id": "oln_1"}}],
        "actor": {"id": f"usr_{pat.id}"},
    }
    assert (await written(client, CREATE, asked, as_=pat))["id"] == "shp_1", "repeated under its key"
    ship = {"id": f"ord_{order.id}", "expectedVersion": 2, "trackingNumber": "RM-77-002"}
    assert await written(client, SHIP, ship, as_=pat) == {
        "status": "SHIPPED",
        "fulfilment": "FULL",
        "shipments": [
            {"carrier": "Royal Mail", "trackingNumber": "RM-77-001", "lines": [{"quantity": "2"}]},
            {"carrier": None, "trackingNumber": "RM-77-002", "lines": [{"quantity": "1"}, {"quantity": "1"}]},
        ],
    }
    came = {"id": "shp_1", "expectedVersion": 1, "deliveredAt": "2000-01-01T10:00:00Z"}
    await refused(client, DELIVER, came, as_=pat)  # it was sent later
    came = {"id": "shp_1", "expectedVersion": 1}
    arrived = await written(client, DELIVER, came, as_=pat)
    assert (arrived["version"], arrived["deliveredAt"] is None) == (2, False)


async def test_an_order_is_found_by_its_tracking_number_by_who_sees_it(
    client: Client, pat: User, rep: User, order: Order
) -> None:
    await written(client, CREATE, of(order, trackingNumber="RM-77-001"), as_=pat)
    other = await make_user(Role.REP, team=await make_team("Others"))
    found = [{"id": f"ord_{order.id}"}]
    hit = {"match": "WHOLE", "field": "trackingNumber", "node": {"id": "shp_1", "order": found[0]}}
    for user, seen in ((pat, True), (rep, True), (other, False)):
        answer = await client.data(BY_NUMBER, {"number": "RM-77-001"}, as_=user)
        assert answer == {"orders": {"nodes": found if seen else []}, "search": [hit] if seen else []}
    part = await client.data('{ search(text: "77-00") { match } }', as_=rep)
    assert part == {"search": [{"match": "PART"}]}


async def test_carrier_and_number_are_put_right_until_it_arrives(client: Client, pat: User, order: Order) -> None:
    await written(client, CREATE, of(order, trackingNumber="RM-77-001", carrier="Royal Mail"), as_=pat)
    asked = {"id": "shp_1", "expectedVersion": 1, "trackingNumber": "DPD-15-883"}
    right = await written(client, UPDATE, asked | {"idempotencyKey": "once"}, as_=pat)
    assert (right["version"], right["carrier"], right["trackingNumber"]) == (2, "Royal Mail", "DPD-15-883")
    assert right["order"]["version"] == 3
    assert (await written(client, UPDATE, asked | {"idempotencyKey": "once"}, as_=pat))["version"] == 2
    assert told(await refused(client, UPDATE, asked, as_=pat)) == [("input.expectedVersion", "VERSION_CONFLICT")]
    again = await written(client, UPDATE, asked | {"expectedVersion": 2}, as_=pat)
    assert (again["version"], again["order"]["version"]) == (2, 3), "nothing really changed"
    event = await OutboxEvent.filter(type="order.updated").get()
    was = {"id": 1, "trackingNumber": {"from": "RM-77-001", "to": "DPD-15-883"}}
    assert (event.payload["changed"], event.payload["shipment"]) == (["shipments"], was)
    for number, found in (("RM-77-001", 0), ("DPD-15-883", 1)):
        answer = await client.data(BY_NUMBER, {"number": number}, as_=pat)
        assert (len(answer["orders"]["nodes"]), len(answer["search"])) == (found, found), number
    bad = asked | {"expectedVersion": 2, "trackingNumber": " x", "carrier": "a\nb"}
    wrong = [("input.carrier", "forbidden_character"), ("input.trackingNumber", "surrounded_by_space")]
    assert told(await refused(client, UPDATE, bad, as_=pat)) == wrong
    cleared = await written(client, UPDATE, {"id": "shp_1", "expectedVersion": 2, "carrier": None}, as_=pat)
    assert (cleared["carrier"], cleared["trackingNumber"]) == (None, "DPD-15-883")
    await written(client, DELIVER, {"id": "shp_1", "expectedVersion": 3}, as_=pat)
    late = {"id": "shp_1", "expectedVersion": 4, "carrier": "DPD"}
    assert told(await refused(client, UPDATE, late, as_=pat)) == [("input.id", "delivered")]


async def test_shipments_are_listed_as_their_orders_are_seen(client: Client, pat: User, rep: User) -> None:
    tea, other = await make_product(), await make_user(Role.REP, team=await make_team("Others"))
    for number, owner in ((1, rep), (2, rep), (3, other)):
        order = await make_order(OrderStatus.PACKED, owner=owner, lines=[(tea, "1")])
        day = f"2026-03-0{number + 2}T12:00:00Z"
        await written(client, CREATE, of(order, carrier=f"carrier {number % 2}", shippedAt=day), as_=pat)
    came = {"id": "shp_1", "expectedVersion": 1, "deliveredAt": "2026-03-09T12:00:00Z"}
    await written(client, DELIVER, came, as_=pat)
    on_its_way = {"state": {"eq": "IN_TRANSIT"}}
    for user, condition, ids in (
        (pat, {}, ["shp_3", "shp_2", "shp_1"]),
        (rep, {}, ["shp_2", "shp_1"]),
        (pat, on_its_way, ["shp_3", "shp_2"]),
        (rep, on_its_way, ["shp_2"]),
        (pat, {"state": {"in": ["DELIVERED"]}}, ["shp_1"]),
        (pat, {"carrier": {"eq": "carrier 1"}}, ["shp_3", "shp_1"]),
        (pat, {"shippedAt": {"lt": "2026-03-05T00:00:00Z"}, "not": on_its_way}, ["shp_1"]),
        (pat, {"order": {"owner": {"id": {"eq": f"usr_{other.id}"}}}}, ["shp_3"]),
    ):
        found = (await client.data(LISTED, {"filter": condition}, as_=user))["shipments"]
        assert ([node["id"] for node in found["nodes"]], found["totalCount"]) == (ids, len(ids)), condition


async def test_what_was_sent_before_there_were_shipments_was_sent_as_a_whole(client: Client, rep: User) -> None:
    order = await make_order(OrderStatus.SHIPPED, owner=rep, lines=[(await make_product(), "3")])
    read = f'{{ order(id: "ord_{order.id}") {{ fulfilment shipments {{ id }} lines {{ shipped fulfilment }} }} }}'
    assert (await client.data(read, as_=rep))["order"] == {
        "fulfilment": "FULL",
        "shipments": [],
        "lines": [{"shipped": "3", "fulfilment": "FULL"}],
    }


async def test_refusals_name_their_fields(client: Client, pat: User, rep: User, order: Order) -> None:
    assert told(await refused(client, CREATE, of(order, 3), as_=pat)) == [("input.expectedVersion", "VERSION_CONFLICT")]
    assert told(await refused(client, CREATE, of(order, lines=[]), as_=pat)) == [("input.lines", "line_needed")]
    assert told(await refused(client, CREATE, of(order), as_=rep)) == [("input.orderId", "NOT_PERMITTED")]
    given = {"id": "shp_9", "expectedVersion": 1}
    assert told((await payload(client, DELIVER, given, as_=pat))["errors"]) == [("input.id", "NOT_FOUND")]
    many = [{"id": f"ord_{order.id}", "expectedVersion": 1, "carrier": "x" * 300}]
    document = "mutation($input: OrderShipManyInput!) { orderShipMany(input: $input) { results { errors { path } } } }"
    answer = await client.data(document, {"input": {"items": many}}, as_=pat)
    assert answer["orderShipMany"]["results"] == [{"errors": [{"path": ["input", "items", "0", "carrier"]}]}]


async def test_what_is_short_goes_to_an_order_that_is_linked_with_the_first(client: Client, pat: User) -> None:
    tea = await make_product()
    order = await make_order(OrderStatus.APPROVED, lines=[(tea, "3"), (tea, "1")])
    document = f"""mutation($input: OrderSplitInput!) {{ orderSplit(input: $input) {{
        order {{ version total {{ amount }} splitInto {{ nodes {{ id }} }} }}
        newOrder {{ id status total {{ amount }} splitFrom {{ id }} lines {{ quantity }} }} {ERRORS} }} }}"""
    asked = {"id": f"ord_{order.id}", "expectedVersion": 1, "reason": "short", "idempotencyKey": "once"}
    asked["lines"] = [{"lineId": "oln_1", "quantity": "2"}]
    got = await payload(client, document, asked, as_=pat)
    assert got == {
        "order": {"version": 2, "total": {"amount": "24.00"}, "splitInto": {"nodes": [{"id": "ord_2"}]}},
        "newOrder": {
            "id": "ord_2",
            "status": "APPROVED",
            "total": {"amount": "24.00"},
            "splitFrom": {"id": f"ord_{order.id}"},
            "lines": [{"quantity": "2"}],
        },
        "errors": [],
    }
    assert await payload(client, document, asked, as_=pat) == got, "repeated under its key"
    again = await payload(client, document, {**asked, "idempotencyKey": "twice"}, as_=pat)
    assert (again["order"], again["newOrder"], told(again["errors"])) == (
        *(None, None, [("input.expectedVersion", "VERSION_CONFLICT")]),
    )


async def test_late_orders_are_found_and_explained(client: Client, pat: User) -> None:
    fog = await Reason.create(kind="DELAY", code="fog", labels={"en": "Fog"})
    tea = await make_product()
    for day in (date(2001, 1, 31), date(2999, 1, 31), None):
        await make_order(OrderStatus.PACKED, lines=[(tea, "1")], required_by=day)
    late = "{ orders(filter: {late: {eq: true}}) { nodes { id late delayReason { label } } } }"
    assert (await client.data(late, as_=pat))["orders"]["nodes"] == [{"id": "ord_1", "late": True, "delayReason": None}]
    document = f"""mutation($input: OrderDelayReasonSetInput!) {{ orderDelayReasonSet(input: $input) {{
        order {{ version delayReason {{ code label }} }} {ERRORS} }} }}"""
    asked = {"id": "ord_1", "expectedVersion": 1, "reasonId": f"rsn_{fog.id}"}
    assert await written(client, document, asked, as_=pat) == {
        "version": 2,
        "delayReason": {"code": "fog", "label": "Fog"},
    }
    asked = {"id": "ord_2", "expectedVersion": 1, "reasonId": f"rsn_{fog.id}"}
    assert told(await refused(client, document, asked, as_=pat)) == [("input.id", "not_late")]
