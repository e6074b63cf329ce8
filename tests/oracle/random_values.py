"""Values for arguments: taken from the world, so that conditions meet rows, and written as literals or variables."""

import json
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from tests.oracle.conditions import status_group
from tests.oracle.values import named, snake, written
from tests.oracle.world import PREFIXES, Row, World

FALLBACKS = {
    "String": ["", "zz", "\u6f22"],
    "Int": [0, 1, 2**31 - 1],
    "Decimal": ["0", "-0.00", "1.50", 7, "12345678901234567890123456.99"],
    "DateTime": ["2026-03-02T09:30:00Z", "2026-03-02T10:30:00.001+01:00", "0001-01-02T00:00:00.000Z"],
    "Date": ["2026-03-02", "2000-02-29"],
    "Boolean": [True, False],
}
NO_IDS = [
    *("", "ord", "ord_", "ord_0", "ord_01", "ord_-1", "ord_1 ", " ord_1", "ORD_1", "ord_1\n", "ord_\uff11", "ord_1_1"),
    *("xyz_1", "ord_9223372036854775807", "ord_9223372036854775808", "ord_99999999999999999999", "usr_424242", "_1"),
    *("cus_1.0", "node", "\U0001f600", "ord_1;--", "'"),
]


def seeded(seed: int) -> Random:
    """The same choices for the same seed."""
    return Random(seed)  # nothing here is secret


class Choices:
    """Random choices out of one seed."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, of: float) -> bool:
        """True with the probability `of`."""
        return self.random.random() < of

    def pick(self, among: Any) -> Any:
        """One of these."""
        return self.random.choice(list(among))

    def some(self, among: Any, most: int) -> list[Any]:
        """Up to `most` of these, in any order."""
        found = list(among)
        self.random.shuffle(found)
        return found[: self.random.randint(0, most)]


class Samples:
    """Values that rows have."""

    def __init__(self, choices: Choices, world: World) -> None:
        self.choices = choices
        self.world = world

    def row(self, type_name: str) -> Row:
        """Any row of a type."""
        return self.choices.pick(self.world.of(type_name))  # type: ignore[no-any-return]  # rows of a type are rows

    def global_id(self, type_name: str | None = None) -> str:
        """The id of any row, of one type or of any; now and then of none."""
        if type_name is None and self.choices.chance(0.25):
            return str(self.choices.pick(NO_IDS))
        name = type_name or self.choices.pick(PREFIXES)
        return self.row(name).global_id if self.choices.chance(0.95) else f"{PREFIXES[name]}_77777"

    def value(self, type_name: str, field: str, of: GraphQLInputType) -> Any:
        """A value that some row has in a field, as JSON; or one that suits the scalar or enum `of`."""
        scalar = named(of)
        if scalar.name == "ID":
            return self.global_id(type_name)
        if isinstance(scalar, GraphQLEnumType) and self.choices.chance(0.5):
            return self.choices.pick(scalar.values)
        row = self.row(type_name)
        found = (
            status_group(row.columns["status"])
            if field == "statusGroup"
            else written(row.columns[field if field in row.columns else snake(field)])
        )
        if isinstance(found, list):
            found = self.choices.pick(found) if found else None
        if found is None or self.choices.chance(0.1):
            enum = scalar.values if isinstance(scalar, GraphQLEnumType) else None
            return self.choices.pick(enum or FALLBACKS[scalar.name])
        return found


class Variables:
    """The variables of one operation."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.definitions: list[str] = []
        self.values: dict[str, Any] = {}

    def new(self, of: GraphQLInputType, value: Any) -> str:
        """`$name` of a new variable with the value, given or by default."""
        name = f"v{len(self.definitions)}"
        by_default = value is not None and self.choices.chance(0.2)
        required = "!" if value is not None and not is_non_null_type(of) and self.choices.chance(0.3) else ""
        default = f" = {literal(of, value)}" if by_default else ""
        self.definitions.append(f"${name}: {of}{required}{default}")
        if not by_default:
            self.values[name] = value
        return f"${name}"

    def unset(self, of: GraphQLInputType) -> str:
        """`$name` of a new variable without a value."""
        name = f"v{len(self.definitions)}"
        self.definitions.append(f"${name}: {get_nullable_type(of)}")
        return f"${name}"

    def text(self, of: GraphQLInputType, value: Any, *, hoisted: float = 0.15) -> str:
        """The value in a document, parts of it as variables."""
        if self.choices.chance(hoisted):
            return self.new(of, value)
        return literal(of, value, lambda type_, part: self.text(type_, part, hoisted=hoisted))


def literal(of: GraphQLInputType, value: Any, part: Any = None) -> str:
    """A value of the input type as GraphQL text; `part` writes what is inside of it."""
    part = part or literal
    inner: Any = get_nullable_type(of)
    if value is None:
        return "null"
    if is_list_type(inner):
        return "[" + ", ".join(part(inner.of_type, each) for each in value) + "]"
    if isinstance(inner, GraphQLInputObjectType):
        return "{" + ", ".join(f"{name}: {part(inner.fields[name].type, each)}" for name, each in value.items()) + "}"
    if isinstance(inner, GraphQLEnumType):
        return str(value)
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    """A string literal; what GraphQL's source text may not hold is escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f").replace("\ufeff", "\\uFEFF")
