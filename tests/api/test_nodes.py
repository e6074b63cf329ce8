"""Global ids, `node` and `nodes`: null for whatever there is not, never an error that empties the answer."""

import pytest

from domain.people import Role
from models import CustomerAddress, CustomerContact, Job, OrderStatusChange, User
from services.clock import now
from tests.api.conftest import Client
from tests.factories import make_channel, make_customer, make_order, make_product, make_region, make_team, make_user

pytestmark = pytest.mark.usefixtures("database")

NODE = "query Q($id: ID!) { node(id: $id) { id __typename } }"
NODES = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }"
NO_IDS = [
    *("", "ord", "ord_", "ord_0", "ord_01", "ord_-1", "ord_+1", "ord_1 ", " ord_1", "ORD_1", "ord_1\n", "ord_1_1"),
    *("ord_\uff11", "ord_1.0", "xyz_1", "_1", "1", "ord_9223372036854775807", "ord_9223372036854775808"),
    *("ord_" + "9" * 5_000, "cus_424242", "ord_1'; --", "\U0001f600", "T3JkZXI6MQ=="),
]


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada")


async def test_everything_can_be_read_again_by_its_id(client: Client, ada: User) -> None:
    customer, order = await make_customer(), await make_order(lines=[(await make_product(), "1")])
    await make_region()
    await make_team()
    await make_channel()
    await CustomerContact.create(customer=customer, name="Zoe")
    await CustomerAddress.create(customer=customer, kind="SHIPPING", street="High Street", country="GB")
    await OrderStatusChange.create(order=order, to_status=order.status, at=now())
    await Job.create(kind="ORDER_IMPORT", parameters={})
    lists = ("orders", "customers", "products", "regions", "teams", "users", "channels", "jobs")
    document = "{" + " ".join(f"{name} {{ nodes {{ id __typename }} }}" for name in lists) + "}"
    found = await client.data(document, as_=ada)
    below = await client.data(
        """{ orders { nodes { lines { id __typename } statusChanges { id __typename } } }
             customers { nodes { contacts { id __typename } addresses { id __typename } } } }""",
        as_=ada,
    )
    rows = [node for name in lists for node in found[name]["nodes"]]
    rows += [row for page in below.values() for node in page["nodes"] for below in node.values() for row in below]
    assert len({row["__typename"] for row in rows}) == len(rows) == 12
    assert (await client.data(NODES, {"ids": [row["id"] for row in rows]}, as_=ada))["nodes"] == rows
    for row in rows:
        assert (await client.data(NODE, {"id": row["id"]}, as_=ada))["node"] == row


@pytest.mark.parametrize("wrong", NO_IDS)
async def test_an_unknown_or_malformed_id_is_null(client: Client, ada: User, wrong: str) -> None:
    document = """query Q($id: ID!) {
        node(id: $id) { id } order(id: $id) { id } customer(id: $id) { id } product(id: $id) { id } job(id: $id) { id }
        nodes(ids: [$id, $id]) { id } viewer { name }
    }"""
    assert await client.data(document, {"id": wrong}, as_=ada) == {
        **dict.fromkeys(("node", "order", "customer", "product", "job")),
        "nodes": [None, None],
        "viewer": {"name": "Ada"},
    }


async def test_an_id_of_another_type_is_null_where_the_type_is_named(client: Client, ada: User) -> None:
    order = await make_order()
    document = f'{{ customer(id: "ord_{order.id}") {{ id }} order(id: "ord_{order.id}") {{ id }} }}'
    assert await client.data(document, as_=ada) == {"customer": None, "order": {"id": f"ord_{order.id}"}}


async def test_nodes_come_in_the_order_of_their_ids_with_null_between(client: Client, ada: User) -> None:
    one, other, customer = await make_order(), await make_order(), await make_customer()
    ids = [f"ord_{other.id}", "nothing", f"cus_{customer.id}", f"ord_{one.id}", f"ord_{other.id}", "ord_424242"]
    found = (await client.data(NODES, {"ids": ids}, as_=ada))["nodes"]
    assert [node and node["id"] for node in found] == [ids[0], None, ids[2], ids[3], ids[4], None]
    assert [node and node["__typename"] for node in found] == ["Order", None, "Customer", "Order", "Order", None]


async def test_no_ids_are_no_nodes(client: Client, ada: User) -> None:
    assert await client.data(NODES, {"ids": []}, as_=ada) == {"nodes": []}


async def test_at_most_250_ids_are_taken(client: Client, ada: User) -> None:
    assert len((await client.data(NODES, {"ids": ["x"] * 250}, as_=ada))["nodes"]) == 250
    error = await client.error(NODES, {"ids": ["x"] * 251}, as_=ada)
    assert error == {"code": "INVALID_INPUT", "path": ["ids"], "problem": "too_many", "limit": "250"}


async def test_fragments_say_what_is_read_of_each_type(client: Client, ada: User) -> None:
    order, customer = await make_order(number="SO-1"), await make_customer(name="Acme")
    document = """query Q($ids: [ID!]!) { nodes(ids: $ids) {
        ... on Order { number ...Any } ...Any ... on Customer { name } ... on Product { sku }
    } }
    fragment Any on Node { __typename }"""
    found = await client.data(document, {"ids": [f"ord_{order.id}", f"cus_{customer.id}", f"usr_{ada.id}"]}, as_=ada)
    assert found["nodes"] == [
        {"number": "SO-1", "__typename": "Order"},
        {"__typename": "Customer", "name": "Acme"},
        {"__typename": "User"},
    ]


async def test_a_number_is_an_id_of_nothing(client: Client, ada: User) -> None:
    assert await client.data("{ node(id: 1) { id } }", as_=ada) == {"node": None}
