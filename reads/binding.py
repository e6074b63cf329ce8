"""Types and declarations are bound by name; what cannot be compiled is refused when the schema is built."""

from collections.abc import Iterable, Iterator
from typing import Any

import strawberry
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_list_type,
    is_non_null_type,
)
from strawberry.types.base import get_object_definition

from domain.naming import camel
from reads.names import CUSTOM_FIELDS, declared_names
from reads.roots import ById, ByIds, Counted, Found, Listed, Rows, Self, rows_of
from reads.segments import ARGUMENT as SEGMENT
from reads.segments import SEGMENTED
from rows.declare import Column, Composite, Computed, Entity, Kind, Shape
from rows.entities import CUSTOM_FIELD_VALUE, ENTITIES

_SCALARS = {
    Kind.ID: "ID",
    Kind.TEXT: "String",
    Kind.TEXTS: "String",
    Kind.INTEGER: "Int",
    Kind.DECIMAL: "Decimal",
    Kind.MONEY: "Decimal",
    Kind.DATETIME: "DateTime",
    Kind.DATE: "Date",
    Kind.BOOLEAN: "Boolean",
    Kind.JSON: "JSON",
}
_SPECIAL = {"CurrencyCode", "ID"}
_PAGE = ("filter", "sort", "first", "after", "last", "before")
_PAGE_INFO = {"hasNextPage", "hasPreviousPage", "startCursor", "endCursor"}


class CannotCompile(TypeError):
    """A type of the schema promises what its declaration cannot give."""


def compiled_roots(schema: strawberry.Schema) -> dict[str, Rows]:
    """The compiled root fields of `schema` by their names, after a check of every type that they can reach.

    Raises CannotCompile, naming each field.
    """
    definition = get_object_definition(schema.query, strict=True)
    found = {field.graphql_name or camel(field.python_name): rows_of(field) for field in definition.fields}
    roots = {name: rows for name, rows in found.items() if rows is not None}
    graphql = schema._schema
    problems = [problem for entity in ENTITIES.values() for problem in _problems(entity, graphql)]
    problems += [problem for name, rows in roots.items() for problem in _root_problems(name, rows, graphql)]
    if problems:
        raise CannotCompile("; ".join(problems))
    return roots


def _root_problems(name: str, rows: Rows, schema: GraphQLSchema) -> Iterator[str]:
    query: Any = schema.query_type
    field = query.fields[name]
    match rows:
        case Listed(entity):
            problem = _connection_mismatch(entity, field)
        case ById(entity):
            problem = _target(field, entity.name if entity else "Node") or _arguments(field, ["id"])
        case ByIds():
            problem = _target(field, "Node") or _arguments(field, ["ids"])
        case Found():
            problem = _found_mismatch(field)
        case Counted(_, counts):
            problem = _target(field, counts.name) or _arguments(field, ["groupBy", "filter", SEGMENT])
        case Self(entity):
            problem = _target(field, entity.name) or _arguments(field, [])
    problem = problem or ("may be null" if is_non_null_type(field.type) else "")
    if problem:
        yield f"Query.{name}: {problem}"


def _problems(entity: Entity, schema: GraphQLSchema) -> Iterator[str]:
    on = schema.type_map.get(entity.name)
    if not isinstance(on, GraphQLObjectType):
        yield f"{entity.name}: no such object type"
        return
    names = declared_names(entity)
    for name, field in on.fields.items():
        where = f"{entity.name}.{name}"
        if name not in names:
            yield f"{where}: not declared"
        elif problem := _mismatch(entity, names[name], field):
            yield f"{where}: {problem}"


def _mismatch(entity: Entity, name: str, field: GraphQLField) -> str:
    """How the field differs from what is declared under `name`; "" if it does not."""
    if paged := entity.paged.get(name):
        return _connection_mismatch(ENTITIES[paged.target], field)
    if name == CUSTOM_FIELDS:
        return _target(field, CUSTOM_FIELD_VALUE.name) or _arguments(field, ["keys"])
    if unknown := _arguments(field, []):
        return unknown
    required = is_non_null_type(field.type)
    if composite := entity.composites.get(name):
        return _composite_mismatch(composite, field) or ("may be null" if required and composite.present else "")
    if column := entity.columns.get(name):
        return _column_mismatch(column, field)
    if to_one := entity.to_one.get(name):
        return "may be null" if required else _target(field, to_one.target)
    if name in entity.to_any:
        return "may be null" if required else _target(field, "Node")
    if to_many := entity.to_many.get(name):
        return _target(field, to_many.target)
    return _computed_mismatch(entity.computed[name], field)


def _computed_mismatch(computed: Computed, field: GraphQLField) -> str:
    return _shape_mismatch(computed.shape, field) if computed.shape else ""


def _shape_mismatch(shape: Shape, field: GraphQLField) -> str:
    of: Any = get_named_type(field.type)
    if unknown := set(of.fields) ^ {*shape.leaves, *shape.below}:
        return f"{', '.join(sorted(unknown))}: not on both sides"
    below = (_shape_mismatch(inner, of.fields[name]) for name, inner in shape.below.items())
    return _target(field, shape.type) or next(filter(None, below), "")


def _composite_mismatch(composite: Composite, field: GraphQLField) -> str:
    of: Any = get_named_type(field.type)
    if of.name != composite.type:
        return f"is {of.name}, declared {composite.type}"
    for name, part in of.fields.items():
        problem = _column_mismatch(composite.parts[name], part) if name in composite.parts else "not declared"
        if problem:
            return f"{name}: {problem}"
    return ""


def _connection_mismatch(entity: Entity, field: GraphQLField) -> str:
    """How a field differs from a page of `entity`."""
    of: Any = get_named_type(field.type)
    if problem := _target(field, f"{entity.name}Connection") or _arguments(field, _page_arguments(entity)):
        return problem
    totals = {"totalCount", "totalAmount"} if entity.total else {"totalCount"}
    edge: Any = get_named_type(of.fields["edges"].type)
    info: Any = get_named_type(of.fields["pageInfo"].type)
    unknown = {
        *(set(of.fields) - {"edges", "nodes", "pageInfo"} - totals),
        *(f"edges.{name}" for name in set(edge.fields) - {"cursor", "node"}),
        *(f"pageInfo.{name}" for name in set(info.fields) - _PAGE_INFO),
    }
    if unknown:
        return f"{', '.join(sorted(unknown))}: not declared"
    return _target(of.fields["nodes"], entity.name) or _target(edge.fields["node"], entity.name)


def _page_arguments(entity: Entity) -> tuple[str, ...]:
    return (*_PAGE, SEGMENT) if entity.name in SEGMENTED else _PAGE


def _found_mismatch(field: GraphQLField) -> str:
    of: Any = get_named_type(field.type)
    if unknown := set(of.fields) ^ {"node", "match", "field"}:
        return f"{', '.join(sorted(unknown))}: not declared, or lacking"
    return _arguments(field, ["text", "entities", "first"]) or _target(of.fields["node"], "Node")


def _column_mismatch(column: Column, field: GraphQLField) -> str:
    name, required = get_named_type(field.type).name, is_non_null_type(field.type)
    expected = column.enum.__name__ if column.enum else _SCALARS.get(column.kind, "String")
    if name != expected and name not in _SPECIAL:
        return f"is {name}, declared {expected}"
    nullable: Any = field.type.of_type if is_non_null_type(field.type) else field.type
    if is_list_type(nullable) != (column.kind is Kind.TEXTS):
        return "is a list on one side only"
    return "may be null" if required and (column.null or column.mask is not None) else ""


def _arguments(field: GraphQLField, expected: Iterable[str]) -> str:
    unlike = set(field.args) ^ set(expected)
    return f"has or lacks the arguments {', '.join(sorted(unlike))}" if unlike else ""


def _target(field: GraphQLField, expected: str) -> str:
    name = get_named_type(field.type).name
    return "" if name == expected else f"is {name}, declared {expected}"
