"""Which orders somebody sees: in lists, their counts and totals, whatever the sort."""

import pytest

from domain.orders.life_cycle import OrderStatus, OrderType
from domain.people import Role
from models import User
from tests.api.conftest import Client
from tests.api.selling import Company, make_company, orders
from tests.factories import make_order, make_user, share_order

pytestmark = pytest.mark.usefixtures("database")

FROM_APPROVED_ON = {"APPROVED", "PICKING", "BACKORDERED", "PACKED", "SHIPPED", "COMPLETED"}
RETURNS = {"REQUESTED", "AUTHORISED", "RECEIVED", "REFUNDED", "EXCHANGED", "DECLINED"}


@pytest.fixture
async def company(database: str) -> Company:
    assert database
    return await make_company()


async def test_a_rep_sees_own_orders(client: Client, company: Company) -> None:
    assert await orders(client, company.ann) == {company.anns.id, company.crossed.id}
    assert await orders(client, company.bob) == {company.bobs.id}


async def test_a_manager_sees_the_orders_of_the_team_tree(client: Client, company: Company) -> None:
    assert await orders(client, company.mia) == {company.anns.id, company.crossed.id}


async def test_the_team_of_an_order_counts_and_not_where_its_owner_has_moved(client: Client, company: Company) -> None:
    await User.filter(id=company.bob.id).update(team_id=company.leeds.id)
    assert company.bobs.id not in await orders(client, company.mia)


async def test_a_manager_without_a_team_sees_own_orders_alone(client: Client, company: Company) -> None:
    await User.filter(id=company.mia.id).update(team_id=None)
    assert await orders(client, company.mia) == set()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ADMIN])
async def test_who_sees_all_orders_sees_those_without_owner_and_team(
    client: Client, company: Company, role: Role
) -> None:
    assert company.unowned.id in await orders(client, await make_user(role))


@pytest.mark.parametrize("role", [Role.REP, Role.MANAGER, Role.REVIEWER, Role.INTEGRATION, None])
async def test_others_do_not_see_orders_without_owner_and_team(
    client: Client, company: Company, role: Role | None
) -> None:
    assert company.unowned.id not in await orders(client, await make_user(*([role] if role else [])))


async def test_a_shared_order_is_seen_whatever_the_role(client: Client, company: Company) -> None:
    nobody = await make_user()
    await share_order(company.bobs, nobody)
    assert await orders(client, nobody) == {company.bobs.id}


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.REVIEWER, {"PENDING_REVIEW", "NEEDS_INFO"}),
        (Role.FULFILMENT, FROM_APPROVED_ON | {"AUTHORISED", "RECEIVED", "REFUNDED", "EXCHANGED"}),
        (Role.SERVICE, {"SHIPPED", "COMPLETED"} | RETURNS),
    ],
)
async def test_roles_that_work_by_status_see_these_statuses(client: Client, role: Role, seen: set[str]) -> None:
    for status in OrderStatus:
        order_type = OrderType.RETURN if status.value in RETURNS else OrderType.NEW
        await make_order(status, type=order_type)
    document = "{ orders(first: 250) { totalCount nodes { status } } }"
    page = (await client.data(document, as_=await make_user(role)))["orders"]
    assert {node["status"] for node in page["nodes"]} == seen
    assert page["totalCount"] == len(seen)


async def test_a_reviewer_goes_on_seeing_what_they_reviewed(client: Client) -> None:
    reviewer = await make_user(Role.REVIEWER)
    order = await make_order(OrderStatus.COMPLETED, reviewed_by=reviewer)
    assert await orders(client, reviewer) == {order.id}


async def test_roles_add_up(client: Client, company: Company) -> None:
    shipped = await make_order(OrderStatus.SHIPPED)
    both = await make_user(Role.MANAGER, Role.SERVICE, team=company.leeds)
    assert await orders(client, both) == {company.anns.id, company.crossed.id, shipped.id}


async def test_totals_are_of_the_rows_that_the_viewer_sees(client: Client, company: Company) -> None:
    document = "{ orders { totalCount totalAmount { amount currency } } }"
    assert (await client.data(document, as_=company.ann))["orders"] == {
        "totalCount": 2,
        "totalAmount": {"amount": "600.00", "currency": "GBP"},
    }
    assert (await client.data(document, as_=company.ada))["orders"]["totalAmount"]["amount"] == "1800.00"


@pytest.mark.parametrize("field", ["PLACED_AT", "BASE_TOTAL", "REQUIRED_BY"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_no_sort_shows_a_foreign_row(client: Client, company: Company, field: str, direction: str) -> None:
    arguments = f"sort: {{field: {field}, direction: {direction}}}"
    assert await orders(client, company.ann, arguments) == {company.anns.id, company.crossed.id}
