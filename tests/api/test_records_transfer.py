"""recordsTransfer: customers and orders change hands, each with its history and an event."""

import asyncio
from typing import Any

import pytest

from domain.people import Role
from models import Customer, Order, OutboxEvent, Team, User
from services.records import moving
from tests.api.administering import RECORDS_TRANSFER, USER_DEACTIVATE
from tests.api.conftest import Client
from tests.api.writing import ORDER_CREATE, payload, refused, told, written
from tests.factories import make_customer, make_order, make_product, make_team, make_user


class Company:
    """Rosa of the north has two customers, two open orders and one that is over; Ben is in the south."""

    ada: User
    mia: User
    rosa: User
    ben: User
    north: Team
    south: Team
    customers: list[Customer]
    orders: list[Order]
    over: Order


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    made = Company()
    made.north, made.south = await make_team("North"), await make_team("South")
    made.ada = await make_user(Role.ADMIN)
    made.mia = await make_user(Role.MANAGER, team=made.north)
    made.rosa, made.ben = await make_user(Role.REP, team=made.north), await make_user(Role.REP, team=made.south)
    made.customers = [await make_customer(owner=made.rosa) for _ in range(2)]
    made.orders = [await make_order(owner=made.rosa) for _ in range(2)]
    made.over = await make_order(owner=made.rosa, status="COMPLETED")
    return made


def to_ben(company: Company, **given: Any) -> dict[str, Any]:
    return {"fromUserId": f"usr_{company.rosa.id}", "toUserId": f"usr_{company.ben.id}", **given}


async def owners(rows: list[Any]) -> list[tuple[int, int]]:
    for row in rows:
        await row.refresh_from_db()
    return [(row.owner_id, row.team_id) for row in rows]


async def test_all_customers_and_what_is_not_over_go_with_history_and_events(client: Client, company: Company) -> None:
    left = await written(client, RECORDS_TRANSFER, to_ben(company, reason="She left."), as_=company.ada)
    assert left == {
        "id": f"usr_{company.rosa.id}",
        "customers": {"totalCount": 0},
        "orders": {"totalCount": 1},
    }
    moved = [*company.customers, *company.orders]
    assert await owners(moved) == [(company.ben.id, company.south.id)] * 4
    assert await owners([company.over]) == [(company.rosa.id, company.north.id)]
    change = "ownerChanges { reason fromOwner { id } fromTeam { name } toOwner { id } toTeam { name } actor { id } }"
    ids = f'["cus_{company.customers[0].id}", "ord_{company.orders[0].id}"]'
    document = f"{{ nodes(ids: {ids}) {{ ... on Customer {{ {change} }} ... on Order {{ {change} }} }} }}"
    nodes = (await client.data(document, as_=company.ben))["nodes"]
    expected = {
        "reason": "She left.",
        "fromOwner": {"id": f"usr_{company.rosa.id}"},
        "fromTeam": {"name": "North"},
        "toOwner": {"id": f"usr_{company.ben.id}"},
        "toTeam": {"name": "South"},
        "actor": {"id": f"usr_{company.ada.id}"},
    }
    assert nodes == [{"ownerChanges": [expected]}] * 2
    events = await OutboxEvent.all().order_by("aggregate", "aggregate_id").values_list("type", "aggregate_id", "seq")
    assert sorted(events) == sorted(
        [("customer.assigned", row.id, 1) for row in company.customers]
        + [("order.assigned", row.id, 1) for row in company.orders]
    )
    [event] = await OutboxEvent.filter(type="customer.assigned", aggregate_id=company.customers[0].id)
    assert (event.before_owner_id, event.after_owner_id) == (company.rosa.id, company.ben.id)


async def test_only_what_is_named_goes_be_it_over_or_not(client: Client, company: Company) -> None:
    given = to_ben(company, orderIds=[f"ord_{company.over.id}"])
    await written(client, RECORDS_TRANSFER, given, as_=company.ada)
    assert await owners([company.over]) == [(company.ben.id, company.south.id)]
    assert await owners([*company.customers, *company.orders]) == [(company.rosa.id, company.north.id)] * 4


async def test_another_team_alone_leaves_the_owner(client: Client, company: Company) -> None:
    given = {"fromUserId": f"usr_{company.rosa.id}", "toTeamId": f"tem_{company.south.id}"}
    await written(client, RECORDS_TRANSFER, given, as_=company.ada)
    assert await owners(company.customers) == [(company.rosa.id, company.south.id)] * 2
    before = await OutboxEvent.all().count()
    await written(client, RECORDS_TRANSFER, given, as_=company.ada)  # they are there already
    assert await OutboxEvent.all().count() == before


async def test_what_is_not_theirs_is_not_there_and_nothing_moves(client: Client, company: Company) -> None:
    other = await make_order(owner=company.mia)
    given = to_ben(company, orderIds=[f"ord_{company.over.id}", f"ord_{other.id}", "ord_777"], customerIds=["x"])
    assert told(await refused(client, RECORDS_TRANSFER, given, as_=company.ada)) == [
        ("input.customerIds.0", "NOT_FOUND"),
        ("input.orderIds.1", "NOT_FOUND"),
        ("input.orderIds.2", "NOT_FOUND"),
    ]


async def test_a_destination_is_needed_and_active_and_in_a_team(client: Client, company: Company) -> None:
    nowhere = {"fromUserId": f"usr_{company.rosa.id}"}
    assert told(await refused(client, RECORDS_TRANSFER, nowhere, as_=company.ada)) == [("input.toUserId", "missing")]
    for user, problem in {
        await make_user(active=False, team=company.south): "owner_inactive",
        await make_user(): "owner_without_team",
    }.items():
        given = nowhere | {"toUserId": f"usr_{user.id}"}
        assert told(await refused(client, RECORDS_TRANSFER, given, as_=company.ada)) == [("input.toUserId", problem)]


async def test_a_manager_gives_the_teams_rows_to_the_teams_people(client: Client, company: Company) -> None:
    assert told(await refused(client, RECORDS_TRANSFER, to_ben(company), as_=company.mia)) == [
        ("input.toUserId", "NOT_PERMITTED")
    ]
    await Customer.filter(id=company.customers[0].id).update(team_id=company.south.id)
    given = {"fromUserId": f"usr_{company.rosa.id}", "toUserId": f"usr_{company.mia.id}"}
    await written(client, RECORDS_TRANSFER, given, as_=company.mia)
    assert await owners(company.customers) == [
        (company.rosa.id, company.south.id),
        (company.mia.id, company.north.id),
    ]


@pytest.mark.parametrize("role", [Role.REP, Role.REVIEWER, Role.FULFILMENT, Role.SERVICE, Role.FINANCE])
async def test_nobody_else_transfers(client: Client, company: Company, role: Role) -> None:
    other = await make_user(role, team=company.north)
    [error] = await refused(client, RECORDS_TRANSFER, to_ben(company), as_=other)
    assert error["code"] == "NOT_PERMITTED"


async def test_so_many_go_at_a_time_and_the_rest_by_repeating_it(
    client: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "MOST_TRANSFERRED", 1)
    left = [
        (await written(client, RECORDS_TRANSFER, to_ben(company), as_=company.ada))["customers"]["totalCount"]
        for _ in range(2)
    ]
    assert left == [1, 0]


async def test_no_order_is_left_with_a_user_who_is_deactivated_while_they_write_it(
    client: Client, company: Company
) -> None:
    product = await make_product()
    order = {"lines": [{"productId": f"prd_{product.id}", "quantity": "1"}], "currency": "GBP"}
    out = {"id": f"usr_{company.rosa.id}", "transferToId": f"usr_{company.ben.id}"}
    await asyncio.gather(client.token(company.rosa), client.token(company.ada))
    answers = await asyncio.gather(
        *(payload(client, ORDER_CREATE, order, as_=company.rosa) for _ in range(3)),
        payload(client, USER_DEACTIVATE, out, as_=company.ada),
        *(payload(client, ORDER_CREATE, order, as_=company.rosa) for _ in range(3)),
    )
    assert not answers[3]["errors"]
    assert not await Order.filter(owner_id=company.rosa.id).exclude(status="COMPLETED").exists()
