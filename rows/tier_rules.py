"""Tier rules as SQL: what they may look at, and one expression that tells which of them an order meets first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import InvalidInput, Refused
from domain.people import Role
from domain.problems import Problem
from rows.conditions import Condition, Every, Filter, Frequency, Not, Related, Some, moved, parse_filter
from rows.declare import Entity
from rows.entities import ENTITIES, ORDER
from rows.parameters import Parameters
from rows.sql import Compiler, ViewerShape

EVERYBODYS = ViewerShape(frozenset({Role.ADMIN}), 0)
"""Rules look at all rows."""

# What changes by a write of the order or of its customer alone, so that tiers are right as long as nobody writes.
# Trees are no exception: who moves a region or a team has all orders classified again.
ALLOWED: Mapping[str, frozenset[str]] = {
    "Order": frozenset(
        {
            *("type", "status", "statusGroup", "currency", "urgency", "requiredBy", "placedAt", "baseTotal", "tags"),
            *("frequency", "customer", "channel", "region", "owner", "team"),
        }
    ),
    "Customer": frozenset({"id", "level", "valueClass", "industry", "tags", "channel", "region", "owner", "team"}),
    "Channel": frozenset({"id"}),
    "Region": frozenset({"id", "within"}),
    "Team": frozenset({"id", "within"}),
    "User": frozenset({"id"}),
}
COLUMNS: Mapping[str, str] = {
    "type": "varchar",
    "status": "varchar",
    "currency": "varchar",
    "urgency": "varchar",
    "required_by": "date",
    "placed_at": "timestamptz",
    "base_total": "numeric",
    "tags": "text[]",
    "customer_id": "bigint",
    "customer_level": "varchar",
    "channel_id": "bigint",
    "region_id": "bigint",
    "owner_id": "bigint",
    "team_id": "bigint",
}
"""The columns of an order that rules depend on, with their types: enough to classify one that is not stored yet."""


@dataclass(frozen=True)
class Rules:
    """Rules in their order, as one: `conditions` share `values`."""

    conditions: tuple[Condition, ...]
    values: tuple[Any, ...]

    @property
    def by_frequency(self) -> bool:
        """Whether an order's tier depends on other orders of its customer."""
        return any(map(_counts, self.conditions))


def parse_rule(raw: Mapping[str, Any]) -> Filter:
    """The filter of one rule. Raises Refused with one InvalidInput, whose path leads into `raw`."""
    for path in _forbidden(ORDER, raw, ()):
        raise Refused(InvalidInput(path=path, problem=Problem.NOT_IN_RULES))
    return parse_filter(ORDER, raw)


def joined(filters: Sequence[Filter]) -> Rules:
    """The rules that have these filters."""
    conditions: list[Condition] = []
    values: list[Any] = []
    for each in filters:
        conditions.append(moved(each.condition, len(values)))
        values += each.values
    return Rules(tuple(conditions), tuple(values))


def compiler_behind(own: int) -> Compiler:
    """A compiler for a statement whose first `own` parameters are the caller's; the values of rules are group 0."""
    return Compiler(EVERYBODYS, Parameters({("own", number): number for number in range(1, own + 1)}))


def first_met(compiler: Compiler, rules: Rules, alias: str) -> str:
    """The place, from 1, of the first rule that the order `alias` meets; null where it meets none."""
    cases = [
        f"WHEN {compiler.condition(condition, ORDER, alias, 0)} THEN {place}"
        for place, condition in enumerate(rules.conditions, start=1)
    ]
    return f"(CASE {' '.join(cases)} END)" if cases else "NULL::int"


def values_of(compiler: Compiler, rules: Rules) -> list[Any]:
    """What belongs into the parameters behind the caller's own."""
    return [rules.values[source[2]] for source in compiler.parameters.sources if source[0] == "value"]


def _forbidden(entity: Entity, raw: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, value in raw.items():
        here = (*path, name)
        if name in {"and", "or"}:
            for place, item in enumerate(value or ()):
                yield from _forbidden(entity, item or {}, (*here, str(place)))
        elif name == "not":
            yield from _forbidden(entity, value or {}, here)
        elif name not in ALLOWED[entity.name]:
            yield here
        elif name in entity.to_one:
            yield from _forbidden(ENTITIES[entity.to_one[name].target], value or {}, here)


def _counts(condition: Condition) -> bool:
    match condition:
        case Every(items) | Some(items):
            return any(map(_counts, items))
        case Not(item) | Related(_, item):
            return _counts(item)
        case _:
            return isinstance(condition, Frequency)
