"""orderAssign: an order goes to another owner or team, with its history, an event and a version."""

import asyncio
from typing import Any

import pytest

from domain.people import Role
from models import Order, OutboxEvent, Team, User
from tests.api.conftest import Client
from tests.factories import make_order, make_team, make_user

ORDER = """order { id version owner { id } team { id }
    ownerChanges { reason fromOwner { id } fromTeam { id } toOwner { id } toTeam { id } actor { id } } }"""
ERRORS = "errors { code path ... on InvalidInput { problem } ... on VersionConflict { currentVersion } }"
ONE = f"mutation($input: OrderAssignInput!) {{ orderAssign(input: $input) {{ {ORDER} {ERRORS} }} }}"
MANY = f"""mutation($input: OrderAssignManyInput!) {{ orderAssignMany(input: $input) {{
    results {{ id {ORDER} {ERRORS} }} {ERRORS} }} }}"""


class Company:
    """Rosa and Sam are of the north, which Mia leads; Ben is of the south."""

    north: Team
    south: Team
    ada: User
    mia: User
    rosa: User
    sam: User
    ben: User
    order: Order


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    made = Company()
    made.north, made.south = await make_team("North"), await make_team("South")
    made.ada, made.mia = await make_user(Role.ADMIN), await make_user(Role.MANAGER, team=made.north)
    made.rosa, made.sam = [await make_user(Role.REP, team=made.north) for _ in range(2)]
    made.ben = await make_user(Role.REP, team=made.south)
    made.order = await make_order(owner=made.rosa)
    return made


async def assigned(client: Client, order: Order, *, as_: User, version: int = 1, **given: Any) -> dict[str, Any]:
    asked = {"id": f"ord_{order.id}", "expectedVersion": version, **given}
    payload: dict[str, Any] = (await client.data(ONE, {"input": asked}, as_=as_))["orderAssign"]
    return payload


def usr(user: User) -> str:
    return f"usr_{user.id}"


def tem(team: Team) -> str:
    return f"tem_{team.id}"


async def test_an_order_changes_hands_with_history_event_and_version(client: Client, company: Company) -> None:
    given = {"toUserId": usr(company.sam), "reason": "Holiday.", "idempotencyKey": "a"}
    found = await assigned(client, company.order, as_=company.mia, **given)
    assert found == await assigned(client, company.order, as_=company.mia, **given)
    order = found["order"]
    assert (order["version"], order["owner"], order["team"]) == (
        2,
        {"id": usr(company.sam)},
        {"id": tem(company.north)},
    )
    assert order["ownerChanges"] == [
        {
            "reason": "Holiday.",
            "fromOwner": {"id": usr(company.rosa)},
            "fromTeam": {"id": tem(company.north)},
            "toOwner": {"id": usr(company.sam)},
            "toTeam": {"id": tem(company.north)},
            "actor": {"id": usr(company.mia)},
        }
    ]
    [event] = await OutboxEvent.filter(aggregate_id=company.order.id)
    assert (event.type, event.before_owner_id, event.after_owner_id) == (
        "order.assigned",
        company.rosa.id,
        company.sam.id,
    )


async def test_what_is_there_already_is_left_alone(client: Client, company: Company) -> None:
    order = (await assigned(client, company.order, as_=company.mia, toUserId=usr(company.rosa)))["order"]
    assert (order["version"], order["ownerChanges"]) == (1, [])
    assert not await OutboxEvent.all()


async def test_without_a_user_an_order_waits_with_the_team(client: Client, company: Company) -> None:
    order = (await assigned(client, company.order, as_=company.ada, toTeamId=tem(company.south)))["order"]
    assert (order["owner"], order["team"]) == (None, {"id": tem(company.south)})


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, ("INVALID_INPUT", "toUserId", "missing")),
        ({"toUserId": "usr_999"}, ("NOT_FOUND", "toUserId", None)),
        ({"toTeamId": "tem_999"}, ("NOT_FOUND", "toTeamId", None)),
        ({"toUserId": "ben"}, ("NOT_PERMITTED", "toUserId", None)),
        ({"toTeamId": "south"}, ("NOT_PERMITTED", "toTeamId", None)),
        ({"toUserId": "ada"}, ("INVALID_INPUT", "toUserId", "owner_without_team")),
        ({"toUserId": "sam", "version": 2}, ("VERSION_CONFLICT", "expectedVersion", None)),
    ],
)
async def test_what_is_refused_changes_nothing(
    client: Client, company: Company, given: dict[str, Any], error: tuple[str, str, str | None]
) -> None:
    ids = {"ben": usr(company.ben), "ada": usr(company.ada), "sam": usr(company.sam), "south": tem(company.south)}
    given = {name: ids.get(value, value) for name, value in given.items()}
    payload = await assigned(client, company.order, as_=company.mia, **given)
    [found] = payload["errors"]
    assert (found["code"], found["path"][-1], found.get("problem")) == error
    assert (await Order.get(id=company.order.id)).version == 1


async def test_of_two_who_assign_at_once_one_is_told_of_the_other(client: Client, company: Company) -> None:
    answers = await asyncio.gather(
        assigned(client, company.order, as_=company.mia, toUserId=usr(company.sam)),
        assigned(client, company.order, as_=company.ada, toUserId=usr(company.ben)),
    )
    [refused] = [error for answer in answers for error in answer["errors"]]
    assert refused["code"] == "VERSION_CONFLICT" or refused["code"] == "NOT_FOUND"  # it may have left Mia's teams
    assert (await Order.get(id=company.order.id)).version == 2


async def test_of_many_each_succeeds_or_fails_by_itself(client: Client, company: Company) -> None:
    other = await make_order(owner=company.ben)
    items = [{"id": f"ord_{order.id}", "expectedVersion": 1} for order in (other, company.order)]
    asked = {"items": items, "toUserId": usr(company.sam)}
    found = (await client.data(MANY, {"input": asked}, as_=company.mia))["orderAssignMany"]
    assert [result["errors"] for result in found["results"]] == [
        [{"code": "NOT_FOUND", "path": ["input", "items", "0", "id"]}],
        [],
    ]
    assert (await Order.get(id=company.order.id)).owner_id == company.sam.id  # type: ignore[attr-defined]  # Tortoise adds it
    too_many = {"items": items * 51, "toUserId": usr(company.sam)}
    found = (await client.data(MANY, {"input": too_many}, as_=company.mia))["orderAssignMany"]
    assert (found["results"], found["errors"][0]["problem"]) == (None, "too_many")
