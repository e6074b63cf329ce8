"""A small request cannot cost much: what multiplies is refused, and errors do not repeat what was sent without end."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from app.asgi import Api
from app.limits.accounts import Accounts
from app.limits.gate import Gate
from domain.people import Role
from models import User
from reads.pools import ReadPools
from tests.api.conftest import Client
from tests.factories import make_team, make_user
from tests.waiting import within

LOGIN = 'login(input: {email: "a@b.example", password: "a guess of it"}) { accessToken }'


def too_complex(exceeded: str, allowed: int, got: int) -> dict[str, Any]:
    """What is told of an operation beyond a limit."""
    return {"code": "QUERY_TOO_COMPLEX", "exceeded": exceeded, "allowed": allowed, "got": got}


@pytest.fixture
async def rep(database: str) -> User:  # noqa: ARG001 - emptied before
    return await make_user(Role.REP, team=await make_team())


@pytest.mark.parametrize("who", ["nobody", "a rep"])
async def test_forbidden_texts_under_a_long_name_are_told_shortly(client: Client, rep: User, who: str) -> None:
    variables = {"x" * 30_000: ["\0"] * 3_000}
    response = await client.post("{ __typename }", variables, as_=rep if who == "a rep" else None)
    assert len(response.content) < 20_000
    assert len(response.json()["errors"]) <= 20


async def test_wrong_variables_are_told_twenty_at_a_time(client: Client, rep: User) -> None:
    document = "mutation($i: OrderCreateInput!) { orderCreate(input: $i) { errors { code } } }"
    answer = await client.query(document, {"i": {f"currencyy{number}": 1 for number in range(3_000)}}, as_=rep)
    assert len(answer["errors"]) <= 20
    assert "Did you mean" not in str(answer)


async def test_whoever_is_not_signed_in_learns_that_before_anything_else(client: Client, database: str) -> None:  # noqa: ARG001 - emptied before
    document = "mutation($i: OrderCreateInput!) { orderCreate(input: $i) { errors { code } } }"
    assert await client.error(document, {"i": {"nothing": "right"}}) == {"code": "UNAUTHENTICATED"}
    hidden = "mutation { ...F } fragment F on Mutation { logout { ended } }"
    assert await client.error(hidden) == {"code": "UNAUTHENTICATED"}


async def test_an_operation_guesses_one_password(client: Client, database: str) -> None:  # noqa: ARG001 - emptied before
    assert await client.error(f"mutation {{ a: {LOGIN} b: {LOGIN} }}") == too_complex("SIGN_INS", 1, 2)
    inside = f"mutation {{ a: {LOGIN} ...F }} fragment F on Mutation {{ b: {LOGIN} }}"
    assert await client.error(inside) == too_complex("SIGN_INS", 1, 2)
    one = await client.query(f"mutation {{ ...F }} fragment F on Mutation {{ {LOGIN} }}")
    assert one == {"data": {"login": {"accessToken": None}}}


async def test_an_operation_makes_ten_mutations_at_the_most(client: Client, rep: User) -> None:
    def many(count: int) -> str:
        field = 'customerCreate(input: {name: "Tea"}) { errors { code } }'
        return "mutation {" + " ".join(f"m{number}: {field}" for number in range(count)) + "}"

    assert await client.error(many(11), as_=rep) == too_complex("MUTATIONS", 10, 11)
    assert len(await client.data(many(10), as_=rep)) == 10


async def test_an_operation_asks_twice_for_the_schema_at_the_most(client: Client, database: str) -> None:  # noqa: ARG001 - emptied before
    field = "__schema { queryType { name } }"
    assert await client.error(f"{{ a: {field} b: {field} c: {field} }}") == too_complex("INTROSPECTIONS", 2, 3)


async def test_a_list_in_a_comparison_names_a_thousand_values_at_the_most(client: Client, rep: User) -> None:
    document = "query($ids: [ID!]!) { orders(filter: {id: {in: $ids}}) { totalCount } }"
    many = [f"ord_{number}" for number in range(1, 1_002)]
    error = await client.error(document, {"ids": many}, as_=rep)
    assert error == {"code": "INVALID_INPUT", "path": ["filter", "id", "in"], "problem": "too_many", "limit": "1000"}
    assert await client.data(document, {"ids": many[:-1]}, as_=rep) == {"orders": {"totalCount": 0}}


async def test_sizes_of_pages_in_pages_multiply(client: Client, rep: User) -> None:
    def nested(sizes: list[int]) -> str:
        inner = "id"
        for size in reversed(sizes):
            inner = f"orders(first: {size}) {{ nodes {{ customer {{ {inner} }} }} }}"
        return f"{{ {inner} }}"

    def points(sizes: list[int]) -> int:
        inner = 0
        for size in reversed(sizes):
            inner = 1 + size * (2 + inner)  # the page, its orders, their customers
        return 1 + inner

    refusal = too_complex("OPERATION_POINTS", 100_000, points([100, 100, 5]))
    assert await client.error(nested([100, 100, 5]), as_=rep) == refusal
    assert await client.data(nested([100, 100, 3]), as_=rep) == {"orders": {"nodes": []}}
    rows: dict[str, Any] = {"ids": ["cus_1"] * 250}
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { orders(first: 250) { nodes { id "
    document += "customer { orders(first: 2) { totalCount } } } } } } }"
    assert (await client.error(document, rows, as_=rep))["code"] == "QUERY_TOO_COMPLEX"


async def test_fields_that_would_have_to_be_compared_for_long_are_refused(client: Client, rep: User) -> None:
    assert await client.error("{ " + "orders { nodes { id } } " * 600 + "}", as_=rep) == {
        "code": "QUERY_TOO_COMPLEX",
        "exceeded": "COMPARISONS",
    }


async def test_conditions_of_aliases_add_up(client: Client, rep: User) -> None:
    fields = " ".join(f"a{number}: orders(filter: {{or: $f}}) {{ totalCount }}" for number in range(25))
    conditions = {"f": [{"number": {"eq": str(number)}} for number in range(45)]}
    document = f"query($f: [OrderFilter!]) {{ {fields} }}"
    assert await client.error(document, conditions, as_=rep) == too_complex("ARGUMENT_VALUES", 1_000, 1_150)


async def test_fragments_that_spread_the_next_twice_are_refused_without_unfolding_them(
    client: Client, rep: User
) -> None:
    spreads = [f"fragment F{i} on Team {{ ...F{i + 1} ...F{i + 1} }}" for i in range(80)]
    document = "{ viewer { team { ...F0 } } } " + " ".join(spreads) + " fragment F80 on Team { id }"
    assert await client.error(document, as_=rep) == too_complex("FIELDS", 20_000, 1_000_000_000)


def many(count: int, field: str) -> str:
    """So many fields, each under a key of its own."""
    return " ".join(f"f{number}: {field}" for number in range(count))


@pytest.mark.parametrize(
    ("of_size", "most", "exceeded", "allowed"),
    [
        (lambda count: f"{{ viewer {{ {many(count, 'name')} }} }}", 1_000, "ALIASES", 1_000),
        (lambda count: f"{{ {many(count, 'viewer { id }')} }}", 200, "ROOT_FIELDS", 200),
        (lambda count: f"{{ viewer {{ {many(count, 'name @skip(if: false)')} }} }}", 500, "DIRECTIVES", 500),
        (lambda count: "{ viewer " + "{ ... " * count + "{ id }" + "}" * count + " }", 98, "SELECTION_LEVELS", 100),
    ],
    ids=["aliases", "root fields", "directives", "depth"],
)
async def test_each_limit_of_a_document_is_exact(
    client: Client, rep: User, of_size: Callable[[int], str], most: int, exceeded: str, allowed: int
) -> None:
    assert "errors" not in await client.query(of_size(most), as_=rep)
    assert await client.error(of_size(most + 1), as_=rep) == too_complex(exceeded, allowed, allowed + 1)


async def test_an_answer_tells_its_cost_when_asked(client: Client, rep: User) -> None:
    document = """query($n: Int) { orders(first: $n, filter: {customer: {level: {eq: VIP}}}) {
        totalCount nodes { id lines { id } } } }"""
    answer = await client.query(document, {"n": 7}, as_=rep, extensions={"cost": True})
    cost = answer["extensions"]["cost"]
    assert cost["requested"] == 1 + 1 + 10 + 10 + 7 * (1 + 5)
    assert cost["remaining"] <= cost["maximum"] - cost["requested"]
    assert "extensions" not in await client.query(document, {"n": 7}, as_=rep)


async def test_who_has_spent_their_points_is_told_when_to_come_again(
    client: Client, rep: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.runtime, "accounts", Accounts(1_000, 500))
    app.runtime.accounts.charge(f"user:{rep.id}", 995)
    document = "{ orders(first: 250) { nodes { id } } }"
    for media, status in (("application/graphql-response+json", 429), ("application/json", 200)):
        response = await client.post(document, as_=rep, headers={"accept": media})
        [error] = response.json()["errors"]
        assert (response.status_code, error["extensions"]["code"]) == (status, "RATE_LIMITED")
        assert (error["extensions"]["exceeded"], error["extensions"]["allowed"]) == ("CALLER_POINTS", 1_000)
        assert error["extensions"]["got"] == error["extensions"]["cost"]["requested"] == 252
        assert 0 < error["extensions"]["retryAfter"] <= 1
        assert response.headers["retry-after"] == "1"


async def test_who_sends_wrong_documents_without_end_is_not_read_any_more(
    client: Client, rep: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.runtime, "accounts", Accounts(1_000, 1))
    wrong = "{ nothing } #" + "x" * 5_000
    codes = [(await client.error(wrong, as_=rep))["code"] for _ in range(3)]
    assert codes == ["BAD_REQUEST", "BAD_REQUEST", "RATE_LIMITED"]
    assert (await client.error("{ viewer { id } }", as_=rep))["code"] == "RATE_LIMITED"


async def test_an_operation_that_takes_too_long_is_ended(
    client: Client, rep: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    async def slow(self: ReadPools, *_: Any, **__: Any) -> asyncpg.Record:
        try:
            async with self.custom.acquire() as connection:
                return await connection.fetchrow("SELECT pg_sleep(20)")
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    await client.query("{ viewer { id } }", as_=rep)
    monkeypatch.setattr(ReadPools, "fetchrow", slow)
    monkeypatch.setattr(app.runtime, "settings", app.runtime.settings.model_copy(update={"operation_timeout": 0.1}))
    response = await client.post("{ viewer { id } }", as_=rep, headers={"accept": "application/graphql-response+json"})
    assert response.status_code == 504
    assert response.json()["errors"][0]["extensions"] == {
        "code": "TIMEOUT",
        "exceeded": "OPERATION_TIMEOUT",
        "allowed": 0.1,
    }
    assert ended == ["cancelled"]


async def test_who_comes_when_all_places_are_taken_is_sent_away_at_once(
    client: Client, rep: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = asyncio.Event()
    fetchrow = ReadPools.fetchrow

    async def held(self: ReadPools, *given: Any, **options: Any) -> asyncpg.Record:
        await going_on.wait()
        return await fetchrow(self, *given, **options)

    await client.query("{ viewer { id } }", as_=rep)
    monkeypatch.setattr(app.runtime, "gate", Gate(2, 3))
    monkeypatch.setattr(ReadPools, "fetchrow", held)
    asked = [asyncio.create_task(client.post("{ viewer { id } }", as_=rep)) for _ in range(20)]
    await within(5, lambda: sum(each.done() for each in asked) == 15)
    assert (await client.http.get("/healthz")).status_code == 200
    going_on.set()
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [503] * 15
    assert {answer.headers["retry-after"] for answer in answers if answer.status_code == 503} == {"1"}
