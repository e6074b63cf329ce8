"""Connections: pages, cursors, orders and totals."""

import base64
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.people import Role
from models import Order, User
from tests.api.conftest import Client
from tests.factories import PLACED_AT, make_channel, make_customer, make_order, make_product, make_region, make_user

pytestmark = pytest.mark.usefixtures("database")

INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada")


async def five_orders() -> list[int]:
    """The numbers of five orders, the last one placed first."""
    made = [await make_order(placed_at=PLACED_AT - timedelta(minutes=place)) for place in range(5)]
    return [order.id for order in made]


async def numbers(client: Client, arguments: str, as_: User) -> list[int]:
    page = (await client.data(f"{{ orders{arguments} {{ nodes {{ id }} }} }}", as_=as_))["orders"]
    return [int(node["id"].removeprefix("ord_")) for node in page["nodes"]]


async def cursors(client: Client, as_: User, arguments: str = "") -> list[str]:
    page = (await client.data(f"{{ orders{arguments} {{ edges {{ cursor }} }} }}", as_=as_))["orders"]
    return [edge["cursor"] for edge in page["edges"]]


def cursor(plain: str) -> str:
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


async def test_a_list_without_a_size_has_fifty_rows(client: Client, ada: User) -> None:
    for _ in range(51):
        await make_channel()
    page = (await client.data("{ channels { nodes { id } pageInfo { hasNextPage } } }", as_=ada))["channels"]
    assert len(page["nodes"]) == 50
    assert page["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize("size", ["first", "last"])
async def test_a_page_has_at_most_250_rows(client: Client, ada: User, size: str) -> None:
    assert (await client.query(f"{{ orders({size}: 250) {{ totalCount }} }}", as_=ada))["data"]["orders"]
    out_of_range = {"code": "INVALID_INPUT", "problem": "out_of_range", "limit": "0..250"}
    for wrong in (251, -1, 2**31 - 1):
        answer = await client.query(f"{{ orders({size}: {wrong}) {{ totalCount }} viewer {{ name }} }}", as_=ada)
        assert answer["data"] == {"orders": None, "viewer": {"name": "Ada"}}
        [error] = answer["errors"]
        assert error["path"] == ["orders"]
        assert error["extensions"] == out_of_range | {"path": [size]}


async def test_first_and_last_exclude_each_other(client: Client, ada: User) -> None:
    error = await client.error("{ orders(first: 1, last: 1) { totalCount } }", as_=ada)
    assert error == {"code": "INVALID_INPUT", "path": ["last"], "problem": "not_together", "limit": "first"}


async def test_a_page_of_no_rows_tells_whether_there_are_any(client: Client, ada: User) -> None:
    await five_orders()
    empty = {"hasNextPage": True, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    found = await client.data(
        f"{{ a: orders(first: 0) {{ {INFO} }} b: orders(last: 0) {{ {INFO} nodes {{ id }} }} }}", as_=ada
    )
    assert found["a"]["pageInfo"] == empty
    assert found["b"] == {"pageInfo": empty | {"hasNextPage": False, "hasPreviousPage": True}, "nodes": []}


@pytest.mark.parametrize("name", ["hasNextPage", "hasPreviousPage", "startCursor", "endCursor", "__typename"])
@pytest.mark.parametrize("size", ["first", "last"])
async def test_each_part_of_page_info_can_be_asked_for_alone(client: Client, ada: User, name: str, size: str) -> None:
    await five_orders()
    alone = await client.data(f"{{ orders({size}: 2) {{ pageInfo {{ {name} }} }} }}", as_=ada)
    together = await client.data(f"{{ orders({size}: 2) {{ {INFO} pageInfo {{ {name} }} }} }}", as_=ada)
    assert alone["orders"]["pageInfo"][name] == together["orders"]["pageInfo"][name]


async def test_orders_come_newest_first_and_ties_by_id_in_the_same_direction(client: Client, ada: User) -> None:
    made = [await make_order(placed_at=PLACED_AT) for _ in range(3)]
    newest = await make_order(placed_at=PLACED_AT + timedelta(milliseconds=1))
    expected = [newest.id, *(order.id for order in made[::-1])]
    assert await numbers(client, "", ada) == expected
    assert await numbers(client, "(sort: {field: PLACED_AT, direction: ASC})", ada) == expected[::-1]


async def test_nulls_come_last_both_ways(client: Client, ada: User) -> None:
    days = [date(2026, 5, 2), None, date(2026, 5, 1), None]
    one, two, three, four = [(await make_order(required_by=day)).id for day in days]
    assert await numbers(client, "(sort: {field: REQUIRED_BY})", ada) == [three, one, two, four]
    assert await numbers(client, "(sort: {field: REQUIRED_BY, direction: DESC})", ada) == [one, three, four, two]


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("size", [1, 2, 3])
async def test_pages_through_nulls_are_the_whole_list_either_way(
    client: Client, ada: User, direction: str, size: int
) -> None:
    for day in (date(2026, 5, 2), None, date(2026, 5, 1), None, date(2026, 5, 1), None):
        await make_order(required_by=day)
    sort = f"sort: {{field: REQUIRED_BY, direction: {direction}}}"
    whole = await numbers(client, f"({sort})", ada)
    for way, end, info in (("first", "after", "end"), ("last", "before", "start")):
        found: list[int] = []
        bound = ""
        while len(found) < len(whole):
            page = f"orders({sort}, {way}: {size}{bound})"
            document = f"{{ list: {page} {{ nodes {{ id }} pageInfo {{ cursor: {info}Cursor }} }} }}"
            answer = (await client.data(document, as_=ada))["list"]
            rows = [int(node["id"].removeprefix("ord_")) for node in answer["nodes"]]
            found = found + rows if way == "first" else rows + found
            bound = f', {end}: "{answer["pageInfo"]["cursor"]}"'
        assert found == whole


async def test_text_is_sorted_by_code_points(client: Client, ada: User) -> None:
    for name in ("b", "B", "a", "Z", "é", "中", "-", "_"):
        await make_region(name=name)
    page = (await client.data("{ regions { nodes { name } } }", as_=ada))["regions"]
    assert [node["name"] for node in page["nodes"]] == ["-", "B", "Z", "_", "a", "b", "é", "中"]


async def test_after_and_before_together_cut_out_what_is_between(client: Client, ada: User) -> None:
    made = await five_orders()
    places = await cursors(client, ada)
    between = f'after: "{places[0]}", before: "{places[4]}"'
    assert await numbers(client, f"({between})", ada) == made[1:4]
    assert await numbers(client, f"({between}, first: 2)", ada) == made[1:3]
    assert await numbers(client, f"({between}, last: 2)", ada) == made[2:4]
    assert await numbers(client, f'(after: "{places[4]}", before: "{places[0]}")', ada) == []


async def test_a_cursor_goes_on_standing_for_its_place_when_its_row_is_gone(client: Client, ada: User) -> None:
    made = await five_orders()
    places = await cursors(client, ada)
    await Order.filter(id=made[2]).delete()
    assert await numbers(client, f'(after: "{places[2]}")', ada) == made[3:]


@pytest.mark.parametrize("bound", ["after", "before"])
@pytest.mark.parametrize(
    "wrong",
    [
        *("", "x", "!", "=", "AAAA", "\U0001f600", "x" * 5_000, "\u00e9"),
        *map(
            cursor, ["placedAt.desc", "placedAt.desc,1", "placedAt.desc,1,", "placedAt.desc,1,-", "placedAt.desc,1,x"]
        ),
        *map(cursor, ["placedAt.desc,0,=2026-03-02T09:30:00.000Z", "placedAt.desc,-1,=2026-03-02T09:30:00.000Z"]),
        *map(cursor, ["placedAt.desc,9223372036854775808,=2026-03-02T09:30:00.000Z", "placedAt.desc,1,=2026-03-02"]),
        *map(cursor, ["placedAt.desc,1,=2026-03-02T09:30:00", "placedAt.desc,1,=0001-01-01T00:00:00.000+14:00"]),
        *map(
            cursor, ["placedAt.desc,1,=9999-12-31T23:59:59.999-14:00", "placedAt.desc,1,=2026-03-02T09:30:00.000001Z"]
        ),
        *map(cursor, ["placedAt.desc,+1,=2026-03-02T09:30:00.000Z", "placedAt.desc,1_0,=2026-03-02T09:30:00.000Z"]),
        *map(cursor, ["placedAt.asc,1,=2026-03-02T09:30:00.000Z", "amount.desc,1,=10.00", "name.asc,1,=a"]),
    ],
)
async def test_what_is_no_cursor_of_this_list_is_refused(client: Client, ada: User, bound: str, wrong: str) -> None:
    document = f"query Q($cursor: String) {{ orders({bound}: $cursor) {{ nodes {{ id }} }} }}"
    assert await client.error(document, {"cursor": wrong}, as_=ada) == {"code": "INVALID_CURSOR", "path": [bound]}


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999999", "1E+5", "1_0", " 1", "\uff11", "", "1" * 200_000]
)
async def test_a_cursor_with_an_odd_number_is_refused(client: Client, ada: User, number: str) -> None:
    document = "query Q($cursor: String) { orders(sort: {field: BASE_TOTAL}, after: $cursor) { nodes { id } } }"
    variables = {"cursor": cursor(f"amount.desc,1,={number}")}
    assert (await client.error(document, variables, as_=ada))["code"] == "INVALID_CURSOR"


@pytest.mark.parametrize("text", ["a\0", "\0"])
async def test_a_cursor_with_a_forbidden_character_is_refused(client: Client, ada: User, text: str) -> None:
    document = "query Q($cursor: String) { products(after: $cursor) { nodes { id } } }"
    variables = {"cursor": cursor(f"name.asc,1,={text}")}
    assert (await client.error(document, variables, as_=ada))["code"] == "INVALID_CURSOR"


async def test_a_cursor_of_one_sort_is_no_cursor_of_another(client: Client, ada: User) -> None:
    await five_orders()
    [first, *_] = await cursors(client, ada)
    for sort in ("{field: PLACED_AT, direction: ASC}", "{field: BASE_TOTAL}", "{field: REQUIRED_BY}"):
        document = f'{{ orders(sort: {sort}, after: "{first}") {{ nodes {{ id }} }} }}'
        assert (await client.error(document, as_=ada))["code"] == "INVALID_CURSOR"
    assert len(await numbers(client, f'(sort: {{field: PLACED_AT, direction: DESC}}, after: "{first}")', ada)) == 4


@pytest.mark.parametrize("name", ["x" * 200, "\U0001f600" * 200, '"\\\n', "a,=b,-", "\x01\x02\x03", "\u2028"])
async def test_every_name_makes_a_cursor_that_works(client: Client, ada: User, name: str) -> None:
    for _ in range(2):
        await make_product(name=name)
    document = (
        "query Q($after: String) { products(first: 1, after: $after) { nodes { id name } pageInfo { endCursor } } }"
    )
    first = (await client.data(document, as_=ada))["products"]
    second = (await client.data(document, {"after": first["pageInfo"]["endCursor"]}, as_=ada))["products"]
    assert first["nodes"][0]["id"] < second["nodes"][0]["id"]
    assert first["nodes"][0]["name"] == second["nodes"][0]["name"] == name


async def test_a_value_that_is_read_can_be_asked_for_again(client: Client, ada: User) -> None:
    moment = datetime(2026, 3, 2, 9, 30, 0, 123_000, tzinfo=UTC)
    made = await make_order(placed_at=moment)
    document = "query Q($at: DateTime) { orders(filter: {placedAt: {eq: $at}}) { nodes { id placedAt } } }"
    for text in ("2026-03-02T09:30:00.123Z", "2026-03-02T10:30:00.123+01:00"):
        found = (await client.data(document, {"at": text}, as_=ada))["orders"]["nodes"]
        assert found == [{"id": f"ord_{made.id}", "placedAt": "2026-03-02T09:30:00.123Z"}]


async def test_totals_are_of_the_whole_list_and_not_of_the_page(client: Client, ada: User) -> None:
    product = await make_product(price="10.00")
    for _ in range(3):
        await make_order(lines=[(product, "1")])
    document = "{ orders(first: 1) { totalCount totalAmount { amount currency } nodes { number } } }"
    found = (await client.data(document, as_=ada))["orders"]
    assert (found["totalCount"], found["totalAmount"]) == (3, {"amount": "36.00", "currency": "GBP"})


async def test_the_total_of_nothing_has_the_digits_of_the_currency(client: Client, ada: User) -> None:
    found = await client.data("{ orders { totalCount totalAmount { amount __typename } } }", as_=ada)
    assert found["orders"] == {"totalCount": 0, "totalAmount": {"amount": "0.00", "__typename": "Money"}}


async def test_one_relation_twice_with_different_arguments(client: Client, ada: User) -> None:
    customer = await make_customer()
    older, newer = [
        (await make_order(customer=customer, placed_at=PLACED_AT + timedelta(days=day))).number for day in (0, 1)
    ]
    document = """{ customers { nodes {
        newest: orders(first: 1) { nodes { number } }
        oldest: orders(last: 1) { nodes { number } }
        none: orders(filter: {or: []}) { totalCount }
    } } }"""
    assert (await client.data(document, as_=ada))["customers"]["nodes"] == [
        {
            "newest": {"nodes": [{"number": newer}]},
            "oldest": {"nodes": [{"number": older}]},
            "none": {"totalCount": 0},
        }
    ]
