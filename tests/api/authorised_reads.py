"""The schema walked: documents that ask for all that there is, and what of ADMIN's answers somebody else gets.

ADMIN sees every value of every row, so what ADMIN is told is what there is to be seen: the table cuts it down. Of the
few kinds of rows that ADMIN does not see, the table names the `reader`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from schema.root import schema
from tests.api.authorised import Caller, Json, World, table
from tests.api.conftest import Client

SCHEMA = schema._schema
_NODE = SCHEMA.type_map["Node"]
NODES = {
    name: of for name, of in SCHEMA.type_map.items() if isinstance(of, GraphQLObjectType) and _NODE in of.interfaces
}
_SEEN_BY_ALL = {"scope": "any", "any": "everybody"}
RESTRICTED = {name for name in NODES if table()["sees"].get(name) != _SEEN_BY_ALL}
"""The types of which not everybody sees every row."""
PAGE = "(first: 40)"
assert SCHEMA.query_type
LISTS = {name: get_named_type(field.type) for name, field in SCHEMA.query_type.fields.items() if "sort" in field.args}
BY_ID = {
    name: get_named_type(field.type).name
    for name, field in SCHEMA.query_type.fields.items()
    if list(field.args) == ["id"] and get_named_type(field.type).name in NODES
}
Condition = tuple[str, ...]


def object_of(name: str) -> GraphQLObjectType:
    """An object type by its name."""
    found = SCHEMA.type_map[name]
    assert isinstance(found, GraphQLObjectType), name
    return found


def is_connection(of: Any) -> bool:
    """Whether a type is a list that is read by pages."""
    return isinstance(of, GraphQLObjectType) and "pageInfo" in of.fields


def node_of(connection: GraphQLObjectType) -> str:
    """The type of a connection's rows."""
    return get_named_type(connection.fields["nodes"].type).name


def page(connection: GraphQLObjectType) -> str:
    """What of a page tells which rows are in it, and how many there are."""
    amount = "totalAmount { amount currency }" if "totalAmount" in connection.fields else ""
    return f"totalCount {amount} nodes {{ id }} edges {{ cursor node {{ id }} }}"


def selection(of: GraphQLObjectType) -> str:
    """Every field of a type: of rows that it leads to, their ids."""
    return " ".join(_selected(name, field) for name, field in of.fields.items() if name not in _varying(of.name))


def _selected(name: str, field: GraphQLField) -> str:
    of = get_named_type(field.type)
    if is_leaf_type(of):
        return name
    if is_connection(of):
        return f"{name}{PAGE} {{ {page(of)} }}"  # type: ignore[arg-type]  # is_connection says so
    return f"{name} {{ id }}" if of.name in NODES else f"{name} {{ {selection(of)} }}"  # type: ignore[arg-type]


def _varying(type_name: str) -> list[str]:
    varying: list[str] = table()["varies"].get(type_name, [])
    return varying


@dataclass(frozen=True)
class Truth:
    """What ADMIN is told of every row, by its id; and what a caller gets of it."""

    world: World
    rows: dict[str, dict[str, Json]]

    def seen(self, caller: Caller, row: str) -> Json:
        """The row as `caller` gets it; None if it is not seen."""
        if not self.world.sees(caller, row):
            return None
        of = object_of(self.world.rows[row][0])
        return {
            name: self._part(caller, of.fields[name], value) if self.world.reads(caller, row, name) else None
            for name, value in self.rows[row].items()
        }

    def told(self, caller: Caller, row: str, name: str) -> Json:
        """A value of an order by which orders are counted: its own, or its customer's, for whom sees the customer."""
        seen = self.seen(caller, row)
        if name in seen or name != "level":
            return seen.get(name)
        return self.rows[seen["customer"]["id"]]["level"] if seen["customer"] else None

    def visible(self, caller: Caller, rows: list[str]) -> list[str]:
        """Those of the rows that `caller` sees, in their order."""
        return [row for row in rows if self.world.sees(caller, row)]

    def page(self, caller: Caller, whole: dict[str, Json]) -> Json:
        """The page as `caller` gets it, of one that holds all rows."""
        rows = self.visible(caller, [node["id"] for node in whole["nodes"]])
        edges = [edge for edge in whole["edges"] if edge["node"]["id"] in rows]
        kept = {"totalCount": len(rows), "nodes": [{"id": row} for row in rows], "edges": edges}
        if "totalAmount" in whole:
            amount = sum(round(float(self.rows[row]["baseTotal"]["amount"]) * 100) for row in rows)
            kept["totalAmount"] = {**whole["totalAmount"], "amount": f"{amount // 100}.{amount % 100:02}"}
        return kept

    def _part(self, caller: Caller, field: GraphQLField, value: Json) -> Json:
        of = get_named_type(field.type)
        if value is None or is_leaf_type(of):
            return value
        if is_connection(of):
            return self.page(caller, value)
        if isinstance(value, list):
            parts = [self._part(caller, field, each) for each in value]
            return [part for part in parts if part is not None]
        if of.name in NODES or of is _NODE:
            return value if self.world.sees(caller, value["id"]) else None
        return self._of_value(caller, of.name, value)

    def _of_value(self, caller: Caller, type_name: str, value: dict[str, Json]) -> Json:
        fields = object_of(type_name).fields
        return {name: self._part(caller, fields[name], part) for name, part in value.items()}

    # -- filters

    def values(self, type_name: str, leaf: str) -> list[Json]:
        """Some values of a field of the rows of a type: the first, and the last."""
        found = [value for row in self.world.of(type_name) if (value := self.rows.get(row, {}).get(leaf)) is not None]
        flat = [each for value in found for each in (value if isinstance(value, list) else [value])]
        plain = [value["amount"] if isinstance(value, dict) else value for value in flat]
        return list(dict.fromkeys(plain[:1] + plain[-1:]))

    def holds(self, caller: Caller, row: str, path: Condition, value: Json) -> bool:
        """Whether a comparison with `value` at the end of `path` is true for a row that `caller` sees."""
        name, *rest = path
        found = self.rows[row].get(name)
        if rest:
            return any(self.holds(caller, each, tuple(rest), value) for each in self.visible(caller, _ids(found)))
        if not self.world.reads(caller, row, name):
            return False
        plain = found["amount"] if isinstance(found, dict) else found
        return value in plain if isinstance(plain, list) else bool(plain == value)


def _ids(found: Json) -> list[str]:
    if found is None:
        return []
    rows = found["nodes"] if isinstance(found, dict) and "nodes" in found else found
    return [each["id"] for each in (rows if isinstance(rows, list) else [rows])]


async def truth_of(world: World, client: Client) -> Truth:
    """All rows as ADMIN reads them, or whoever else does where ADMIN does not."""
    rows: dict[str, dict[str, Json]] = {}
    for name in NODES:
        for answer in await ask_for(world, client, reader_of(world, name), name):
            if answer is not None:
                rows[answer["id"]] = answer
    return Truth(world, rows)


def reader_of(world: World, type_name: str) -> Caller:
    """Who sees all that anybody sees of the rows of a type."""
    return world.callers[table()["sees"][type_name].get("reader", "admin")]


async def ask_for(world: World, client: Client, caller: Caller, type_name: str) -> list[Json]:
    """All rows of a type, by their ids."""
    document = (
        f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_name} {{ {selection(NODES[type_name])} }} }} }}"
    )
    found: list[Json] = (await caller.data(client, document, {"ids": world.of(type_name)}))["nodes"]
    return found


def conditions(truth: Truth, type_name: str, *, depth: int = 3) -> Iterator[tuple[Condition, Json, str]]:
    """(path, value, filter) for each field by which rows of a type are filtered, their own and those of related rows.

    Below related rows only what not everybody sees is compared: ids, masked values, and rows still further away.
    """
    given = SCHEMA.type_map[f"{type_name}Filter"]
    assert isinstance(given, GraphQLInputObjectType)
    own = depth == 3
    masked = table()["masked"].get(type_name, {})
    for name, part in given.fields.items():
        of = get_named_type(part.type)
        if name in {"and", "or", "not", "within", "customField", "frequency"}:
            continue
        if of.name.endswith("Comparison"):
            if own or name in masked or (name == "id" and type_name in RESTRICTED):
                operator = "eq" if "eq" in of.fields else "has"  # type: ignore[union-attr]  # an input
                for value in truth.values(type_name, name):
                    text = literal(of.fields[operator].type, value)  # type: ignore[union-attr]  # an input
                    yield (name,), value, f"{name}: {{{operator}: {text}}}"
        elif depth > 1:
            for path, value, text in conditions(truth, of.name.removesuffix("Filter"), depth=depth - 1):
                yield (name, *path), value, f"{name}: {{{text}}}"


def literal(of: Any, value: Json) -> str:
    """A value in a document."""
    return str(value) if isinstance(get_named_type(of), GraphQLEnumType) else json.dumps(value)


def documents() -> Iterator[str]:
    """One for each query."""
    assert SCHEMA.query_type
    arguments = {
        "search": '(text: "x")',
        "orderCounts": "(groupBy: [STATUS])",
        "orderTimeInStatus": '(placedFrom: "2026-03-02", placedUntil: "2026-03-02")',
        "nodes": "(ids: [])",
        "segmentTotals": "(ids: [])",
        "explainTier": '(orderId: "none")',
        "explainAssignment": '(orderId: "none")',
        "explainLeadAssignment": '(leadId: "none")',
        "leadPoolFairness": '(poolId: "none", givenFrom: "2026-03-02T00:00:00Z", givenBefore: "2026-03-02T00:00:00Z")',
        "assignmentFairness": '(decidedFrom: "2026-03-02T00:00:00Z", decidedBefore: "2026-03-02T00:00:00Z")',
        "node": '(id: "none")',
    }
    for name, field in SCHEMA.query_type.fields.items():
        of: Any = get_named_type(field.type)
        given = '(id: "none")' if name in BY_ID else arguments.get(name, "")
        below = "{ nodes { __typename } }" if "nodes" in getattr(of, "fields", {}) else "{ __typename }"
        yield f"{{ {name}{given} {below} }}"


def sorts(of: GraphQLObjectType) -> Iterator[str]:
    """Every sort of a list, both ways."""
    given = SCHEMA.type_map[f"{node_of(of)}Sort"]
    assert isinstance(given, GraphQLInputObjectType)
    named = get_named_type(given.fields["field"].type)
    assert isinstance(named, GraphQLEnumType)
    for field in named.values:
        yield from (f"{{field: {field}, direction: {way}}}" for way in ("ASC", "DESC"))


def enum_values(name: str) -> list[str]:
    """The values of an enum of the schema."""
    of = SCHEMA.type_map[name]
    assert isinstance(of, GraphQLEnumType)
    return list(of.values)
