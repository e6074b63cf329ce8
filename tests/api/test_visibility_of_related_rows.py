"""What somebody may not see does not exist for them: in filters, by ids, below other rows, behind cursors."""

import pytest

from domain.orders.life_cycle import OrderStatus, OrderType
from models import CustomerContact, Job, OrderStatusChange
from services.clock import now
from tests.api.conftest import Client
from tests.api.selling import Company, make_company, orders
from tests.factories import make_order, share_customer

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def company(database: str) -> Company:
    assert database
    return await make_company()


@pytest.mark.parametrize(
    "condition",
    [
        '{name: {eq: "Bob\'s customer"}}',
        '{name: {startsWith: "B"}}',
        "{level: {eq: KEY_ACCOUNT}}",
        "{level: {in: [KEY_ACCOUNT, VIP]}}",
        '{owner: {name: {eq: "Bob"}}}',
        "{externalId: {isNull: true}}",
        "{}",
    ],
)
async def test_a_filter_on_a_related_row_tells_nothing_of_a_foreign_one(
    client: Client, company: Company, condition: str
) -> None:
    own = await orders(client, company.ann, f"filter: {{customer: {condition}}}")
    assert company.crossed.id not in own
    others = await orders(client, company.ann, f"filter: {{not: {{customer: {condition}}}}}")
    assert company.crossed.id in others
    assert company.crossed.id in await orders(client, company.ada, f"filter: {{customer: {condition}}}")


async def test_a_filter_by_the_id_of_a_foreign_row_finds_nothing(client: Client, company: Company) -> None:
    by_id = f'filter: {{customer: {{id: {{eq: "cus_{company.bobs_customer.id}"}}}}}}'
    assert await orders(client, company.ann, by_id) == set()
    assert await orders(client, company.bob, by_id) == {company.bobs.id}
    assert await orders(client, company.ada, by_id) == {company.bobs.id, company.crossed.id}


async def test_a_filter_on_the_original_order_tells_nothing_of_a_foreign_one(client: Client, company: Company) -> None:
    returned = await make_order(
        OrderStatus.REQUESTED, owner=company.ann, type=OrderType.RETURN, original_order=company.bobs
    )
    by_original = f'filter: {{originalOrder: {{number: {{eq: "{company.bobs.number}"}}}}}}'
    assert await orders(client, company.ann, by_original) == set()
    assert await orders(client, company.ada, by_original) == {returned.id}


async def test_a_foreign_row_is_null_by_its_id(client: Client, company: Company) -> None:
    line = await company.bobs.lines.all().first()  # type: ignore[attr-defined]  # Tortoise adds it
    contact = await CustomerContact.create(customer=company.bobs_customer, name="Zoe")
    change = await OrderStatusChange.create(order=company.bobs, to_status=OrderStatus.DRAFT, at=now())
    job = await Job.create(kind="ORDER_IMPORT", started_by=company.bob, parameters={})
    named = {"ord": company.bobs, "cus": company.bobs_customer, "oln": line, "con": contact, "osc": change, "job": job}
    ids = [f"{prefix}_{row.id}" for prefix, row in named.items()]
    document = """query Q($ids: [ID!]!, $order: ID!, $customer: ID!, $job: ID!) {
        nodes(ids: $ids) { id } node(id: $order) { id }
        order(id: $order) { id } customer(id: $customer) { id } job(id: $job) { id }
    }"""
    variables = {"ids": ids, "order": ids[0], "customer": ids[1], "job": ids[5]}
    assert await client.data(document, variables, as_=company.ann) == {
        "nodes": [None] * 6,
        "node": None,
        "order": None,
        "customer": None,
        "job": None,
    }
    seen = await client.data(document, variables, as_=company.ada)
    assert seen["nodes"] == [{"id": each} for each in ids]


async def test_a_foreign_row_is_null_or_missing_below_a_row_that_is_seen(client: Client, company: Company) -> None:
    await share_customer(company.bobs_customer, company.ann)
    document = """query Q($customer: ID!, $team: ID!) {
        node(id: $team) { ... on Team { name orders { totalCount } customers { totalCount nodes { name } } } }
        users(filter: {name: {eq: "Bob"}}) { nodes {
            orders { totalCount totalAmount { amount } nodes { id } } customers { totalCount nodes { name } }
            team { orders { totalCount nodes { id } } customers { nodes { name } } }
        } }
        customer(id: $customer) { orders { totalCount totalAmount { amount } nodes { number } } }
    }"""
    variables = {"customer": f"cus_{company.bobs_customer.id}", "team": f"tem_{company.leeds.id}"}
    ann = await client.data(document, variables, as_=company.ann)
    [bob] = ann["users"]["nodes"]
    assert bob["orders"] == {"totalCount": 0, "totalAmount": {"amount": "0.00"}, "nodes": []}
    assert bob["customers"] == {"totalCount": 1, "nodes": [{"name": "Bob's customer"}]}
    assert bob["team"] == {
        "orders": {"totalCount": 0, "nodes": []},
        "customers": {"nodes": [{"name": "Bob's customer"}]},
    }
    assert ann["customer"]["orders"] == {
        "totalCount": 1,
        "totalAmount": {"amount": "480.00"},
        "nodes": [{"number": company.crossed.number}],
    }
    bobs = await client.data(document, variables, as_=company.bob)
    assert bobs["node"] == {"name": "Leeds", "orders": {"totalCount": 0}, "customers": {"totalCount": 0, "nodes": []}}


async def test_the_customer_of_an_own_order_is_null_if_it_is_foreign_but_its_snapshot_is_not(
    client: Client, company: Company
) -> None:
    document = "query Q($id: ID!) { order(id: $id) { customerName customer { name } lines { order { number } } } }"
    found = await client.data(document, {"id": f"ord_{company.crossed.id}"}, as_=company.ann)
    assert found["order"] == {
        "customerName": "Bob's customer",
        "customer": None,
        "lines": [{"order": {"number": company.crossed.number}}],
    }


async def test_returns_of_a_seen_order_are_listed_as_far_as_they_are_seen(client: Client, company: Company) -> None:
    for owner in (company.ann, company.bob):
        await make_order(OrderStatus.REQUESTED, owner=owner, type=OrderType.RETURN, original_order=company.anns)
    document = "query Q($id: ID!) { order(id: $id) { returns { totalCount nodes { owner { name } } } } }"
    variables = {"id": f"ord_{company.anns.id}"}
    seen = (await client.data(document, variables, as_=company.ann))["order"]["returns"]
    assert seen == {"totalCount": 1, "nodes": [{"owner": {"name": "Ann"}}]}
    assert (await client.data(document, variables, as_=company.ada))["order"]["returns"]["totalCount"] == 2


@pytest.mark.parametrize("field", ["PLACED_AT", "BASE_TOTAL", "REQUIRED_BY"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_a_cursor_made_by_one_viewer_shows_another_their_own_rows_alone(
    client: Client, company: Company, field: str, direction: str
) -> None:
    sort = f"sort: {{field: {field}, direction: {direction}}}"
    document = f"{{ orders({sort}) {{ edges {{ cursor node {{ id }} }} }} }}"
    edges = (await client.data(document, as_=company.ada))["orders"]["edges"]
    own = {company.anns.id, company.crossed.id}
    for place, edge in enumerate(edges):
        behind = {int(other["node"]["id"].removeprefix("ord_")) for other in edges[place + 1 :]}
        for_ann = await orders(client, company.ann, f'{sort}, after: "{edge["cursor"]}"')
        assert for_ann == behind & own
