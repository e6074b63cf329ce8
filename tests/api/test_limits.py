"""A small request cannot cost much: what multiplies is refused, and errors do not repeat what was sent without end."""

from typing import Any

import pytest

from domain.people import Role
from models import User
from tests.api.conftest import Client
from tests.factories import make_team, make_user

TOO_COMPLEX = {"code": "QUERY_TOO_COMPLEX"}
LOGIN = 'login(input: {email: "a@b.example", password: "a guess of it"}) { accessToken }'


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
    assert await client.error(f"mutation {{ a: {LOGIN} b: {LOGIN} }}") == TOO_COMPLEX
    inside = f"mutation {{ a: {LOGIN} ...F }} fragment F on Mutation {{ b: {LOGIN} }}"
    assert await client.error(inside) == TOO_COMPLEX
    one = await client.query(f"mutation {{ ...F }} fragment F on Mutation {{ {LOGIN} }}")
    assert one == {"data": {"login": {"accessToken": None}}}


async def test_an_operation_makes_ten_mutations_at_the_most(client: Client, rep: User) -> None:
    def many(count: int) -> str:
        field = 'customerCreate(input: {name: "Tea"}) { errors { code } }'
        return "mutation {" + " ".join(f"m{number}: {field}" for number in range(count)) + "}"

    assert await client.error(many(11), as_=rep) == TOO_COMPLEX
    assert len(await client.data(many(10), as_=rep)) == 10


async def test_an_operation_asks_twice_for_the_schema_at_the_most(client: Client, database: str) -> None:  # noqa: ARG001 - emptied before
    field = "__schema { queryType { name } }"
    assert await client.error(f"{{ a: {field} b: {field} c: {field} }}") == TOO_COMPLEX


async def test_a_list_in_a_comparison_names_a_thousand_values_at_the_most(client: Client, rep: User) -> None:
    document = "query($ids: [ID!]!) { orders(filter: {id: {in: $ids}}) { totalCount } }"
    many = [f"ord_{number}" for number in range(1, 1_002)]
    error = await client.error(document, {"ids": many}, as_=rep)
    assert error == {"code": "INVALID_INPUT", "path": ["filter", "id", "in"]}
    assert await client.data(document, {"ids": many[:-1]}, as_=rep) == {"orders": {"totalCount": 0}}


async def test_sizes_of_pages_in_pages_multiply(client: Client, rep: User) -> None:
    def nested(sizes: list[int]) -> str:
        inner = "id"
        for size in reversed(sizes):
            inner = f"orders(first: {size}) {{ nodes {{ customer {{ {inner} }} }} }}"
        return f"{{ {inner} }}"

    assert await client.error(nested([100, 100, 11]), as_=rep) == TOO_COMPLEX
    assert await client.data(nested([100, 100, 10]), as_=rep) == {"orders": {"nodes": []}}
    rows: dict[str, Any] = {"ids": ["cus_1"] * 250}
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { orders(first: 250) { nodes { id "
    document += "customer { orders(first: 2) { totalCount } } } } } } }"
    assert await client.error(document, rows, as_=rep) == TOO_COMPLEX


async def test_fields_that_would_have_to_be_compared_for_long_are_refused(client: Client, rep: User) -> None:
    assert await client.error("{ " + "orders { nodes { id } } " * 600 + "}", as_=rep) == TOO_COMPLEX


async def test_conditions_of_aliases_add_up(client: Client, rep: User) -> None:
    fields = " ".join(f"a{number}: orders(filter: {{or: $f}}) {{ totalCount }}" for number in range(25))
    conditions = {"f": [{"number": {"eq": str(number)}} for number in range(45)]}
    document = f"query($f: [OrderFilter!]) {{ {fields} }}"
    assert await client.error(document, conditions, as_=rep) == TOO_COMPLEX
