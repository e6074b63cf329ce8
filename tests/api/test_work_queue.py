"""The work queue: what the reader sees, may take on, and should take on first."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from domain.orders.life_cycle import RETURN_STATUSES, OrderStatus, OrderType
from domain.orders.work import WORK
from domain.people import Role
from models import Order, OrderFinding, User
from services.clock import now
from tests.api.conftest import Client
from tests.api.selling import Company, make_company
from tests.factories import PLACED_AT, make_order, make_user, share_order
from tests.oracle.random_values import seeded

QUEUE = """query($first: Int, $after: String, $reasons: [WorkReason!]) {
    workQueue(first: $first, after: $after, reasons: $reasons) { totalCount counts { reason count }
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor } nodes { reason transition order { id } } } }"""
TRUTH = """{ orders(first: 250) { nodes { id type status priority respondBy placedAt expectedOn
    availableTransitions { transition allowed } } } }"""
DONE_BY = {(work.status, work.transition): reason for reason, work in WORK.items()}


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    """With orders in every status, of everybody and nobody, of few priorities, deadlines and days."""
    made, random = await make_company(), seeded(7)
    for status in OrderStatus:
        returned = status in RETURN_STATUSES
        for owner in (made.ann, made.bob, None):
            kind = OrderType.NEW if not returned else OrderType.EXCHANGE if owner else OrderType.RETURN
            when = {"placed_at": PLACED_AT + timedelta(days=random.randrange(2)), "type": kind}
            respond_by = random.choice((None, PLACED_AT, PLACED_AT + timedelta(hours=1)))
            order = await make_order(
                status, owner=owner, priority=random.choice((None, 1, 2)), respond_by=respond_by, **when
            )
            if status == OrderStatus.REQUESTED and owner == made.bob:
                found = {"kind": "PRICE_DEVIATES", "severity": "WARNING", "facts": {}, "found_at": now()}
                await OrderFinding.create(order=order, **found)
            if owner is None:
                await share_order(order, made.bob)
    return made


async def queue(
    client: Client, viewer: User, first: int = 250, after: str | None = None, reasons: list[str] | None = None
) -> dict[str, Any]:
    asked = {"first": first, "after": after, "reasons": reasons}
    found: dict[str, Any] = (await client.data(QUEUE, asked, as_=viewer))["workQueue"]
    return found


def expected(orders: list[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Reason, step and order, in order, by what the reader is told of each order."""
    late = "9999"
    found = []
    for order in orders:
        for step in order["availableTransitions"]:
            reason = DONE_BY.get((OrderStatus(order["status"]), step["transition"]))
            if reason and step["allowed"]:
                key = (order["priority"] or 10, order["respondBy"] or late, order["placedAt"], number_of(order["id"]))
                found.append((key, (reason.value, step["transition"], order["id"])))
    return [item for _, item in sorted(found)]


def number_of(order: str) -> int:
    return int(order.removeprefix("ord_"))


async def test_everybody_has_the_steps_that_they_may_take_the_most_urgent_first(
    client: Client, company: Company
) -> None:
    viewers = [company.ann, company.bob, company.mia, company.ada]
    viewers += [await make_user(role) for role in (Role.REVIEWER, Role.FULFILMENT, Role.SERVICE, Role.FINANCE)]
    viewers += [await make_user(Role.REVIEWER, Role.REP, team=company.leeds), await make_user()]
    sizes = []
    for viewer in viewers:
        truth = expected((await client.data(TRUTH, as_=viewer))["orders"]["nodes"])
        found = await queue(client, viewer)
        assert [(item["reason"], item["transition"], item["order"]["id"]) for item in found["nodes"]] == truth
        assert found["totalCount"] == len(truth)
        counts = {each["reason"]: each["count"] for each in found["counts"]}
        assert {reason: count for reason, count in counts.items() if count} == Counter(reason for reason, *_ in truth)
        some = await queue(client, viewer, reasons=["REVIEW", "AUTHORISE"])
        assert some["nodes"] == [item for item in found["nodes"] if item["reason"] in {"REVIEW", "AUTHORISE"}]
        assert [each for each in found["counts"] if each["reason"] in {"REVIEW", "AUTHORISE"}] == some["counts"]
        sizes.append(len(truth))
    assert [size > 0 for size in sizes] == [*[True] * 9, False]


async def test_pages_join_up(client: Client, company: Company) -> None:
    whole = await queue(client, company.ada)
    assert not whole["pageInfo"]["hasNextPage"]
    found: list[Any] = []
    after = None
    while True:
        page = await queue(client, company.ada, 7, after)
        assert page["totalCount"] == whole["totalCount"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        assert after == page["edges"][-1]["cursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == whole["nodes"]
    assert len(found) > 21
    none = await queue(client, company.ada, 0)
    assert (none["nodes"], none["pageInfo"]["hasNextPage"]) == ([], True)


@pytest.mark.usefixtures("company")
async def test_what_waits_for_goods_comes_back_when_they_should_be_there(client: Client) -> None:
    fay = await make_user(Role.FULFILMENT)
    waiting = Order.filter(status=OrderStatus.BACKORDERED)

    async def resumed() -> int:
        return [item["reason"] for item in (await queue(client, fay))["nodes"]].count("RESUME")

    assert await resumed() == 3
    today: date = now().date()
    await waiting.update(expected_on=today + timedelta(days=2))
    assert await resumed() == 0
    await waiting.update(expected_on=today - timedelta(days=2))
    assert await resumed() == 3


async def test_what_is_no_place_in_the_queue_is_told(client: Client, company: Company) -> None:
    for after in ("", "x", "d29yaw", "d29yaywxLC0sMjAyNi0wMS0wMVQ5OTo5OTo5OS4wMDBaLDE", "ü", "=" * 300):
        error = await client.error(QUEUE, {"after": after}, as_=company.ann)
        assert error == {"code": "INVALID_CURSOR", "path": ["after"]}
    error = await client.error(QUEUE, {"first": 251}, as_=company.ann)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["first"])
