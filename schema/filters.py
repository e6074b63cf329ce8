"""Filter and sort inputs, made from the declarations in `rows.entities`: what is declared there can be asked for."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Any, Optional

import strawberry

import schema.enums  # noqa: F401  # makes the domain's enums part of the schema before they are used
from domain.custom_fields.values import MEMBERS
from domain.naming import camel
from domain.tiers import MOST_DAYS
from rows.conditions import CUSTOM, FREQUENCY, LISTS, OPERATORS, SIZES, filterable, relations
from rows.custom_fields import CustomField
from rows.declare import Column, Entity, Kind
from rows.entities import ENTITIES
from schema.describe import input_type
from schema.enums import SortDirection

_SCALARS: dict[Kind, tuple[str, Any]] = {
    Kind.ID: ("ID", strawberry.ID),
    Kind.TEXT: ("String", str),
    Kind.TEXTS: ("StringList", str),
    Kind.INTEGER: ("Int", int),
    Kind.DECIMAL: ("Decimal", Decimal),
    Kind.DATETIME: ("DateTime", datetime),
    Kind.DATE: ("Date", date),
    Kind.BOOLEAN: ("Boolean", bool),
}
_OPERATORS = {
    "eq": "Equal to this.",
    "in": "Equal to one of these.",
    "gt": "Greater or later than this.",
    "gte": "Greater or later than this, or equal.",
    "lt": "Smaller or earlier than this.",
    "lte": "Smaller or earlier than this, or equal.",
    "startsWith": "Beginning with this, letter for letter.",
    "contains": "Containing this somewhere, be it of other case or width; at most 200 characters.",
    "has": "Containing this.",
    "hasAny": "Containing one of these or more.",
    "hasAll": "Containing all of these.",
    "isNull": "Without a value (true) or with one (false).",
}


def _input(name: str, description: str, fields: dict[str, tuple[Any, str]], *, needed: str = "") -> None:
    """An input type of optional fields (name: type and description), added to this module; `needed` is not optional."""
    attributes: dict[str, Any] = {
        # Python keywords and camel case are told by `name`, so that attributes are valid identifiers.
        f"{field}_": strawberry.field(
            name=field, description=text, **({} if field == needed else {"default": strawberry.UNSET})
        )
        for field, (_, text) in fields.items()
    }
    annotations = {
        f"{field}_": of if field == needed else Optional[of]  # noqa: UP045  # of may be lazy
        for field, (of, _) in fields.items()
    }
    facts = {"__annotations__": annotations, "__module__": __name__, "__doc__": description}
    globals()[name] = input_type(type(name, (), {**facts, **attributes}))


def _lazy(name: str) -> Any:
    return Annotated[name, strawberry.lazy(__name__)]


def _comparison(column: Column) -> str:
    """The name of the comparison input for a column, made if this is the first of its kind."""
    name, of = _SCALARS.get(column.kind, ("", None))
    if column.enum:
        name, of = column.enum.__name__ + ("List" if column.kind is Kind.TEXTS else ""), column.enum
    elif column.kind is Kind.ENUM:
        name, of = _SCALARS[Kind.TEXT]
    title = f"{name}Comparison"
    if title not in globals():
        fields = {
            operator: (list[of] if operator in LISTS else of, _OPERATORS[operator])  # type: ignore[valid-type]  # made at run time
            for operator in OPERATORS[column.kind]
        }
        fields["isNull"] = (bool, _OPERATORS["isNull"])
        _input(title, f"How a value of type {name} compares. Several operators must all hold.", fields)
    return title


def _filter(entity: Entity) -> None:
    name = f"{entity.name}Filter"
    fields: dict[str, tuple[Any, str]] = {
        "and": (list[_lazy(name)], "All of these hold; true of an empty list."),  # type: ignore[misc]  # made at run time
        "or": (list[_lazy(name)], "One of these holds; false of an empty list."),  # type: ignore[misc]  # made at run time
        "not": (_lazy(name), "This does not hold; a comparison with null does not."),
    }
    if entity.tree:
        fields["within"] = (strawberry.ID, f"This {entity.name.lower()} or one below it.")
    if entity.custom:
        fields[CUSTOM] = (_lazy("CustomFieldCondition"), "How one of the fields that the company defined compares.")
    if entity.frequency:
        fields[FREQUENCY] = (_lazy("FrequencyCondition"), "How often the customer orders; false without a customer.")
    for column, declared in filterable(entity).items():
        fields[camel(column)] = (_lazy(_comparison(declared)), f"How `{camel(column)}` compares.")
    for relation, target in relations(entity).items():
        many = relation not in entity.to_one
        what = "There is one that the viewer sees and that" if many else "The viewer sees it, and it"
        fields[camel(relation)] = (_lazy(f"{target}Filter"), f"{what} meets all of this; {{}} asks for its existence.")
    description = f"Which {entity.name} rows: all fields given must hold. At most 50 comparisons, five levels deep."
    _input(name, description, fields)


def _sort(entity: Entity) -> None:
    name = f"{entity.name}SortField"
    members = Enum(name, {sort.upper(): sort.upper() for sort in entity.sorts}, type=StrEnum)  # type: ignore[misc]  # made at run time
    strawberry.enum(members, description=f"What a list of {entity.name} rows can be sorted by.")
    for value in members.__strawberry_definition__.values:  # type: ignore[attr-defined]  # set by the line above
        sort = entity.sorts[value.name.lower()]
        value.description = f"By `{camel(sort.column)}`, {'descending' if sort.descending else 'ascending'} by default."
    globals()[name] = members

    direction = (SortDirection, "Which way; the field's own default if absent.")
    description = f"The order of a list of {entity.name} rows."
    if entity.custom:
        fields = {
            "field": (members, "What to sort by, unless `customField` says it; as without a sort where neither does."),
            CUSTOM: (str, "The key of an indexed field that the company defined, ascending by default."),
        }
        _input(f"{entity.name}Sort", description, {**fields, "direction": direction})
    else:
        fields = {"field": (members, "What to sort by."), "direction": direction}
        _input(f"{entity.name}Sort", description, fields, needed="field")


def _custom_field_condition() -> None:
    fields: dict[str, tuple[Any, str]] = {"key": (str, "The field's key.")}
    for of, member in MEMBERS.items():
        column = CustomField(0, "key", of).column
        fields[camel(member)] = (_lazy(_comparison(column)), f"How a value compares, of a field of type {of}.")
    description = "How a custom field compares: its key, and the one comparison that goes with its type."
    _input("CustomFieldCondition", description, fields, needed="key")


def _frequency_condition() -> None:
    fields: dict[str, tuple[Any, str]] = {"days": (int, f"Over how many days, from 1 to {MOST_DAYS:,}.")}
    fields |= {operator: (int, _OPERATORS[operator]) for operator in SIZES}
    description = (
        "How many orders the customer has placed in some days up to the placement of this one, which counts too: new"
        " orders and renewals that the viewer sees and that were handed in, and neither cancelled nor rejected."
        " What was split off an order is one with that."
    )
    _input("FrequencyCondition", description, fields, needed="days")


def as_json(given: Any) -> Any:
    """A filter or sort, which came as an input, as plain JSON values under the names that clients use."""
    match given:
        case list():
            return [as_json(item) for item in given]
        case Enum():
            return given.value
        case datetime() | date():
            return given.isoformat()
        case Decimal():
            return str(given)
    definition = getattr(given, "__strawberry_definition__", None)
    if definition is None:
        return given
    values = {field.graphql_name: getattr(given, field.python_name) for field in definition.fields}
    return {name: as_json(value) for name, value in values.items() if value is not strawberry.UNSET}


_custom_field_condition()
_frequency_condition()
for _entity in filter(lambda entity: entity.prefix, ENTITIES.values()):
    _filter(_entity)
    if _entity.sorts:
        _sort(_entity)
