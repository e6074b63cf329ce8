"""What somebody may not see does not exist for them, through every path that a read can take."""

from dataclasses import dataclass

import pytest

from domain.customers import CustomerLevel
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.people import Role
from models import Customer, CustomerContact, Job, Order, OrderStatusChange, Team, User
from services.clock import now
from tests.api.conftest import Client
from tests.factories import make_customer, make_order, make_product, make_team, make_user, share_customer, share_order

pytestmark = pytest.mark.usefixtures("database")

FROM_APPROVED_ON = {"APPROVED", "PICKING", "BACKORDERED", "PACKED", "SHIPPED", "COMPLETED"}
RETURNS = {"REQUESTED", "AUTHORISED", "RECEIVED", "REFUNDED", "EXCHANGED", "DECLINED"}


@dataclass
class Company:
    """Two teams below north, and south. Ann sells in Leeds, Bob in the south, Mia manages the north, Ada everything.

    `crossed` is Ann's order for Bob's customer; `unowned` belongs to nobody.
    """

    leeds: Team
    ann: User
    bob: User
    mia: User
    ada: User
    anns_customer: Customer
    bobs_customer: Customer
    anns: Order
    bobs: Order
    crossed: Order
    unowned: Order


@pytest.fixture
async def company(database: str) -> Company:
    assert database
    north = await make_team("North")
    leeds, south = await make_team("Leeds", parent=north), await make_team("South")
    ann, bob = await make_user(Role.REP, name="Ann", team=leeds), await make_user(Role.REP, name="Bob", team=south)
    anns_customer = await make_customer(name="Ann's customer", owner=ann)
    bobs_customer = await make_customer(name="Bob's customer", owner=bob, level=CustomerLevel.KEY_ACCOUNT)
    product = await make_product(price="100.00")
    return Company(
        leeds=leeds,
        ann=ann,
        bob=bob,
        mia=await make_user(Role.MANAGER, name="Mia", team=north),
        ada=await make_user(Role.ADMIN, name="Ada"),
        anns_customer=anns_customer,
        bobs_customer=bobs_customer,
        anns=await make_order(owner=ann, customer=anns_customer, lines=[(product, "1")]),
        bobs=await make_order(owner=bob, customer=bobs_customer, lines=[(product, "2")]),
        crossed=await make_order(owner=ann, customer=bobs_customer, lines=[(product, "4")]),
        unowned=await make_order(lines=[(product, "8")]),
    )


async def orders(client: Client, as_: User, arguments: str = "first: 250") -> set[int]:
    """The numbers of the orders in a list; its count and nodes agree."""
    document = f"{{ orders({arguments}) {{ totalCount nodes {{ id }} edges {{ node {{ id }} }} }} }}"
    page = (await client.data(document, as_=as_))["orders"]
    assert page["nodes"] == [edge["node"] for edge in page["edges"]]
    if "after" not in arguments:
        assert page["totalCount"] == len(page["nodes"])
    return {int(node["id"].removeprefix("ord_")) for node in page["nodes"]}


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


async def test_customers_follow_the_same_rules(client: Client, company: Company) -> None:
    document = "{ customers { totalCount nodes { name } } }"

    async def seen(user: User) -> list[str]:
        page = (await client.data(document, as_=user))["customers"]
        assert page["totalCount"] == len(page["nodes"])
        return [node["name"] for node in page["nodes"]]

    assert await seen(company.ann) == ["Ann's customer"]
    assert await seen(company.mia) == ["Ann's customer"]
    for role in (Role.SERVICE, Role.FINANCE, Role.ADMIN):
        assert await seen(await make_user(role)) == ["Ann's customer", "Bob's customer"]
    for role in (Role.REVIEWER, Role.FULFILMENT):
        assert await seen(await make_user(role)) == []
    await share_customer(company.bobs_customer, company.ann)
    assert await seen(company.ann) == ["Ann's customer", "Bob's customer"]


async def test_a_job_is_seen_by_who_started_it_and_by_administrators(client: Client, company: Company) -> None:
    await Job.create(kind="ORDER_IMPORT", started_by=company.ann, parameters={})
    await Job.create(kind="ORDER_IMPORT", parameters={})
    document = "{ jobs { totalCount nodes { startedBy { name } } } }"
    mine = (await client.data(document, as_=company.ann))["jobs"]
    assert mine == {"totalCount": 1, "nodes": [{"startedBy": {"name": "Ann"}}]}
    assert (await client.data(document, as_=company.bob))["jobs"]["totalCount"] == 0
    assert (await client.data(document, as_=company.ada))["jobs"]["totalCount"] == 2


async def test_email_and_phone_are_seen_by_the_person_and_by_administrators(client: Client, company: Company) -> None:
    await User.all().update(phone="+44 1")
    document = "{ users { nodes { name email phone } } viewer { email phone } }"
    ann = await client.data(document, as_=company.ann)
    masked = {node["name"]: (node["email"], node["phone"]) for node in ann["users"]["nodes"]}
    assert masked.pop("Ann") == (company.ann.email, "+44 1")
    assert set(masked.values()) == {(None, None)}
    assert ann["viewer"] == {"email": company.ann.email, "phone": "+44 1"}
    ada = await client.data(document, as_=company.ada)
    assert {node["email"] for node in ada["users"]["nodes"]} == {
        user.email for user in (company.ann, company.bob, company.mia, company.ada)
    }


async def test_a_masked_email_is_nothing_in_filters(client: Client, company: Company) -> None:
    async def found(as_: User, condition: str) -> list[str]:
        page = (await client.data(f"{{ users(filter: {condition}) {{ totalCount nodes {{ name }} }} }}", as_=as_))[
            "users"
        ]
        assert page["totalCount"] == len(page["nodes"])
        return [node["name"] for node in page["nodes"]]

    bobs = f'{{email: {{eq: "{company.bob.email}"}}}}'
    assert await found(company.ann, bobs) == []
    assert await found(company.bob, bobs) == ["Bob"]
    assert await found(company.ada, bobs) == ["Bob"]
    assert await found(company.ann, '{email: {startsWith: "user"}}') == ["Ann"]
    assert await found(company.ann, "{email: {isNull: true}}") == ["Ada", "Bob", "Mia"]
    assert await found(company.ann, f"{{not: {bobs}}}") == ["Ada", "Ann", "Bob", "Mia"]


async def test_a_masked_email_is_nothing_in_filters_on_related_rows(client: Client, company: Company) -> None:
    await share_order(company.bobs, company.ann)
    bobs = f'filter: {{owner: {{email: {{eq: "{company.bob.email}"}}}}}}'
    assert await orders(client, company.ann, bobs) == set()
    assert await orders(client, company.ada, bobs) == {company.bobs.id}
    nulls = "filter: {owner: {email: {isNull: true}}}"
    assert await orders(client, company.ann, nulls) == {company.bobs.id}
    assert await orders(client, company.ada, nulls) == set()


@pytest.mark.usefixtures("company")
async def test_colleagues_teams_and_products_are_seen_by_everybody(client: Client) -> None:
    document = "{ users { totalCount } teams { totalCount } products { totalCount } regions { totalCount } }"
    found = await client.data(document, as_=await make_user())
    assert found == {
        "users": {"totalCount": 5},
        "teams": {"totalCount": 3},
        "products": {"totalCount": 1},
        "regions": {"totalCount": 0},
    }


async def test_a_viewer_who_gets_another_role_sees_by_it_with_a_new_session(client: Client, company: Company) -> None:
    assert company.bobs.id not in await orders(client, company.ann)
    await User.filter(id=company.ann.id).update(roles=["REP", "FINANCE"])
    assert company.bobs.id in await orders(Client(client.http), company.ann)
