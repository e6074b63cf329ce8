"""Texts that databases, drivers or people choke on, in every place of every mutation that takes a text."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_required_input_field,
)

from domain.people import Role
from models import User
from schema.root import schema
from tests.api.conftest import Client
from tests.factories import make_team, make_user

MUTATIONS = schema._schema.mutation_type.fields  # type: ignore[union-attr]  # there are mutations
SAMPLES = {
    "String": "x",
    "ID": "ord_1",
    "Decimal": "1",
    "Int": 1,
    "CurrencyCode": "GBP",
    "Boolean": True,
    "Date": "2026-01-01",
    "DateTime": "2026-01-01T09:30:00Z",
}
TEXTS = {"String", "ID"}
HOSTILE = {
    "zero": "a\x00b",
    "lone surrogate": "a\ud800b",
    "control character": "a\x1bb",
    "blank": " \u3000",
    "long": "x" * 20_000,
    "long in bytes": "\U0001f600" * 10_001,
}


def places(of: Any) -> list[list[str]]:
    """The path of each text in an input, in which 0 is the first item of a list."""
    return list(_texts(get_named_type(of)))


def _texts(of: Any) -> Iterator[list[str]]:
    for name, field in of.fields.items():
        here = [name, "0"] if is_list_type(_bare(field.type)) else [name]
        named = get_named_type(field.type)
        if named.name in TEXTS:
            yield here
        elif is_input_object_type(named) and not named.name.endswith("Filter"):  # those hold themselves
            yield from ([*here, *rest] for rest in _texts(named))


def _bare(of: Any) -> Any:
    return of.of_type if isinstance(of, GraphQLNonNull) else of


def _sample(of: GraphQLInputType) -> Any:
    """A value that the type takes, with nothing but what it needs."""
    named: Any = get_named_type(of)
    if is_input_object_type(named):
        value: Any = _needed(named)
    else:
        value = next(iter(named.values)) if is_enum_type(named) else SAMPLES[named.name]
    return [value] if is_list_type(_bare(of)) else value


def _needed(of: GraphQLInputObjectType) -> dict[str, Any]:
    return {name: _sample(field.type) for name, field in of.fields.items() if is_required_input_field(field)}


def _put(value: Any, of: Any, path: list[str], text: str) -> Any:
    """`value`, of type `of`, with `text` at `path`."""
    if not path:
        return text
    if path[0] == "0":
        return [_put(_sample(_bare(of).of_type), _bare(of).of_type, path[1:], text)]
    field = get_named_type(of).fields[path[0]]
    return {**value, path[0]: _put(value.get(path[0]) or _sample(field.type), field.type, path[1:], text)}


@pytest.fixture(scope="module")
async def admin(module_database: str) -> User:  # noqa: ARG001  # connected
    return await make_user(Role.ADMIN, team=await make_team())


@pytest.mark.parametrize("mutation", [name for name, field in MUTATIONS.items() if "input" in field.args])
async def test_a_text_is_taken_or_told_with_its_path(asking: Client, admin: User, mutation: str) -> None:
    of = MUTATIONS[mutation].args["input"].type
    document = f"mutation($input: {of}) {{ {mutation}(input: $input) {{ errors {{ code path }} }} }}"
    for path in places(of):
        for hostile, text in HOSTILE.items():
            given = _put(_sample(of), of, path, text)
            answer = await _ask(asking, {"query": document, "variables": {"input": given}}, admin)
            found = (".".join(path), hostile, str(answer)[:1000])
            errors = [
                (error["extensions"]["code"], error["extensions"].get("path")) for error in answer.get("errors", [])
            ]
            assert all(error == ("INVALID_INPUT", ["input", *path]) for error in errors), found
            if hostile in {"zero", "lone surrogate"} and mutation not in {"login", "tokenRefresh"}:
                told = errors or [(error["code"], error["path"]) for error in answer["data"][mutation]["errors"]]
                assert any(where == ["input", *path] for _, where in told), found


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\uD800b"])
async def test_a_literal_is_no_way_around(asking: Client, admin: User, text: str) -> None:
    literal = f'{{sku: "{text}", name: "{text}", category: "{text}", idempotencyKey: "{text}"}}'
    document = f"mutation {{ productUpsert(input: {literal}) {{ errors {{ code path }} }} }}"
    answer = await _ask(asking, {"query": document}, admin)
    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    assert codes <= {"INVALID_INPUT", "BAD_REQUEST"}
    assert codes or answer["data"]["productUpsert"]["errors"]


async def _ask(client: Client, body: dict[str, Any], user: User) -> dict[str, Any]:
    """The answer to a body in which lone surrogates are escaped."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {await client.token(user)}"}
    response = await client.http.post("/graphql", content=json.dumps(body), headers=headers)
    answer: dict[str, Any] = response.json()
    return answer
