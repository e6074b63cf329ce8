"""Tier rules as SQL: what they may look at, and one expression that tells which of them an order meets first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from domain.errors import InvalidInput, Refused
from domain.people import Role
from domain.problems import Problem
from rows.conditions import FREQUENCY, Condition, Every, Filter, Frequency, Not, Related, Some, Within, moved, relations
from rows.declare import Entity
from rows.entities import ENTITIES, ORDER
from rows.filters import parse_filter
from rows.parameters import Parameters
from rows.sql import Compiler, ViewerShape, since

EVERYBODYS = ViewerShape(frozenset({Role.ADMIN}), 0)
"""Rules look at all rows."""

# What changes by a write of the order or of its customer alone, so that tiers are right as long as nobody writes.
# Trees are no exception: who moves a region or a team has the orders below it classified again.
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
    "split_from_id": "bigint",
    "customer_id": "bigint",
    "customer_level": "varchar",
    "channel_id": "bigint",
    "region_id": "bigint",
    "owner_id": "bigint",
    "team_id": "bigint",
}
"""The columns of an order that rules depend on, with their types: enough to classify one that is not stored yet."""


DAYS = (FREQUENCY, "days")
"""How the path to the width of a window ends."""


@dataclass(frozen=True)
class Rules:
    """Rules in their order, as one: `conditions` share `values`."""

    conditions: tuple[Condition, ...]
    values: tuple[Any, ...]

    @cached_property
    def by_frequency(self) -> bool:
        """Whether an order's tier depends on other orders of its customer."""
        return any(isinstance(leaf, Frequency) for _, leaf in self._leaves)

    @cached_property
    def by_customer(self) -> bool:
        """Whether an order's tier depends on its customer."""
        return any("Customer" in path for path, _ in self._leaves)

    @cached_property
    def trees(self) -> frozenset[str]:
        """The names of the entities on whose tree an order's tier depends."""
        return frozenset(path[-1] for path, leaf in self._leaves if isinstance(leaf, Within))

    @cached_property
    def _leaves(self) -> list[tuple[tuple[str, ...], Condition]]:
        return [leaf for condition in self.conditions for leaf in _leaves(condition, (ORDER.name,))]


@dataclass(frozen=True)
class Part:
    """One comparison of a rule: the path to it in the filter, what stands there, and the rule with no other in it."""

    path: tuple[str, ...]
    expected: Any
    condition: Condition

    @property
    def of_customer(self) -> bool:
        """Whether it looks at more than the order: at its customer, or what else that ordered."""
        return not {"customer", FREQUENCY}.isdisjoint(self.path)


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


def parts_of(condition: Condition, raw: Mapping[str, Any]) -> list[Part]:
    """The comparisons of a rule, whose filter is `raw`, in their order there.

    What a condition has beside a comparison is left out, what leads to it stays: below `not` it has to be false.
    """
    places = [each for each in comparisons(ORDER, raw) if each[0][-2:] != DAYS]
    alone = zip(places, _alone(condition), strict=True)
    return [Part(path, expected, each) for (path, expected), each in alone]


def comparisons(
    entity: Entity, raw: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The paths to all comparisons, with what stands there, in the order in which they are parsed; and to windows."""
    if not raw:
        yield path, raw
    for name, value in raw.items():
        here = (*path, name)
        if name in {"and", "or"} and value:
            for place, item in enumerate(value):
                yield from comparisons(entity, item, (*here, str(place)))
        elif name == "not":
            yield from comparisons(entity, value, here)
        elif name in entity.to_one:
            yield from comparisons(ENTITIES[entity.to_one[name].target], value, here)
        elif isinstance(value, Mapping):
            yield from (((*here, operator), of) for operator, of in value.items())
        else:
            yield here, value


@dataclass
class RulesCompiler(Compiler):
    """Compiles rules for orders: how often the customer ordered is counted once for an order, in all windows together.

    `values` are those of the rules. Windows of as many days are one.
    """

    values: tuple[Any, ...] = ()
    _windows: dict[int, str] = field(default_factory=dict)

    def earlier_sales(self, alias: str, group: int, days: int) -> str:  # noqa: ARG002  # rules are of one order
        """Read from what `once` has counted."""
        long = self.values[days]
        if long not in self._windows:
            self._windows[long] = self.parameters.value(group, days, "int")
        return f"SELECT in_{long}_days FROM sales"

    def once(self, columns: str, alias: str) -> str:
        """A select of `columns`, expressions of this compiler about the order `alias`.

        Nothing is counted where nobody reads it: a common table expression is run by its first reader.
        """
        if not self._windows:
            return f"SELECT {columns}"
        other, begins = self.alias(), {long: since(alias, days) for long, days in self._windows.items()}
        counts = ", ".join(
            f"count(*) FILTER (WHERE {other}.placed_at > {begin}) AS in_{long}_days" for long, begin in begins.items()
        )
        widest = self.sales_since(alias, other, begins[max(begins)])
        return f"WITH sales AS MATERIALIZED (SELECT {counts} {widest}) SELECT {columns}"


def compiler_behind(own: int, rules: Rules) -> RulesCompiler:
    """A compiler for a statement whose first `own` parameters are the caller's; the values of `rules` are group 0."""
    parameters = Parameters({("own", number): number for number in range(1, own + 1)})
    return RulesCompiler(EVERYBODYS, parameters, values=rules.values)


def first_met(compiler: Compiler, rules: Rules, entity: Entity, alias: str) -> str:
    """The place, from 1, of the first rule that the row `alias` meets; null where it meets none."""
    cases = [
        f"WHEN {compiler.condition(condition, entity, alias, 0)} THEN {place}"
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


def _alone(condition: Condition) -> Iterator[Condition]:
    """Each comparison in `condition` by itself, behind the relations and negations that lead to it."""
    match condition:
        case Every(items) | Some(items) if items:
            for item in items:
                yield from _alone(item)
        case Not(item):
            yield from map(Not, _alone(item))
        case Related(relation, item):
            yield from (Related(relation, each) for each in _alone(item))
        case _:
            yield condition


def _leaves(condition: Condition, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Condition]]:
    """The comparisons in `condition`, each with the names of the entities that lead to it, the last its own."""
    match condition:
        case Every(items) | Some(items):
            for item in items:
                yield from _leaves(item, path)
        case Not(item):
            yield from _leaves(item, path)
        case Related(relation, item):
            here = (*path, relations(ENTITIES[path[-1]])[relation])
            yield from _leaves(item, here) if item != Every(()) else iter([(here, item)])
        case _:
            yield path, condition
