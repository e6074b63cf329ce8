"""The steps of an order's life over the API: documents in, JSON out."""

import asyncio
from typing import Any

import pytest

from domain.orders.life_cycle import OrderStatus, OrderType
from domain.people import Role
from models import Order, OrderStatusChange, OutboxEvent, Team, User
from tests.api.conftest import Client
from tests.api.writing import refused, told, written
from tests.factories import make_order, make_team, make_user

pytestmark = pytest.mark.usefixtures("database")
_S = OrderStatus
STEP = "order { id number version status statusChanges { fromStatus toStatus reason actor { id } } }"
ERRORS = """errors { __typename code message path
    ... on StepNotPossible { status allowedFrom } ... on InvalidInput { problem limit } }"""


def document(step: str) -> str:
    name = step[0].upper() + step[1:]
    return f"mutation($input: Order{name}Input!) {{ order{name}(input: $input) {{ {STEP} {ERRORS} }} }}"


def many(step: str) -> str:
    name = f"{step[0].upper()}{step[1:]}Many"
    return f"""mutation($input: Order{name}Input!) {{ order{name}(input: $input) {{
        results {{ id {STEP} {ERRORS} }} {ERRORS} }} }}"""


def given(order: Order, version: int = 1, **fields: Any) -> dict[str, Any]:
    return {"id": f"ord_{order.id}", "expectedVersion": version, **fields}


@pytest.fixture
async def team(database: str) -> Team:
    assert database
    return await make_team()


@pytest.fixture
async def rep(team: Team) -> User:
    return await make_user(Role.REP, team=team)


@pytest.fixture
async def reviewer(database: str) -> User:
    assert database
    return await make_user(Role.REVIEWER)


async def test_an_order_goes_its_whole_way_through_the_hands_of_those_whose_steps_they_are(
    client: Client, rep: User, reviewer: User
) -> None:
    packer, clerk = await make_user(Role.FULFILMENT), await make_user(Role.SERVICE)
    order = await make_order(owner=rep)
    way = [
        ("submit", rep, _S.PENDING_REVIEW),
        ("requestInfo", reviewer, _S.NEEDS_INFO),
        ("submit", rep, _S.PENDING_REVIEW),
        ("approve", reviewer, _S.APPROVED),
        ("startPicking", packer, _S.PICKING),
        ("backorder", packer, _S.BACKORDERED),
        ("resumePicking", packer, _S.PICKING),
        ("pack", packer, _S.PACKED),
        ("ship", packer, _S.SHIPPED),
        ("complete", clerk, _S.COMPLETED),
    ]
    for version, (step, who, to) in enumerate(way, start=1):
        after = await written(client, document(step), given(order, version, reason=f"{step} it"), as_=who)
        assert (after["status"], after["version"]) == (to, version + 1)
        assert after["statusChanges"][-1] == {
            "fromStatus": way[version - 2][2] if version > 1 else "DRAFT",
            "toStatus": to,
            "reason": f"{step} it",
            "actor": {"id": f"usr_{who.id}"},
        }
    events = await OutboxEvent.filter(aggregate_id=order.id).order_by("seq")
    assert [event.seq for event in events] == list(range(1, len(way) + 1))
    assert events[-1].type == "order.completed"
    assert events[-1].payload == {"version": 11, "from": "SHIPPED", "to": "COMPLETED", "by": clerk.id}


@pytest.mark.parametrize(
    ("kind", "last", "to", "role"),
    [
        (OrderType.RETURN, "refund", _S.REFUNDED, Role.FINANCE),
        (OrderType.EXCHANGE, "exchange", _S.EXCHANGED, Role.FULFILMENT),
    ],
)
async def test_what_comes_back_ends_as_it_should(
    client: Client, rep: User, kind: OrderType, last: str, to: OrderStatus, role: Role
) -> None:
    clerk, packer, who = await make_user(Role.SERVICE), await make_user(Role.FULFILMENT), await make_user(role)
    order = await make_order(_S.REQUESTED, owner=rep, type=kind)
    await written(client, document("authorise"), given(order, 1), as_=clerk)
    await written(client, document("receive"), given(order, 2), as_=packer)
    assert (await written(client, document(last), given(order, 3), as_=who))["status"] == to


async def test_a_step_that_does_not_begin_here_says_where_it_does(client: Client, rep: User) -> None:
    order = await make_order(_S.SHIPPED, owner=rep)
    [error] = await refused(client, document("submit"), given(order), as_=rep)
    assert error["__typename"] == "StepNotPossible"
    assert (error["status"], error["allowedFrom"]) == ("SHIPPED", ["DRAFT", "NEEDS_INFO"])
    assert error["message"] == "The order is SHIPPED; this is possible only from DRAFT, NEEDS_INFO."


async def test_an_order_of_somebody_else_is_not_there_and_one_that_is_seen_is_not_permitted(
    client: Client, rep: User, reviewer: User
) -> None:
    order = await make_order(_S.PENDING_REVIEW, owner=rep)
    stranger = await make_user(Role.REP, team=await make_team("Others"))
    assert told(await refused(client, document("cancel"), given(order, reason="mine"), as_=stranger)) == [
        ("input.id", "NOT_FOUND")
    ]
    assert told(await refused(client, document("cancel"), given(order, reason="no"), as_=reviewer)) == [
        ("input.id", "NOT_PERMITTED")
    ]
    assert told(await refused(client, document("approve"), given(order), as_=rep)) == [("input.id", "NOT_PERMITTED")]


async def test_a_reason_is_words_of_bounded_length(client: Client, rep: User) -> None:
    order = await make_order(owner=rep)
    assert told(await refused(client, document("cancel"), given(order, reason=" "), as_=rep)) == [
        ("input.reason", "blank")
    ]
    assert told(await refused(client, document("cancel"), given(order, reason="x" * 20_000), as_=rep)) == [
        ("input.reason", "too_long")
    ]


async def test_of_ten_who_take_a_step_at_once_one_does(client: Client, reviewer: User) -> None:
    order = await make_order(_S.PENDING_REVIEW)
    others = [await make_user(Role.REVIEWER) for _ in range(9)]
    answers = await asyncio.gather(
        *(client.data(document("approve"), {"input": given(order)}, as_=who) for who in (reviewer, *others))
    )
    won = [answer["orderApprove"] for answer in answers if not answer["orderApprove"]["errors"]]
    lost = [error for answer in answers for error in answer["orderApprove"]["errors"]]
    assert len(won) == 1
    assert {error["code"] for error in lost} <= {"VERSION_CONFLICT", "NOT_FOUND"}  # it may have left their sight
    assert await OrderStatusChange.filter(order_id=order.id).count() == 1


async def test_a_step_that_is_repeated_under_its_key_is_taken_once(client: Client, rep: User) -> None:
    order = await make_order(owner=rep)
    asked = given(order, idempotencyKey="once")
    first = await written(client, document("submit"), asked, as_=rep)
    assert await written(client, document("submit"), asked, as_=rep) == first
    assert await OrderStatusChange.filter(order_id=order.id).count() == 1


async def test_an_order_that_leaves_the_viewers_sight_is_null_beside_no_error(client: Client, rep: User) -> None:
    packer = await make_user(Role.REVIEWER, Role.FULFILMENT)
    order = await make_order(_S.PACKED, owner=rep)
    answer = await client.data(
        document("cancel"), {"input": given(order, reason="broken in the warehouse")}, as_=packer
    )
    assert answer["orderCancel"] == {"order": None, "errors": []}


async def test_of_many_each_succeeds_or_fails_by_itself(client: Client, reviewer: User) -> None:
    waiting = [await make_order(_S.PENDING_REVIEW) for _ in range(3)]
    asked = {
        "items": [
            given(waiting[0]),
            given(waiting[1], version=7),
            given(waiting[2]),
            {"id": "ord_9999", "expectedVersion": 1},
        ]
    }
    answer = (await client.data(many("approve"), {"input": asked}, as_=reviewer))["orderApproveMany"]
    assert answer["errors"] == []
    outcomes = [(each["order"] and each["order"]["status"], told(each["errors"])) for each in answer["results"]]
    assert outcomes == [
        ("APPROVED", []),
        (None, [("input.items.1.expectedVersion", "VERSION_CONFLICT")]),
        ("APPROVED", []),
        (None, [("input.items.3.id", "NOT_FOUND")]),
    ]
    assert [each["id"] for each in answer["results"]] == [item["id"] for item in asked["items"]]


async def test_many_that_are_repeated_under_a_key_are_taken_once_each(client: Client, reviewer: User) -> None:
    waiting = [await make_order(_S.PENDING_REVIEW) for _ in range(2)]
    asked = {"items": [given(order) for order in waiting], "idempotencyKey": "monday".ljust(200, "!")}
    first = await client.data(many("approve"), {"input": asked}, as_=reviewer)
    assert [each["errors"] for each in first["orderApproveMany"]["results"]] == [[], []], "a key of full length"
    assert await client.data(many("approve"), {"input": asked}, as_=reviewer) == first
    assert await OrderStatusChange.all().count() == 2


async def test_many_at_once_and_one_alone_have_keys_of_their_own(client: Client, reviewer: User) -> None:
    first, second = [await make_order(_S.PENDING_REVIEW) for _ in range(2)]
    await written(client, document("approve"), given(first, idempotencyKey="a#0"), as_=reviewer)
    asked = {"items": [given(second)], "idempotencyKey": "a"}
    [result] = (await client.data(many("approve"), {"input": asked}, as_=reviewer))["orderApproveMany"]["results"]
    assert (result["order"]["status"], result["errors"]) == ("APPROVED", [])


async def test_too_many_at_once_are_refused_and_none_is_looked_at(client: Client, reviewer: User) -> None:
    order = await make_order(_S.PENDING_REVIEW)
    asked = {"items": [given(order)] * 101}
    answer = (await client.data(many("approve"), {"input": asked}, as_=reviewer))["orderApproveMany"]
    assert answer["results"] is None
    assert told(answer["errors"]) == [("input.items", "too_many")]
    assert (await Order.get(id=order.id)).status == _S.PENDING_REVIEW


async def test_an_order_tells_its_next_steps_and_why_some_are_not_yours(client: Client, rep: User) -> None:
    order = await make_order(_S.PENDING_REVIEW, owner=rep)
    asked = """query($id: ID!) { order(id: $id) {
        steps: availableTransitions { step: transition allowed blockedBy { code } label reasonNeeded } } }"""
    found = await client.data(asked, {"id": f"ord_{order.id}"}, as_=rep, **{"accept-language": "zh"})
    assert found["order"]["steps"] == [
        {
            "step": "APPROVE",
            "allowed": False,
            "blockedBy": [{"code": "NOT_PERMITTED"}],
            "label": "审核通过",
            "reasonNeeded": False,
        },
        {
            "step": "REQUEST_INFO",
            "allowed": False,
            "blockedBy": [{"code": "NOT_PERMITTED"}],
            "label": "要求补充",
            "reasonNeeded": True,
        },
        {
            "step": "REJECT",
            "allowed": False,
            "blockedBy": [{"code": "NOT_PERMITTED"}],
            "label": "驳回",
            "reasonNeeded": True,
        },
        {"step": "CANCEL", "allowed": True, "blockedBy": [], "label": "取消", "reasonNeeded": True},
    ]


async def test_steps_of_which_nothing_is_selected_in_the_end_are_empty(client: Client, rep: User) -> None:
    order = await make_order(owner=rep)
    asked = "query($id: ID!, $no: Boolean!) { order(id: $id) { availableTransitions { allowed @include(if: $no) } } }"
    found = await client.data(asked, {"id": f"ord_{order.id}", "no": False}, as_=rep)
    assert found["order"]["availableTransitions"] == [{}, {}]
