"""The feed of changes: who is told of what, from where on, and when. Documents in, JSON out."""

import asyncio
from typing import Any

import pytest

from app.asgi import Api
from domain.events import Aggregate, EventType
from domain.people import Role
from models import Order, Session, User
from models.connection import pool
from reads.feed import SCANNED
from reads.pools import ReadPools
from resolvers.changes import SECONDS_TO_ANSWER
from services.feed.partitions import make_room
from services.feed.positions import position_events
from services.outbox import append
from services.sessions.viewers import ViewerCache
from services.transaction import transaction
from tests.api.administering import RECORDS_TRANSFER
from tests.api.conftest import Client
from tests.api.test_api_tokens import ask, refusal, secret_of
from tests.api.writing import written
from tests.factories import make_customer, make_order, make_product, make_team, make_user, share_order

CHANGES = """query($after: String, $types: [EventType!], $first: Int, $wait: Int) {
    changes(after: $after, types: $types, first: $first, wait: $wait) {
        nodes { cursor kind entity id type seq at actorId facts
                node { __typename id ... on Order { number owner { id } } } }
        endCursor hasMore newestCursor } }"""
NOTHING_ELSE = {"type": None, "seq": None, "at": None, "actorId": None, "facts": None, "node": None}


@pytest.fixture(autouse=True)
def fresh_viewers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights are read anew for each request, so that no test has to wait for that."""
    monkeypatch.setattr(ViewerCache, "_is_good", lambda _self, _answer: False)


@pytest.fixture
async def rosa(database: str) -> User:  # noqa: ARG001  # emptied before
    """A representative in a team of her own."""
    return await make_user(Role.REP, team=await make_team())


async def change(order: Order, *, by: User | None = None, **columns: Any) -> None:
    """Change an order's columns, with an event that has its position."""
    async with transaction() as client:
        before = await Order.select_for_update().using_db(client).get(id=order.id)
        await Order.filter(id=order.id).using_db(client).update(**columns, last_seq=before.last_seq + 1)
        await append(
            client,
            aggregate=Aggregate.ORDER,
            aggregate_id=order.id,
            type=EventType.ORDER_UPDATED,
            before=before,
            payload={"changed": list(columns), "by": by.id if by else None},
        )
    await position_events()


async def feed(client: Client, viewer: User, **arguments: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await client.data(CHANGES, arguments, as_=viewer))["changes"]
    return answer


async def told(client: Client, viewer: User, after: str | None) -> list[tuple[str, str | None]]:
    """What and about which row."""
    return [(node["kind"], node["id"]) for node in (await feed(client, viewer, after=after))["nodes"]]


async def end(client: Client, viewer: User) -> str:
    found: str = (await feed(client, viewer, first=0))["newestCursor"]
    return found


async def test_an_event_is_told_with_its_facts_and_the_row_as_it_is_now(client: Client, rosa: User) -> None:
    order = await make_order(owner=rosa)
    await change(order, by=rosa, notes="call first")
    page = await feed(client, rosa)
    (node,) = page["nodes"]
    assert node.pop("at").endswith("Z")
    assert node == {
        "cursor": page["endCursor"],
        "kind": "CHANGED",
        "entity": "ORDER",
        "id": f"ord_{order.id}",
        "type": "ORDER_UPDATED",
        "seq": 1,
        "actorId": f"usr_{rosa.id}",
        "facts": {"changed": ["notes"]},
        "node": {
            "__typename": "Order",
            "id": f"ord_{order.id}",
            "number": order.number,
            "owner": {"id": f"usr_{rosa.id}"},
        },
    }
    assert page["hasMore"] is False
    assert page["newestCursor"] == page["endCursor"]


async def test_only_those_hear_of_a_row_who_see_it(client: Client, rosa: User) -> None:
    team_id = rosa.team_id  # type: ignore[attr-defined]  # Tortoise adds it
    manager = await make_user(Role.MANAGER, team_id=team_id)
    other, finance = await make_user(Role.REP, team_id=team_id), await make_user(Role.FINANCE)
    friend = await make_user(Role.REP)
    order = await make_order(owner=rosa)
    await share_order(order, friend)
    await change(order, notes="1")
    expected = [("CHANGED", f"ord_{order.id}")]
    for viewer in (rosa, manager, finance, friend):
        assert await told(client, viewer, None) == expected
    page = await feed(client, other)
    assert page["nodes"] == []
    assert page["endCursor"] == page["newestCursor"], "read on behind what is hidden"
    assert page["hasMore"] is False


async def test_who_saw_a_row_only_before_is_told_its_id_and_nothing_else(client: Client, rosa: User) -> None:
    elsewhere = await make_team("Elsewhere")
    luc, stranger = await make_user(Role.REP, team=elsewhere), await make_user(Role.REP, team=elsewhere)
    admin = await make_user(Role.ADMIN)
    order = await make_order(owner=rosa)
    since = {viewer.id: await end(client, viewer) for viewer in (rosa, luc, stranger, admin)}
    await change(order, owner_id=luc.id, team_id=elsewhere.id)
    (node,) = (await feed(client, rosa, after=since[rosa.id]))["nodes"]
    assert node.pop("cursor")
    assert node == {"kind": "REMOVED", "entity": "ORDER", "id": f"ord_{order.id}", **NOTHING_ELSE}
    assert await told(client, luc, since[luc.id]) == [("CHANGED", f"ord_{order.id}")]
    assert await told(client, admin, since[admin.id]) == [("CHANGED", f"ord_{order.id}")]
    assert await told(client, stranger, since[stranger.id]) == []


async def test_what_was_told_late_of_a_row_that_is_out_of_sight_by_now_is_its_id_alone(
    client: Client, rosa: User
) -> None:
    order = await make_order(owner=rosa)
    await change(order, notes="hers")
    await change(order, owner_id=None, team_id=None)
    nodes = (await feed(client, rosa))["nodes"]
    assert [node["kind"] for node in nodes] == ["REMOVED", "REMOVED"]
    assert all(node["facts"] is None for node in nodes)


@pytest.mark.parametrize("right", ["role", "team", "share", "unshare"])
async def test_who_gets_other_rights_is_told_to_read_everything_again(client: Client, rosa: User, right: str) -> None:
    order = await make_order()
    share = await share_order(order, rosa) if right == "unshare" else None
    mine = await make_order(owner=rosa)
    since = await end(client, rosa)
    await change(mine, notes="1")
    match right:
        case "role":
            await User.filter(id=rosa.id).update(roles=["REP", "SERVICE"])
        case "team":
            await User.filter(id=rosa.id).update(team_id=(await make_team("Elsewhere")).id)
        case "share":
            await share_order(order, rosa)
        case "unshare":
            assert share
            await share.delete()
    page = await feed(client, rosa, after=since)
    (node,) = page["nodes"]
    assert node == {"cursor": page["endCursor"], "kind": "RESYNC", "entity": None, "id": None, **NOTHING_ELSE}
    assert page["hasMore"] is True
    assert await told(client, rosa, page["endCursor"]) == [("CHANGED", f"ord_{mine.id}")], "nothing is left out"


async def test_a_cursor_of_somebody_else_gives_no_more_than_ones_own(client: Client, rosa: User) -> None:
    admin = await make_user(Role.ADMIN)
    await change(await make_order(), notes="1")
    assert await told(client, rosa, await end(client, admin)) == [("RESYNC", None)]


async def test_the_feed_is_read_in_pages_from_any_cursor_and_by_type(client: Client, rosa: User) -> None:
    order = await make_order(owner=rosa)
    customer = await make_customer(owner=rosa)
    for note in "abc":
        await change(order, notes=note)
    await pool().execute("""UPDATE event SET type = 'customer.updated', aggregate = 'customer', aggregate_id = $1
                            WHERE position = 2""", customer.id)  # fmt: skip
    first = await feed(client, rosa, first=2)
    assert [node["seq"] for node in first["nodes"]] == [1, 2]
    assert first["hasMore"] is True
    second = await feed(client, rosa, after=first["endCursor"], first=2)
    assert [node["seq"] for node in second["nodes"]] == [3]
    assert second["hasMore"] is False
    again = await feed(client, rosa, after=first["nodes"][0]["cursor"])
    assert [node["seq"] for node in again["nodes"]] == [2, 3]
    customers = await feed(client, rosa, types=["CUSTOMER_UPDATED", "CUSTOMER_CREATED"])
    assert [node["id"] for node in customers["nodes"]] == [f"cus_{customer.id}"]
    assert (await feed(client, rosa, types=[]))["nodes"] == []


async def test_rows_of_a_page_are_read_by_one_statement(
    client: Client, rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await make_product()
    for number in range(12):
        order = await make_order(owner=rosa, lines=[(product, "1")])
        await change(order, notes=str(number))
    read: list[str] = []
    fetchrow = ReadPools.fetchrow

    async def counted(self: ReadPools, sql: str, arguments: list[Any], *, selective: bool) -> Any:
        read.append(sql)
        return await fetchrow(self, sql, arguments, selective=selective)

    monkeypatch.setattr(ReadPools, "fetchrow", counted)
    nodes = (await feed(client, rosa))["nodes"]
    assert len({node["node"]["number"] for node in nodes}) == 12
    assert len(read) == 1


async def test_a_request_looks_at_so_many_events_and_gets_on_all_the_same(client: Client, rosa: User) -> None:
    mine = await make_order(owner=rosa)
    async with transaction() as inner:
        row = await inner.connection.fetchrow("SELECT room FROM event_sequence FOR UPDATE")
        await make_room(inner, upto=SCANNED + 10, room=row["room"], size=1_000_000)
        await inner.connection.execute(
            """INSERT INTO event (position, aggregate, aggregate_id, seq, type, payload, created_at, positioned_at)
               SELECT n, 'order', 1000 + n, 1, 'order.created', '{}', now(), now()
               FROM generate_series(1, $1::int) n""",
            SCANNED + 5,
        )
        await inner.connection.execute("UPDATE event_sequence SET newest = $1", SCANNED + 5)
    await change(mine, notes="1")
    page = await feed(client, rosa, wait=5)
    assert (page["nodes"], page["hasMore"]) == ([], True)
    page = await feed(client, rosa, after=page["endCursor"])
    assert [node["id"] for node in page["nodes"]] == [f"ord_{mine.id}"]
    assert page["hasMore"] is False


async def test_who_waits_is_told_as_soon_as_there_is_something_to_see(client: Client, rosa: User) -> None:
    order, hidden = await make_order(owner=rosa), await make_order()
    since = await end(client, rosa)
    waiting = [asyncio.create_task(feed(client, rosa, after=since, wait=20)) for _ in range(3)]
    await asyncio.sleep(0.15)
    open_ones = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND usename LIKE 'sluice_read%' AND state <> 'idle'"""
    assert await pool().fetchval(open_ones) == 0, "nobody holds a connection"
    await change(hidden, notes="1")
    await asyncio.sleep(0.2)
    assert not any(task.done() for task in waiting), "what is hidden wakes nobody up"
    await change(order, notes="1")
    for page in await asyncio.wait_for(asyncio.gather(*waiting), 5):
        assert [node["id"] for node in page["nodes"]] == [f"ord_{order.id}"]


async def test_who_waits_in_vain_gets_an_empty_page(client: Client, rosa: User) -> None:
    since = await end(client, rosa)
    page = await feed(client, rosa, after=since, wait=1)
    assert (page["nodes"], page["endCursor"]) == ([], since)


async def test_a_wait_ends_before_the_time_of_the_operation_does(
    client: Client, rosa: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = await end(client, rosa)
    seconds = SECONDS_TO_ANSWER + 0.2
    monkeypatch.setattr(app.runtime, "settings", app.runtime.settings.model_copy(update={"operation_timeout": seconds}))
    page = await feed(client, rosa, after=since, wait=25)
    assert (page["nodes"], page["endCursor"]) == ([], since)


async def test_who_lost_their_session_while_waiting_is_told_nothing(client: Client, rosa: User) -> None:
    order = await make_order(owner=rosa)
    since = await end(client, rosa)
    waiting = asyncio.create_task(client.error(CHANGES, {"after": since, "wait": 20}, as_=rosa))
    await asyncio.sleep(0.1)
    await Session.all().delete()
    await change(order, notes="1")
    assert (await waiting)["code"] == "UNAUTHENTICATED"


async def test_who_lost_rights_while_waiting_is_told_to_read_again(client: Client, rosa: User) -> None:
    order = await make_order(owner=rosa)
    since = await end(client, rosa)
    waiting = asyncio.create_task(feed(client, rosa, after=since, wait=20))
    await asyncio.sleep(0.1)
    await User.filter(id=rosa.id).update(roles=["SERVICE"])
    await change(order, notes="1")
    assert [node["kind"] for node in (await waiting)["nodes"]] == ["RESYNC"]


@pytest.mark.parametrize(
    ("arguments", "code", "path"),
    [
        ({"after": "nonsense"}, "INVALID_CURSOR", ["after"]),
        ({"after": "ZmVlZCwx"}, "INVALID_CURSOR", ["after"]),
        ({"after": "x" * 300}, "INVALID_CURSOR", ["after"]),
        ({"first": 251}, "INVALID_INPUT", ["first"]),
        ({"first": -1}, "INVALID_INPUT", ["first"]),
        ({"wait": 26}, "INVALID_INPUT", ["wait"]),
    ],
)
async def test_wrong_arguments_are_named(
    client: Client, rosa: User, arguments: dict[str, Any], code: str, path: list[str]
) -> None:
    answer = await client.query(CHANGES, arguments, as_=rosa)
    [error] = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["path"], error["path"]) == (code, path, ["changes"])
    assert answer["data"] == {"changes": None}


async def test_a_cursor_behind_which_something_is_gone_has_expired(client: Client, rosa: User) -> None:
    for note in "abc":
        await change(await make_order(owner=rosa), notes=note)
    old, newer, _ = [node["cursor"] for node in (await feed(client, rosa))["nodes"]]
    await pool().execute("UPDATE event_sequence SET oldest = 3")
    assert await client.error(CHANGES, {"after": old}, as_=rosa) == {"code": "CURSOR_EXPIRED", "path": ["after"]}
    assert len((await feed(client, rosa, after=newer))["nodes"]) == 1
    assert len((await feed(client, rosa))["nodes"]) == 1, "without a cursor, from the oldest that is kept"
    await pool().execute("UPDATE event_sequence SET newest = 1")
    assert (await client.error(CHANGES, {"after": newer}, as_=rosa))["code"] == "CURSOR_EXPIRED", "from a later time"


async def test_the_feed_is_read_once_an_operation(client: Client, rosa: User) -> None:
    twice = "{ a: changes { endCursor } b: changes { endCursor } }"
    assert (await client.error(twice, as_=rosa))["code"] == "QUERY_TOO_COMPLEX"


async def test_a_machine_is_told_what_its_scopes_name(client: Client, rosa: User) -> None:
    await change(await make_order(owner=rosa), notes="1")
    await pool().execute("UPDATE event SET payload = '{}'")
    document = "{ changes { nodes { id node { id } } } }"
    reader = await ask(client, await secret_of("EVENTS_READ", "ORDERS_READ"), document)
    assert len(reader["data"]["changes"]["nodes"]) == 1
    blind = await ask(client, await secret_of("EVENTS_READ", "CUSTOMERS_READ"), document)
    assert blind["data"]["changes"]["nodes"] == []
    assert (await refusal(client, await secret_of("ORDERS_READ"), document))["scopes"] == ["EVENTS_READ"]


async def test_what_changes_hands_goes_out_of_one_sight_and_comes_into_another(client: Client, rosa: User) -> None:
    ben, ada = await make_user(Role.REP, team=await make_team("South")), await make_user(Role.ADMIN)
    order, customer = await make_order(owner=rosa), await make_customer(owner=rosa)
    since = {viewer.id: await end(client, viewer) for viewer in (rosa, ben)}
    await written(client, RECORDS_TRANSFER, {"fromUserId": f"usr_{rosa.id}", "toUserId": f"usr_{ben.id}"}, as_=ada)
    await position_events()
    ids = [f"cus_{customer.id}", f"ord_{order.id}"]
    assert await told(client, rosa, since[rosa.id]) == [("REMOVED", ids[0]), ("REMOVED", ids[1])]
    nodes = (await feed(client, ben, after=since[ben.id]))["nodes"]
    assert [(node["kind"], node["id"], node["node"]["id"]) for node in nodes] == [("CHANGED", id_, id_) for id_ in ids]
    assert {nodes[0]["facts"][key] for key in ("fromOwner", "owner")} == {f"usr_{rosa.id}", f"usr_{ben.id}"}
    assert nodes[0]["facts"]["team"].startswith("tem_")
    assert nodes[0]["actorId"] == f"usr_{ada.id}"
