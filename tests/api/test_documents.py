"""What is read of a document: its selections as GraphQL has them, and its limits."""

from typing import Any

import asyncpg
import pytest

from domain.people import Role
from models import User
from reads.pools import ReadPools
from tests.api.conftest import Client
from tests.factories import make_team, make_user

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada", team=await make_team("Company"))


async def test_keys_come_in_the_order_of_their_first_occurrence(client: Client, ada: User) -> None:
    document = """query Q { z: viewer { ...Later name } __typename
        viewer { roles team { name } name ...Later team { id } } a: channels { totalCount } }
        fragment Later on User { active name: name }"""
    response = await client.post(document, as_=ada)
    team = f'"team":{{"name":"Company","id":"tem_{ada.team_id}"}}'  # type: ignore[attr-defined]  # Tortoise adds it
    assert response.text == (
        '{"data":{"z":{"active":true,"name":"Ada"},"__typename":"Query",'
        f'"viewer":{{"roles":["ADMIN"],{team},"name":"Ada","active":true}},"a":{{"totalCount":0}}}}}}'
    )


@pytest.mark.parametrize(("yes", "expected"), [(True, {"a": "Ada", "c": "Ada"}), (False, {"b": "Ada", "d": "Ada"})])
async def test_skip_and_include_are_decided_by_each_request(
    client: Client, ada: User, yes: bool, expected: dict[str, str]
) -> None:
    document = """query Q($yes: Boolean!) { viewer {
        a: name @include(if: $yes) b: name @skip(if: $yes) ... @include(if: $yes) { c: name } ...D @skip(if: $yes)
        e: name @include(if: $yes) @skip(if: $yes) f: name @include(if: false)
    } } fragment D on User { d: name }"""
    for _ in range(2):
        assert (await client.data(document, {"yes": yes}, as_=ada))["viewer"] == expected


async def test_a_condition_of_another_operation_does_not_matter(client: Client, ada: User) -> None:
    document = """query One($a: Boolean!) { viewer { name @skip(if: $a) id } }
        query Two($b: Boolean!) { viewer { name @include(if: $b) } }"""
    answer = await client.query(document, {"b": True}, as_=ada, operationName="Two")
    assert answer == {"data": {"viewer": {"name": "Ada"}}}


async def test_several_operations_need_a_name(client: Client, ada: User) -> None:
    document = "query One { viewer { id } } query Two { viewer { name } }"
    assert await client.error(document, as_=ada) == {"code": "BAD_REQUEST"}
    assert await client.error(document, as_=ada, operationName="Three") == {"code": "BAD_REQUEST"}
    assert await client.query(document, as_=ada, operationName="Two") == {"data": {"viewer": {"name": "Ada"}}}


async def test_a_document_without_an_operation_is_refused(client: Client, ada: User) -> None:
    assert (await client.error("fragment F on User { id }", as_=ada))["code"] == "BAD_REQUEST"


async def test_introspection_goes_beside_compiled_fields(client: Client, ada: User) -> None:
    document = '{ viewer { name } __schema { queryType { name } } __type(name: "Order") { kind } __typename }'
    assert await client.query(document, as_=ada) == {
        "data": {
            "viewer": {"name": "Ada"},
            "__schema": {"queryType": {"name": "Query"}},
            "__type": {"kind": "OBJECT"},
            "__typename": "Query",
        }
    }


async def test_all_root_fields_are_one_statement(client: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    statements: list[str] = []
    fetchrow = ReadPools.fetchrow

    async def counted(self: ReadPools, sql: str, arguments: list[Any], *, selective: bool) -> asyncpg.Record:
        statements.append(sql)
        return await fetchrow(self, sql, arguments, selective=selective)

    await client.token(ada)
    monkeypatch.setattr(ReadPools, "fetchrow", counted)
    document = """{ viewer { name } orders { totalCount nodes { lines { name } customer { orders { totalCount } } } }
        products { nodes { id } } node(id: "ord_1") { id } nodes(ids: ["ord_1"]) { id } }"""
    await client.data(document, as_=ada)
    assert len(statements) == 1


@pytest.mark.parametrize("document", ["{", "{ viewer { name }", "hello", "{ a(x: 01) }", "\ufeff}"])
async def test_a_syntax_error_is_told_with_its_place(client: Client, ada: User, document: str) -> None:
    [error] = (await client.query(document, as_=ada))["errors"]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert error["message"].startswith("Syntax Error")
    assert error["locations"]


@pytest.mark.parametrize(
    "document",
    [
        "{ nothing }",
        "{ viewer }",
        "{ viewer { name { first } } }",
        "{ orders(colour: RED) { totalCount } }",
        "query($a: Int) { viewer { id } }",
        "{ viewer { ...Missing } }",
        "{ viewer { ...A } } fragment A on User { ...A }",
        "{ node(id: 1) { name } }",
        "{ node { id } }",
        "{ orders(first: 1) { totalCount } orders(first: 2) { totalCount } }",
    ],
)
async def test_what_does_not_fit_the_schema_is_a_bad_request(client: Client, ada: User, document: str) -> None:
    answer = await client.query(document, as_=ada)
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_REQUEST"}
    assert "data" not in answer


@pytest.mark.parametrize(
    "document",
    [
        "{ viewer " * 5_000,
        "{ viewer { team" + " { parent" * 3_000 + " { id }" + " }" * 3_000 + " } }",
        "{ viewer { team" + " { parent" * 150 + " { id }" + " }" * 150 + " } }",
        "{ viewer { team" + " { parent" * 15 + " { id }" + " }" * 15 + " } }",
        "{ orders(filter: " + "{not: " * 3_000 + "{}" + "}" * 3_000 + ") { totalCount } }",
        "{ orders(filter: " + "{not: " * 150 + "{}" + "}" * 150 + ") { totalCount } }",
        "{ orders(filter: " + "[" * 5_000 + ") { totalCount } }",
        "query($v: " + "[" * 5_000 + "Int" + "]" * 5_000 + ") { viewer { id } }",
        "{ viewer { name " + "name " * 12_000 + "} }",
        "{ viewer { ...F0 } } " + " ".join(f"fragment F{i} on User {{ ...F{i + 1} }}" for i in range(1_000)),
    ],
)
async def test_a_document_that_is_too_deep_or_too_long_is_refused(client: Client, ada: User, document: str) -> None:
    response = await client.post(document, as_=ada)
    assert response.status_code == 200
    codes = {error["extensions"]["code"] for error in response.json()["errors"]}
    assert codes <= {"BAD_REQUEST", "QUERY_TOO_COMPLEX", "INVALID_INPUT"}


@pytest.mark.parametrize("depth", [40, 60, 200, 900, 2_000, 100_000])
async def test_a_variable_that_is_too_deep_is_refused(client: Client, ada: User, depth: int) -> None:
    token = await client.token(ada)
    filters = '{"not":' * depth + "{}" + "}" * depth
    document = "query($v: OrderFilter) { orders(filter: $v) { totalCount } }"
    body = f'{{"query": "{document}", "variables": {{"v": {filters}}}}}'
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    response = await client.http.post("/graphql", content=body, headers=headers)
    assert response.status_code in {200, 400}
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] in {"INVALID_INPUT", "BAD_REQUEST"}


async def test_a_row_below_fifteen_rows_is_too_deep(client: Client, ada: User) -> None:
    def nested(levels: int) -> str:
        return "{ viewer { team" + " { parent" * (levels - 2) + " { id }" + " }" * (levels - 2) + " } }"

    assert "errors" not in await client.query(nested(15), as_=ada)
    error = await client.error(nested(16), as_=ada)
    assert error == {"code": "QUERY_TOO_COMPLEX", "exceeded": "ROW_LEVELS", "allowed": 15, "got": 16}


async def test_fields_are_counted_with_fragments_unfolded(client: Client, ada: User) -> None:
    def unfolded(levels: int) -> str:
        twice = [
            f"fragment F{i} on Team {{ a: parent {{ ...F{i + 1} }} b: parent {{ ...F{i + 1} }} }}"
            for i in range(levels)
        ]
        return "{ viewer { team { ...F0 } } } " + " ".join(twice) + f" fragment F{levels} on Team {{ id name }}"

    assert "errors" not in await client.query(unfolded(5), as_=ada)
    assert (await client.error(unfolded(13), as_=ada))["exceeded"] == "FIELDS"


@pytest.mark.parametrize("count", [500, 1_000])
async def test_thousands_of_fields_are_read_in_one_statement(client: Client, ada: User, count: int) -> None:
    document = "{ viewer { " + " ".join(f"f{place}:name" for place in range(count)) + " } }"
    found = (await client.data(document, as_=ada))["viewer"]
    assert found == {f"f{place}": "Ada" for place in range(count)}


async def test_hundreds_of_root_fields_are_read_in_one_statement(client: Client, ada: User) -> None:
    document = "{ " + " ".join(f'f{place}: node(id: "usr_{ada.id}") {{ id }}' for place in range(200)) + " }"
    assert len(await client.data(document, as_=ada)) == 200
