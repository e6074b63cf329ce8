"""Feedback, complaints and reasons of returns over the API: documents in, JSON out."""

from datetime import timedelta
from typing import Any

import pytest

from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import Complaint, Feedback, Reason, User
from services.clock import clock_set_to, now
from tests.api.conftest import Client
from tests.api.writing import ERRORS, refused, told, written
from tests.factories import make_order, make_product, make_user
from tests.integration.writes import events, race

pytestmark = pytest.mark.usefixtures("database")
_S = OrderStatus
FEEDBACK = "feedback { score comment actor { id } order { number feedback { score } } }"
COMPLAINT = """complaint { id version state description respondBy closedAt reason { code } actor { id }
    changes { fromState toState note respondBy actor { id } } order { complaints { id } } }"""


def document(name: str, answer: str) -> str:
    kind = name[0].upper() + name[1:]
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {answer} {ERRORS} }} }}"


RECORD, OPEN = document("feedbackRecord", FEEDBACK), document("complaintOpen", COMPLAINT)
UPDATE = document("complaintUpdate", COMPLAINT)


@pytest.fixture
async def sue() -> User:
    return await make_user(Role.SERVICE)


@pytest.fixture
async def late() -> Reason:
    return await Reason.create(kind="COMPLAINT", code="late", labels={"en": "Late"})


async def test_feedback_is_given_once_when_the_order_is_done(client: Client, sue: User) -> None:
    order, other = await make_order(_S.COMPLETED), await make_order(_S.SHIPPED)
    asked = {"orderId": f"ord_{order.id}", "score": 5, "comment": "Fresh", "idempotencyKey": "a"}
    got = await written(client, RECORD, asked, as_=sue)
    said = {"number": order.number, "feedback": {"score": 5}}
    assert got == {"score": 5, "comment": "Fresh", "actor": {"id": f"usr_{sue.id}"}, "order": said}
    assert await written(client, RECORD, asked, as_=sue) == got, "repeated under its key"
    again = await refused(client, RECORD, asked | {"idempotencyKey": "b"}, as_=sue)
    assert told(again) == [("input.orderId", "ALREADY_EXISTS")]
    bad = {"orderId": f"ord_{other.id}", "score": 6, "comment": " "}
    assert told(await refused(client, RECORD, bad, as_=sue)) == [
        ("input.orderId", "STEP_NOT_POSSIBLE"),
        ("input.score", "out_of_range"),
        ("input.comment", "blank"),
    ]
    found = await client.data(
        """{ feedbacks { totalCount }
        happy: orders(filter: {feedback: {score: {gte: 4}}}) { totalCount }
        silent: orders(filter: {not: {feedback: {}}}) { totalCount } }""",
        as_=sue,
    )
    assert [found[name]["totalCount"] for name in ("feedbacks", "happy", "silent")] == [1, 1, 1]
    assert await events("order", order.id) == [(1, "order.feedback_given")]


async def test_of_racing_feedback_one_counts(client: Client, sue: User) -> None:
    order = await make_order(_S.COMPLETED)
    asked = {"orderId": f"ord_{order.id}", "score": 1}
    await race(*[lambda: client.data(RECORD, {"input": asked}, as_=sue)] * 5)
    assert await Feedback.all().count() == 1


async def test_a_complaint_runs_to_its_end_and_is_taken_up_again(client: Client, sue: User, late: Reason) -> None:
    order = await make_order(_S.SHIPPED)
    asked = {"orderId": f"ord_{order.id}", "reasonId": f"rsn_{late.id}", "description": "Two weeks late"}
    made = await written(client, OPEN, asked, as_=sue)
    assert (made["state"], made["reason"], made["version"], made["closedAt"]) == ("OPEN", {"code": "late"}, 1, None)
    opened = await Complaint.get(id=1)
    assert opened.respond_by - opened.created_at == timedelta(days=3)
    step: dict[str, Any] = {"id": made["id"], "expectedVersion": 1, "state": "IN_PROGRESS"}
    assert (await written(client, UPDATE, step, as_=sue))["version"] == 2
    [conflict] = await refused(client, UPDATE, step, as_=sue)
    assert (conflict["code"], conflict["currentVersion"]) == ("VERSION_CONFLICT", 2)
    end = step | {"expectedVersion": 2, "state": "RESOLVED"}
    assert told(await refused(client, UPDATE, end, as_=sue)) == [("input.note", "missing")]
    ended = await written(client, UPDATE, end | {"note": "Sent again"}, as_=sue)
    assert ended["closedAt"]
    back = end | {"expectedVersion": 3, "state": "OPEN"}
    assert told(await refused(client, UPDATE, back, as_=sue)) == [("input.state", "not_a_state_next")]
    nothing = {"id": made["id"], "expectedVersion": 3, "respondBy": "2020-01-01T00:00:00Z"}
    assert told(await refused(client, UPDATE, nothing, as_=sue)) == [("input.respondBy", "too_early")]
    again = await written(client, UPDATE, back | {"state": "IN_PROGRESS"}, as_=sue)
    assert (again["closedAt"], [change["toState"] for change in again["changes"]]) == (
        None,
        ["OPEN", "IN_PROGRESS", "RESOLVED", "IN_PROGRESS"],
    )
    assert again["changes"][2]["note"] == "Sent again"
    kinds = [kind for _, kind in await events("order", order.id)]
    assert kinds == ["complaint.opened"] + ["complaint.updated"] * 3


async def test_what_is_overdue_is_found(client: Client, sue: User, late: Reason) -> None:
    order = await make_order(_S.SHIPPED)
    asked = {"orderId": f"ord_{order.id}", "reasonId": f"rsn_{late.id}", "description": "late"}
    with clock_set_to(now() - timedelta(days=4)):
        await Complaint.create(
            order=order, reason=late, description="old", respond_by=now(), created_at=now(), updated_at=now()
        )
    await written(client, OPEN, asked, as_=sue)
    overdue = """query($now: DateTime!) { complaints(filter: {
        state: {in: [OPEN, IN_PROGRESS]}, respondBy: {lt: $now}}) { nodes { description } } }"""
    found = await client.data(overdue, {"now": now().isoformat(timespec="milliseconds")}, as_=sue)
    assert found["complaints"]["nodes"] == [{"description": "old"}]


async def test_reasons_are_of_their_kind_and_in_use(client: Client, sue: User, late: Reason) -> None:
    order = await make_order(_S.COMPLETED)
    gone = await Reason.create(kind="COMPLAINT", code="gone", labels={"en": "Gone"}, active=False)
    broken = await Reason.create(kind="RETURN", code="broken", labels={"en": "Broken"})
    asked = {"orderId": f"ord_{order.id}", "description": "late"}
    for reason, problem in ((gone, "reason_inactive"), (broken, "NOT_FOUND")):
        given = asked | {"reasonId": f"rsn_{reason.id}"}
        assert told(await refused(client, OPEN, given, as_=sue)) == [("input.reasonId", problem)]
    admin, tea = await make_user(Role.ADMIN), await make_product("TEA")
    sold = await make_order(_S.COMPLETED, lines=[(tea, "2")])
    create = document("orderCreate", "order { returnReason { code } }")
    line = {"sku": "TEA", "quantity": "-1"}
    back = {"currency": "GBP", "type": "RETURN", "originalOrderId": f"ord_{sold.id}", "lines": [line]}
    given = back | {"returnReasonId": f"rsn_{late.id}"}
    assert told(await refused(client, create, given, as_=admin)) == [("input.returnReasonId", "NOT_FOUND")]
    made = await written(client, create, back | {"returnReasonId": f"rsn_{broken.id}"}, as_=admin)
    assert made == {"returnReason": {"code": "broken"}}
    new = {"currency": "GBP", "lines": [line | {"quantity": "1"}], "returnReasonId": f"rsn_{broken.id}"}
    assert told(await refused(client, create, new, as_=admin)) == [
        ("input.returnReasonId", "return_reason_not_expected")
    ]
