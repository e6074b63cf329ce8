"""What clients may rely on in the schema: nothing undescribed, every refusal typed, names and nullability as agreed."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from app.sdl import breaking_changes, print_sdl, surprises
from domain.errors import DomainError, ErrorCode, InvalidInput
from domain.messages import ERRORS, PROBLEMS
from domain.orders.transitions import Transition
from domain.problems import Problem
from rows.entities import ENTITIES
from schema.errors import ERROR_TYPES
from schema.inputs.order_steps import named
from schema.root import schema

SCHEMA = schema._schema
SDL = Path(__file__).parents[2] / "schema" / "schema.graphql"
OURS = {name: of for name, of in SCHEMA.type_map.items() if not name.startswith("__")}
BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}
LIMITED = {
    "Order",
    "OrderLine",
    "OrderStatusChange",
    "OrderOwnerChange",
    "OrderTierOverride",
    "OrderFinding",
    "Shipment",
    "ShipmentLine",
    "Payment",
    "Feedback",
    "Complaint",
    "ComplaintChange",
    "Customer",
    "CustomerContact",
    "CustomerAddress",
    "CustomerOwnerChange",
    "Job",
    "AuditEntry",
    "ApiToken",
    "Segment",
    "StockLevel",
    "StockMovement",
}
"""What not everybody sees."""
WITHOUT_KEY = {
    *("login", "tokenExchange", "tokenRefresh", "logout", "sessionRevoke"),
    *("apiTokenCreate", "leadFormKeyCreate", "passwordChange", "passwordTokenCreate", "passwordSet"),
}
VERSIONED = {f"order{named(transition)}" for transition in Transition} | {
    *("orderLinesCancel", "orderLineSubstitute", "orderAssign", "userSkillsSet", "leadPoolMembersSet"),
    *("orderSplit", "orderDelayReasonSet", "shipmentCreate", "shipmentDeliver"),
}


def mutations() -> dict[str, GraphQLObjectType]:
    """The payload of each mutation."""
    assert SCHEMA.mutation_type
    payloads = {name: get_named_type(field.type) for name, field in SCHEMA.mutation_type.fields.items()}
    return {name: of for name, of in payloads.items() if isinstance(of, GraphQLObjectType)}


def described(of: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """Everything of a type that has a description, with it."""
    yield of.name, of.description
    if isinstance(of, GraphQLEnumType):
        yield from ((f"{of.name}.{name}", value.description) for name, value in of.values.items())
    elif isinstance(of, GraphQLInputObjectType):
        yield from ((f"{of.name}.{name}", field.description) for name, field in of.fields.items())
    elif isinstance(of, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in of.fields.items():
            yield f"{of.name}.{name}", field.description
            yield from ((f"{of.name}.{name}({arg})", value.description) for arg, value in field.args.items())


def test_everything_is_described() -> None:
    bare = [place for of in OURS.values() if of.name not in BUILT_IN for place, text in described(of) if not text]
    assert bare == []


def test_descriptions_are_sentences() -> None:
    places = [(place, text) for of in OURS.values() if of.name not in BUILT_IN for place, text in described(of)]
    assert [place for place, text in places if text and not re.match(r"^[^a-z\s].*[.?!]$", text, re.DOTALL)] == []


def test_the_committed_schema_is_that_of_the_code() -> None:
    assert SDL.read_text().rstrip("\n") == print_sdl().rstrip("\n"), "run: sluice schema > schema/schema.graphql"


def test_root_fields_are_nullable_so_that_one_that_fails_takes_nothing_from_the_others() -> None:
    assert SCHEMA.query_type
    assert SCHEMA.mutation_type
    fields = {**SCHEMA.query_type.fields, **SCHEMA.mutation_type.fields}
    assert [name for name, field in fields.items() if is_non_null_type(field.type)] == []


def test_a_relation_to_what_not_everybody_sees_is_nullable() -> None:
    relations = [
        f"{of.name}.{name}"
        for of in OURS.values()
        if isinstance(of, GraphQLObjectType) and of.name in ENTITIES
        for name, field in of.fields.items()
        if get_named_type(field.type).name in LIMITED and not _is_list(field.type) and is_non_null_type(field.type)
    ]
    assert relations == []


def _is_list(of: GraphQLOutputType) -> bool:
    return is_list_type(of.of_type) if is_non_null_type(of) else is_list_type(of)


def test_every_entity_is_a_node_and_every_node_an_entity() -> None:
    nodes = {of.name for of in SCHEMA.get_possible_types(SCHEMA.type_map["Node"])}  # type: ignore[arg-type]  # an interface
    assert nodes == {name for name, entity in ENTITIES.items() if entity.prefix}


@pytest.mark.parametrize("name", mutations())
def test_a_mutation_is_named_object_first_and_takes_one_input(name: str) -> None:
    assert SCHEMA.mutation_type
    others = {
        "token",
        "log",
        "password",
        "passwordToken",
        "session",
        "records",
        "personalData",
        "stock",
        "reorderPoint",
        "refund",
    }
    entities = {entity[0].lower() + entity[1:] for entity in ENTITIES} | others
    assert any(re.fullmatch(rf"{entity}(([A-Z][a-z]+)+|in|out)", name) for entity in entities)
    arguments = SCHEMA.mutation_type.fields[name].args
    assert list(arguments) in (["input"], [])
    assert all(is_non_null_type(argument.type) for argument in arguments.values())


@pytest.mark.parametrize("name", mutations())
def test_a_payload_carries_what_changed_or_null_and_a_list_of_errors(name: str) -> None:
    fields = mutations()[name].fields
    assert str(fields["errors"].type) == "[UserError!]!"
    assert [field for field, value in fields.items() if is_non_null_type(value.type)] in (
        ["errors"],
        ["ended", "errors"],
    )


@pytest.mark.parametrize("name", sorted(set(mutations()) - WITHOUT_KEY))
def test_every_mutation_that_has_an_effect_takes_an_idempotency_key(name: str) -> None:
    assert SCHEMA.mutation_type
    of = get_named_type(SCHEMA.mutation_type.fields[name].args["input"].type)
    assert isinstance(of, GraphQLInputObjectType)
    assert str(of.fields["idempotencyKey"].type) == "String"


@pytest.mark.parametrize("name", sorted(set(mutations()) - WITHOUT_KEY))
def test_whoever_changes_something_says_which_version(name: str) -> None:
    assert SCHEMA.mutation_type
    of = get_named_type(SCHEMA.mutation_type.fields[name].args["input"].type)
    assert isinstance(of, GraphQLInputObjectType)
    if name.endswith(("Update", "Publish")) or name in VERSIONED:
        assert is_required_input_field(of.fields["expectedVersion"])
    elif name.endswith("Upsert"):
        assert not is_required_input_field(of.fields["expectedVersion"])
    else:
        assert "expectedVersion" not in of.fields


@pytest.mark.parametrize("error", DomainError.__subclasses__())
def test_a_refusal_has_a_type_of_its_own_with_its_facts(error: type[DomainError]) -> None:
    of = SCHEMA.type_map[ERROR_TYPES[error].__name__]
    assert isinstance(of, GraphQLObjectType)
    assert [interface.name for interface in of.interfaces] == ["UserError"]
    assert of.name == error.__name__


def test_types_of_refusals_and_their_codes_are_one_to_one() -> None:
    assert set(ERROR_TYPES) == set(DomainError.__subclasses__())
    assert len(set(ERROR_TYPES.values())) == len(ERROR_TYPES)
    assert sorted(error.code for error in ERROR_TYPES) == sorted(ErrorCode)


def test_facts_of_one_name_have_one_type_so_that_a_document_selects_all_of_them() -> None:
    types: dict[str, set[str]] = {}
    for error in ERROR_TYPES.values():
        of = SCHEMA.type_map[error.__name__]
        assert isinstance(of, GraphQLObjectType)
        for name, field in of.fields.items():
            types.setdefault(name, set()).add(str(field.type))
    assert {name: found for name, found in types.items() if len(found) > 1} == {}


@pytest.mark.parametrize("error", [error for error in DomainError.__subclasses__() if error is not InvalidInput])
def test_a_refusal_has_a_message_in_both_languages_with_the_same_facts(error: type[DomainError]) -> None:
    english, chinese = ERRORS[error]
    assert _facts(english) == _facts(chinese) <= set(error.__dataclass_fields__)
    _is_in_its_language(english, chinese)


@pytest.mark.parametrize("problem", Problem)
def test_a_problem_has_a_message_in_both_languages_with_the_same_facts(problem: Problem) -> None:
    english, chinese = PROBLEMS[problem]
    assert _facts(english) == _facts(chinese) <= {"limit"}
    _is_in_its_language(english, chinese)


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _is_in_its_language(english: str, chinese: str) -> None:
    assert english.isascii()
    assert re.search("[\u4e00-\u9fff]", chinese)


SCHEMA_FOLDER = Path(__file__).parents[2] / "schema"


def test_what_breaks_clients_of_the_last_release_is_marked_as_meant() -> None:
    assert surprises(SCHEMA_FOLDER / "released.graphql") == []


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        ("type Query { a: Int b: Int }", "type Query { a: Int }", ["Field 'Query.b' was removed."]),
        ("type Query { a: Int! }", "type Query { a: Int }", ["Field 'Query.a' changed type from 'Int!' to 'Int'."]),
        ("type Query { a: Int }", "type Query { a: Int! b: Int }", []),
    ],
)
def test_what_a_client_loses_breaks_it_and_what_it_gains_does_not(before: str, after: str, broken: list[str]) -> None:
    found = breaking_changes(before, after)
    assert len(found) == len(broken)
    for told, expected in zip(found, broken, strict=True):
        assert expected.split()[1].strip("'") in told


def test_an_unmarked_break_and_a_mark_for_nothing_are_both_told(tmp_path: Path) -> None:
    released = tmp_path / "released.graphql"
    released.write_text("type Query { gone: Int }")
    (tmp_path / "breaking.toml").write_text('changes = [{what = "nothing of the kind", why = "a test"}]')
    found = surprises(released)
    assert any("Query.gone" in line for line in found)
    assert any("nothing of the kind" in line for line in found)
