"""How long orders stood at each status, as far as the viewer sees them."""

from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

import pytest

from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import Order, OrderStatusChange, User
from tests.api.conftest import Client
from tests.factories import PLACED_AT, make_order, make_team, make_user

pytestmark = pytest.mark.usefixtures("database")
_S = OrderStatus
DOCUMENT = """query($from: Date!, $until: Date!, $filter: OrderFilter) {
    orderTimeInStatus(placedFrom: $from, placedUntil: $until, filter: $filter) {
        status stays medianSeconds p90Seconds } }"""
DAY = {"from": "2026-03-02", "until": "2026-03-02"}


async def lived(owner: User, *minutes: int, placed_at: datetime = PLACED_AT) -> Order:
    """An order that was a draft, then under review for so many minutes, and so on; it is now where that leads."""
    order = await make_order(_S.PICKING, owner=owner, placed_at=placed_at)
    moment, before = placed_at, None
    for status, stay in zip((_S.DRAFT, _S.PENDING_REVIEW, _S.APPROVED, _S.PICKING), (*minutes, 0), strict=True):
        await OrderStatusChange.create(order=order, from_status=before, to_status=status, at=moment)
        if status == _S.APPROVED:  # lines were changed: no step
            await OrderStatusChange.create(order=order, from_status=status, to_status=status, at=moment)
        moment, before = moment + timedelta(minutes=stay), status
    return order


async def asked(client: Client, user: User, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.data(DOCUMENT, DAY | more, as_=user))["orderTimeInStatus"]
    return found


async def test_stays_that_have_ended_are_told_by_status_as_the_viewer_sees_them(client: Client) -> None:
    rep, other = [await make_user(Role.REP, team=await make_team(name)) for name in ("North", "South")]
    stays = [1, 2, 3, 5, 8, 13, 21]
    for stay in stays:
        await lived(rep, 1, stay, 10)
    await lived(other, 100, 100, 100)
    await lived(rep, 9, 9, 9, placed_at=PLACED_AT + timedelta(days=1))
    p90 = round(60 * quantiles(stays, n=10, method="inclusive")[-1])
    own = [
        {"status": "DRAFT", "stays": 7, "medianSeconds": 60, "p90Seconds": 60},
        {"status": "PENDING_REVIEW", "stays": 7, "medianSeconds": 300, "p90Seconds": p90},
        {"status": "APPROVED", "stays": 7, "medianSeconds": 600, "p90Seconds": 600},
    ]
    assert await asked(client, rep) == own
    assert [row["stays"] for row in await asked(client, await make_user(Role.ADMIN))] == [8, 8, 8]
    assert await asked(client, rep, filter={"status": {"eq": "DRAFT"}}) == []
    assert [row["stays"] for row in await asked(client, rep, until="2026-03-03")] == [8, 8, 8]


@pytest.mark.parametrize(
    ("given", "path", "problem"),
    [
        ({"until": "2026-03-01"}, ["placedUntil"], "too_early"),
        ({"until": "2027-03-03"}, ["placedUntil"], "too_late"),
        ({"from": "2001-12-30", "until": "9999-12-30"}, ["placedUntil"], "too_late"),
        ({"filter": {"status": {}}}, ["filter", "status"], "empty_comparison"),
    ],
)
async def test_what_is_asked_wrongly_is_refused(
    client: Client, given: dict[str, Any], path: list[str], problem: str
) -> None:
    error = await client.error(DOCUMENT, DAY | given, as_=await make_user(Role.ADMIN))
    assert (error["code"], error["problem"]) == ("INVALID_INPUT", problem)
    assert error["path"] == path
