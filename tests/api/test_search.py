"""A search: what it finds, in which order, for whom, and what it may not be asked."""

import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.people import Role
from domain.search import search_problems
from models import Channel, User
from rows.search import LOOKED_AT, MATCHES
from tests.api.conftest import Client
from tests.factories import (
    PLACED_AT,
    make_channel,
    make_customer,
    make_order,
    make_product,
    make_team,
    make_user,
    share_order,
)

pytestmark = pytest.mark.usefixtures("database")

DOCUMENT = """
query Search($text: String!, $entities: [SearchEntity!], $first: Int) {
  search(text: $text, entities: $entities, first: $first) {
    match
    field
    node { __typename ... on Order { name: number } ... on Customer { name } ... on Product { name: sku } }
  }
}
"""


async def found(client: Client, as_: User, text: str, **arguments: Any) -> list[str]:
    """What is found, best first, such as "SO-1 number WHOLE"."""
    results = (await client.data(DOCUMENT, {"text": text, **arguments}, as_=as_))["search"]
    return [f"{result['node']['name']} {result['field']} {result['match']}" for result in results]


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada")


@pytest.fixture
async def shop(database: str) -> None:
    """Two orders, two customers and a product."""
    assert database
    channel = await make_channel()
    await make_customer(
        name="上海恒通贸易有限公司",
        phone="+86 (138) 1234-5678",
        email="li@hengtong.example",
        external_id="K-77",
        channel=channel,
    )
    await make_customer(name="Whitcombe Garden Centres Ltd", phone="020 7946 0958", tax_id="GB 123456")
    await make_order(
        number="SO-00004711",
        external_id="536365",
        channel=channel,
        customer_name="Hauptstraße 5 GmbH",
        contact_name="Wei Zhang",
        contact_phone="138-1234-5678",
    )
    await make_order(number="SO-00014711", customer_name="恒通", contact_email="Buyer@Garden.example")
    await make_product("GRD-4711", name="Garden hose")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SO-00004711", ["SO-00004711 number WHOLE"]),
        ("so-00004711", ["SO-00004711 number WHOLE"]),
        ("ＳＯ－００００４７１１", ["SO-00004711 number WHOLE"]),
        ("536365", ["SO-00004711 externalId WHOLE"]),
        ("14711", ["SO-00014711 number END"]),
        ("grd-4711", ["GRD-4711 sku WHOLE"]),
        ("恒通", ["SO-00014711 customerName WHOLE", "上海恒通贸易有限公司 name PART"]),
        ("有限", ["上海恒通贸易有限公司 name PART"]),
        ("hauptSTRASSE", ["SO-00004711 customerName START"]),
        ("zhang", ["SO-00004711 contact.name END"]),
        ("zhang wei", ["SO-00004711 contact.name PART"]),
        ("ltd garden", ["Whitcombe Garden Centres Ltd name PART"]),
        ("buyer@garden.example", ["SO-00014711 contact.email WHOLE"]),
        ("k-77", ["上海恒通贸易有限公司 externalId WHOLE"]),
        ("gb 123456", ["Whitcombe Garden Centres Ltd taxId WHOLE"]),
        ("12345678", ["SO-00004711 contact.phone END", "上海恒通贸易有限公司 phone END"]),
        ("13812345678", ["SO-00004711 contact.phone END", "上海恒通贸易有限公司 phone END"]),
        ("+86 138 1234 5678", ["SO-00004711 contact.phone END", "上海恒通贸易有限公司 phone END"]),
        ("0958", ["Whitcombe Garden Centres Ltd phone END"]),
        ("+44 20 7946 0958", ["Whitcombe Garden Centres Ltd phone END"]),
        ("20-79 46.0958", ["Whitcombe Garden Centres Ltd phone END"]),
        ("%%%", []),
        ("___", []),
        ("通恒", []),
        ("nothing at all", []),
    ],
)
@pytest.mark.usefixtures("shop")
async def test_a_text_is_found_where_people_look_for_it(
    client: Client, ada: User, text: str, expected: list[str]
) -> None:
    results = await found(client, ada, text)
    assert sorted(results) == sorted(expected)


@pytest.mark.usefixtures("shop")
async def test_the_best_match_comes_first_and_then_the_newest(client: Client, ada: User) -> None:
    await make_order(number="4711", placed_at=PLACED_AT.replace(year=2020))
    await make_order(number="4711-B", placed_at=PLACED_AT.replace(year=2021))
    await make_order(number="A-4711-B", placed_at=PLACED_AT.replace(year=2030))
    assert await found(client, ada, "4711", entities=["ORDER"]) == [
        "4711 number WHOLE",
        "4711-B number START",
        "SO-00014711 number END",
        "SO-00004711 number END",
        "A-4711-B number PART",
    ]
    assert await found(client, ada, "4711", entities=["ORDER"], first=1) == ["4711 number WHOLE"]


async def test_a_whole_number_is_found_behind_many_newer_ones_that_contain_it(client: Client, ada: User) -> None:
    for number in range(60):
        await make_order(number=f"{number}-X-777-Y", placed_at=PLACED_AT)
    await make_order(number="X-777", placed_at=PLACED_AT.replace(year=2020))
    assert (await found(client, ada, "x-777"))[0] == "X-777 number WHOLE"
    assert len(await found(client, ada, "x-777", first=50)) == 50


@pytest.mark.usefixtures("shop")
async def test_types_and_their_number_are_as_asked_for(client: Client, ada: User) -> None:
    assert await found(client, ada, "恒通", entities=["CUSTOMER"]) == ["上海恒通贸易有限公司 name PART"]
    assert await found(client, ada, "恒通", entities=[]) == []
    assert await found(client, ada, "恒通", first=0) == []
    assert len(await found(client, ada, "garden")) == 3


@pytest.mark.parametrize(
    ("arguments", "path", "message"),
    [
        ({"text": ""}, ["text"], "blank"),
        ({"text": " \u3000"}, ["text"], "blank"),
        ({"text": "ab"}, ["text"], "shorter than"),
        ({"text": "通"}, ["text"], "shorter than"),
        ({"text": "ab cd e"}, ["text"], "shorter than"),
        ({"text": "x" * 101}, ["text"], "longer than 100"),
        ({"text": "abc " * 9}, ["text"], "more than 8"),
        ({"text": "abc", "first": 51}, ["first"], "0..50"),
        ({"text": "abc", "first": -1}, ["first"], "0..50"),
    ],
)
async def test_a_search_that_cannot_be_is_refused_by_name(
    client: Client, ada: User, arguments: dict[str, Any], path: list[str], message: str
) -> None:
    answer = await client.query(DOCUMENT, arguments, as_=ada)
    assert answer["data"] == {"search": None}
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["path"] == path
    assert message in error["message"]


async def test_what_somebody_may_not_see_is_not_found(client: Client, ada: User) -> None:
    team = await make_team()
    ann, bob, cy = [await make_user(role, team=team) for role in (Role.REP, Role.REP, Role.SERVICE)]
    order = await make_order(number="SO-SECRET", owner=ann, contact_phone="0171 5550123")
    await make_customer(name="Secret Ltd", owner=ann)
    for text in ("so-secret", "secret", "5550123"):
        assert await found(client, ada, text) != []
        assert await found(client, ann, text) != []
        assert await found(client, bob, text) == []
    assert await found(client, cy, "secret") == ["Secret Ltd name START"]
    await share_order(order, bob)
    assert await found(client, bob, "secret") == ["SO-SECRET number END"]
    assert await found(client, bob, "5550123") == ["SO-SECRET contact.phone END"]


async def test_a_search_is_answered_beside_other_fields_with_any_selection(client: Client, ada: User) -> None:
    customer = await make_customer(name="Tea House")
    await make_order(number="SO-1", customer=customer, lines=[(await make_product("TEA"), "2")])
    data = await client.data(
        """{
          viewer { name }
          a: search(text: "tea house", entities: [ORDER]) {
            __typename
            row: node { ...Both
              ... on Order { statusLabel lines { sku } customer { orders(first: 1) { totalCount } } } }
          }
          b: search(text: "tea house", first: 1) { node { ...Both } match }
        }
        fragment Both on Node { id ... on Customer { name } }""",
        as_=ada,
    )
    [row] = data["a"]
    assert row["__typename"] == "SearchResult"
    assert row["row"]["lines"] == [{"sku": "TEA"}]
    assert row["row"]["customer"]["orders"]["totalCount"] == 1
    assert row["row"]["statusLabel"]
    assert len(data["b"]) == 1


LETTERS = ["a", "B", "é", "e\u0301", "ｃ", "ß", "恒", "通", "有", "7", "４", "-", "_", "%", " ", "😀", "ﬁ"]
ROWS = 45
PARTS = {
    "Order": ["number", "external_id", "customer_name", "contact_name", "contact_email"],
    "Customer": ["name", "external_id", "email", "phone", "tax_id"],
    "Product": ["sku", "name"],
}
ENDS = {"Order": "contact_phone", "Customer": "phone"}


@dataclass(frozen=True)
class Row:
    """A row in the model: its type, its place among all, and its texts."""

    type: str
    id: int
    texts: dict[str, str | None]


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def digits(text: str) -> str:
    return "".join(letter for letter in folded(text) if letter in "0123456789")


def match_of(row: Row, text: str) -> int | None:
    """How well the row matches, in plain words: 0 to 3, or None."""
    words = folded(text).split()
    whole = " ".join(words)
    ways = []
    for column in PARTS[row.type]:
        value = folded(row.texts.get(column) or "")
        tests = (value == whole, value.startswith(whole), value.endswith(whole), all(word in value for word in words))
        ways += [place for place, holds in enumerate(tests) if holds and value]
    phone = set(folded(text)) <= set("0123456789 +().-/") and len(digits(text)) >= 4
    if phone and digits(row.texts.get(ENDS.get(row.type, "")) or "").endswith(digits(text)[-9:]):
        ways.append(2)
    return min(ways, default=None)


@pytest.fixture
async def rows(database: str) -> tuple[User, User, list[Row]]:
    """An administrator, a representative who owns some of the rows, and the rows."""
    assert database
    random = Random(7)  # nothing here is secret
    ann, channel = await make_user(Role.REP, team=await make_team()), await make_channel()

    def some(letters: Any = LETTERS) -> str | None:
        return "".join(random.choices(letters, k=random.randint(4, 14))) if random.random() < 0.8 else None

    stored = []
    for place in range(ROWS):
        type_name = ("Order", "Customer", "Product")[place % 3]
        texts = {name: some() for name in PARTS[type_name]}
        for name in {"name", "number", "sku", "external_id"} & set(texts):
            texts[name] = f"{texts[name]}{place}"  # there is one, and it is unique
        if type_name in ENDS:
            texts[ENDS[type_name]] = some("0123456789 ()-+")
        stored.append(Row(type_name, await _store(type_name, texts, channel, ann if place % 4 else None), texts))
    return await make_user(Role.ADMIN), ann, stored


async def _store(type_name: str, texts: dict[str, Any], channel: Channel, owner: User | None) -> int:
    if type_name == "Order":
        return (await make_order(channel=channel, owner=owner, **texts)).id
    if type_name == "Customer":
        return (await make_customer(channel=channel, owner=owner, **texts)).id
    return (await make_product(**texts)).id


@pytest.fixture(params=[LOOKED_AT, 3])
def looked_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of the newest rows are looked at: all that there are, or so few that the index has to be asked."""
    monkeypatch.setattr("rows.search.LOOKED_AT", request.param)
    return int(request.param)


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(place=st.integers(0, ROWS - 1), start=st.integers(0, 12), size=st.integers(2, 8), changed=st.integers(0, 3))
async def test_what_is_found_is_what_a_plain_reading_of_all_rows_finds(
    client: Client, rows: tuple[User, User, list[Row]], looked_at: int, place: int, start: int, size: int, changed: int
) -> None:
    admin, ann, stored = rows
    texts = [text for text in stored[place].texts.values() if text]
    text = texts[start % len(texts)][start : start + size]
    text = (text, text.swapcase(), text[::-1], f"{text} {texts[0][:2]}")[changed]
    if list(search_problems((), text)):
        return
    for viewer in (admin, ann):
        seen = [row for place, row in enumerate(stored) if viewer is admin or place % 4 or row.type == "Product"]
        matches = {(row.type, row.id): match_of(row, text) for row in seen}
        # Of its own for each number: statements are kept by their documents.
        document = "query Of%d($text: String!) { search(text: $text, first: 50) { match node { __typename id } } }"
        results = (await client.data(document % looked_at, {"text": text}, as_=viewer))["search"]
        got = [
            (each["node"]["__typename"], int(each["node"]["id"][4:]), MATCHES.index(each["match"])) for each in results
        ]
        assert {(type_name, number): match for type_name, number, match in got} == {
            key: match for key, match in matches.items() if match is not None
        }, text
        assert [match for *_, match in got] == sorted(match for *_, match in got)
