"""What operations cost, in points: about one for each row that may be read, and more for what counts or searches.

A price is known before anything is read. What depends on variables is kept as a small graph and worked out for each
request, a fragment's part once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from reads.arguments import LARGEST_PAGE, USUAL_PAGE
from rows.conditions import CUSTOM, FREQUENCY

OPERATION = 1
ROW = 1
MUTATION = 10
SUBSCRIPTION = 10
INTROSPECTION = 50
USUAL_LIST = 5
"""How many rows a list without pages is taken to have, such as the lines of an order."""
RELATED = 10
"""A condition on related rows."""
SEARCH = 20
"""A condition that no order of an index answers."""
OF_FIELDS: Mapping[str, int] = {
    "totalCount": 10,
    "totalAmount": 20,
    "orderCounts": 20,
    "search": SEARCH,
    "workQueue": 20,
    "explainTier": 100,
    "explainAssignment": 20,
    "assignmentFairness": 1_000,
    "explainLeadAssignment": 20,
    "leadPoolFairness": 1_000,
    "previewTierRules": 2_000,
    "orderTimeInStatus": 200,
}
"""Fields that look at more rows than they give."""
OF_EACH: Mapping[str, int] = {"segmentTotals": 40}
"""Fields that look at more rows for each id that they are given."""
SEGMENT = 40
"""A filter that is kept, and has to be found; what it says costs as much as if it were written down."""
KEPT = "filters of segments"
"""The place among the values where it stands what such filters cost; no variable has this name."""
OF_CONDITIONS: Mapping[str, int] = {"contains": SEARCH, "search": SEARCH, CUSTOM: SEARCH, FREQUENCY: SEARCH}

Values = Mapping[str, Any]
Factor = Callable[[Values], int]


class KeptPrices(dict[str, int]):
    """What filters of segments cost, by the segments' ids. Those that are not known are `asked` for, and free."""

    def __init__(self, known: Mapping[str, int] | None = None) -> None:
        super().__init__(known or {})
        self.asked: set[str] = set()

    def __missing__(self, segment: str) -> int:
        self.asked.add(segment)
        return 0


@dataclass(frozen=True, eq=False)
class Price:
    """`fixed` points, and for each of `parts` a price times a factor that depends on the values of variables."""

    fixed: int = 0
    parts: "tuple[tuple[Factor, Price], ...]" = ()

    def points(self, values: Values) -> int:
        """How many points it comes to with these coerced variables, and what they have as KEPT."""
        return _points(self, values, {}) if self.parts else self.fixed


FREE = Price()


def total(prices: Iterable[Price]) -> Price:
    """All of them together; those that depend on variables are referred to, not copied."""
    fixed, parts = 0, []
    for price in prices:
        if price.parts:
            parts.append((_once, price))
        else:
            fixed += price.fixed
    return Price(fixed, tuple(parts)) if parts else Price(fixed) if fixed else FREE


def times(factor: int | Factor, price: Price) -> Price:
    """`price` so many times."""
    if isinstance(factor, int):
        return Price(price.fixed * factor) if not price.parts else Price(0, ((lambda _: factor, price),))
    return Price(0, ((factor, price),))


def page_size(node: FieldNode) -> int | Factor:
    """How many rows the page of a connection may hold, by `first` or `last`."""
    given = [argument.value for argument in node.arguments or () if argument.name.value in {"first", "last"}]
    sizes = [_number(value) for value in given]
    if not sizes:
        return USUAL_PAGE
    if all(isinstance(size, int) for size in sizes):
        return max(size for size in sizes if isinstance(size, int))
    return lambda values: max(size if isinstance(size, int) else size(values) for size in sizes)


def list_size(argument: ArgumentNode) -> int | Factor:
    """How many rows a list of ids names."""
    value = argument.value
    if isinstance(value, VariableNode):
        name = value.name.value
        return lambda values: len(found) if isinstance(found := values.get(name), list) else 1
    return len(value.values) if isinstance(value, ListValueNode) else 1


def of_segments(value: ValueNode) -> Price:
    """What the filters of the segments cost that `value` names, one or several."""
    if isinstance(value, VariableNode):
        name = value.name.value
        return Price(0, ((lambda values: _of_kept(values, values.get(name)), Price(1)),))
    if isinstance(value, ListValueNode):
        return total(of_segments(item) for item in value.values)
    text = getattr(value, "value", None)
    return Price(0, ((lambda values: _of_kept(values, text), Price(1)),))


def of_filter(raw: Mapping[str, Any], of: GraphQLNamedType | None) -> int:
    """What the conditions of a filter of type `of` cost that is kept as `raw`."""
    return _of_value(raw, of) if of else 0


def conditions(node: FieldNode, definition: GraphQLField) -> Price:
    """What the arguments of a field cost that select rows: conditions on related rows, searches."""
    return total(_condition(argument, definition) for argument in node.arguments or ())


def _condition(argument: ArgumentNode, definition: GraphQLField) -> Price:
    if argument.name.value == "search":
        return Price(SEARCH)
    if argument.name.value == "segment":
        return total([Price(SEGMENT), of_segments(argument.value)])
    declared = definition.args.get(argument.name.value)
    return _of_literal(argument.value, get_named_type(declared.type)) if declared else FREE


def _of_literal(node: ValueNode, of: GraphQLNamedType) -> Price:
    if not isinstance(of, GraphQLInputObjectType):
        return FREE
    if isinstance(node, VariableNode):
        name = node.name.value
        return Price(0, ((lambda values: _of_value(values.get(name), of), Price(1)),))
    if isinstance(node, ListValueNode):
        return total(_of_literal(item, of) for item in node.values)
    if isinstance(node, ObjectValueNode):
        given = ((field.name.value, field.value) for field in node.fields)
        return total(
            total([Price(_of_name(name, of)), _of_literal(value, get_named_type(of.fields[name].type))])
            for name, value in given
            if name in of.fields
        )
    return FREE


def _of_value(value: Any, of: GraphQLNamedType) -> int:
    if not isinstance(of, GraphQLInputObjectType):
        return 0
    if isinstance(value, list):
        return sum(_of_value(item, of) for item in value)
    if isinstance(value, Mapping):
        return sum(
            _of_name(name, of) + _of_value(item, get_named_type(of.fields[name].type))
            for name, item in value.items()
            if name in of.fields
        )
    return 0


def _of_kept(values: Values, named: Any) -> int:
    kept = values.get(KEPT)
    if kept is None or named is None:
        return 0
    return sum(kept[each] for each in (named if isinstance(named, list) else [named]) if each is not None)


def _of_name(name: str, of: GraphQLInputObjectType) -> int:
    """What a condition costs: nothing, where an index may answer it."""
    target = get_named_type(of.fields[name].type)
    related = target.name.endswith("Filter") and target is not of
    return RELATED if related else OF_CONDITIONS.get(name, 0)


def _number(value: ValueNode) -> int | Factor:
    if isinstance(value, VariableNode):
        name = value.name.value
        return lambda values: _rows(values.get(name))
    return _rows(int(value.value)) if isinstance(value, IntValueNode) else USUAL_PAGE


def _rows(size: Any) -> int:
    """A page's size within its bounds; whether it may be asked for is told later."""
    return min(max(size, 0), LARGEST_PAGE) if isinstance(size, int) else USUAL_PAGE


def _once(_: Values) -> int:
    return 1


def _points(price: Price, values: Values, known: dict[int, int]) -> int:
    found = known.get(id(price))
    if found is None:
        found = price.fixed + sum(factor(values) * _points(below, values, known) for factor, below in price.parts)
        known[id(price)] = found
    return found
