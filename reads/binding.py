"""Types and declarations are bound by name; what cannot be compiled is refused when the schema is built."""

from collections.abc import Iterator

import strawberry
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from strawberry.types.base import get_object_definition

from domain.naming import camel
from reads.roots import Rows, rows_of
from reads.selection import declared_names
from rows.declare import Column, Entity, Kind
from rows.entities import ENTITIES

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
}
_SPECIAL = {"CurrencyCode"}


class CannotCompile(TypeError):
    """A type of the schema promises what its declaration cannot give."""


def compiled_roots(schema: strawberry.Schema) -> dict[str, Rows]:
    """The compiled root fields of `schema` by their names, after a check of every type that they can reach.

    Raises CannotCompile, naming each field.
    """
    problems = [problem for entity in ENTITIES.values() for problem in _problems(entity, schema._schema)]
    if problems:
        raise CannotCompile("; ".join(problems))
    definition = get_object_definition(schema.query, strict=True)
    found = {field.graphql_name or camel(field.python_name): rows_of(field) for field in definition.fields}
    return {name: rows for name, rows in found.items() if rows is not None}


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
    of = get_named_type(field.type)
    required = is_non_null_type(field.type)
    if composite := entity.composites.get(name):
        if of.name != composite.type:
            return f"is {of.name}, declared {composite.type}"
        unknown = set(of.fields) - set(composite.parts) if is_object_type(of) else set()
        if unknown:
            return f"has no parts {sorted(unknown)}"
        return "may be null" if required and composite.present else ""
    if column := entity.columns.get(name):
        return _column_mismatch(column, of.name, required=required, many=is_list_type(_nullable(field)))
    if to_one := entity.to_one.get(name):
        return "may be null" if required else _target(of.name, to_one.target)
    if to_many := entity.to_many.get(name):
        return _target(of.name, to_many.target)
    if paged := entity.paged.get(name):
        return _target(of.name, f"{paged.target}Connection")
    return ""


def _nullable(field: GraphQLField) -> object:
    return field.type.of_type if is_non_null_type(field.type) else field.type


def _column_mismatch(column: Column, name: str, *, required: bool, many: bool) -> str:
    expected = column.enum.__name__ if column.enum else _SCALARS.get(column.kind, "String")
    if name != expected and name not in _SPECIAL:
        return f"is {name}, declared {expected}"
    if many != (column.kind is Kind.TEXTS):
        return "is a list on one side only"
    return "may be null" if required and (column.null or column.mask is not None) else ""


def _target(name: str, expected: str) -> str:
    return "" if name == expected else f"is {name}, declared {expected}"
