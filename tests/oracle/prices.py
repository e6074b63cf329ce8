"""What an operation costs, by the table of docs/api.md: every fragment counts each time that it is spread."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    VariableNode,
    is_list_type,
    is_non_null_type,
    parse,
)

from tests.oracle.values import named

MOST = 100_000
"""What an operation may cost: OPERATION_POINTS, where nobody sets it."""
USUAL_PAGE, LARGEST_PAGE, USUAL_LIST = 50, 250, 5
FIELDS = {"totalCount": 10, "totalAmount": 20}
CONDITIONS = {"contains": 20, "search": 20, "customField": 20, "frequency": 20}
RELATED, SEARCH, SEGMENT = 10, 20, 40


@dataclass(frozen=True)
class Prices:
    """The prices of one document's selections, with the values of its variables."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    kept: Mapping[str, tuple[str, Mapping[str, Any]]]

    def selection(self, of: Any, on: Any) -> tuple[int, int]:
        """What a selection costs once, and for each row of the page that it is made on. What is skipped counts."""
        once = each = 0
        for node, type_ in self._fields(of, on):
            one, row = self._field(node, type_)
            once, each = once + one, each + row
        return once, each

    def _fields(self, of: Any, on: Any) -> Iterator[tuple[FieldNode, Any]]:
        for node in of.selections if of else ():
            if isinstance(node, FieldNode):
                yield node, on
                continue
            part: Any = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            inner = self.schema.get_type(part.type_condition.name.value) if part.type_condition else on
            yield from self._fields(part.selection_set, inner)

    def _field(self, node: FieldNode, on: Any) -> tuple[int, int]:
        definition = on.fields.get(node.name.value)
        if definition is None:  # __typename
            return 0, 0
        target = named(definition.type)
        below, of_each = self.selection(node.selection_set, target)
        if on.name.endswith("Connection") and node.name.value in {"nodes", "edges"}:
            return 0, 1 + below
        own = FIELDS.get(node.name.value, 0) + sum(self._argument(each, definition) for each in node.arguments or ())
        if target.name.endswith("Connection"):
            return own + 1 + below + self._page(node) * of_each, 0
        if target.name == "CustomFieldValue" or _is_row(target):
            in_edge = on.name.endswith("Edge")
            return own + (below if in_edge else self._many(node, definition) * (1 + below)), 0
        return own + below, 0

    def _many(self, node: FieldNode, definition: Any) -> int:
        ids = next((each.value for each in node.arguments or () if each.name.value == "ids"), None)
        if isinstance(ids, VariableNode):
            ids = self.variables[ids.name.value]
        if ids is not None:
            return len(getattr(ids, "values", ids))
        return USUAL_LIST if _is_list(definition.type) else 1

    def _page(self, node: FieldNode) -> int:
        """The larger one where both `first` and `last` are there, which is refused later."""
        sizes = [self._size(each.value) for each in node.arguments or () if each.name.value in {"first", "last"}]
        return max(sizes, default=USUAL_PAGE)

    def _size(self, value: Any) -> int:
        given = self.variables.get(value.name.value) if isinstance(value, VariableNode) else value
        size = int(given.value) if isinstance(given, IntValueNode) else given
        return min(max(size, 0), LARGEST_PAGE) if isinstance(size, int) else USUAL_PAGE

    def _argument(self, argument: Any, definition: Any) -> int:
        if argument.name.value == "search":
            return SEARCH
        if argument.name.value == "segment":
            return SEGMENT + self._kept(argument.value)
        return self._condition(argument.value, named(definition.args[argument.name.value].type))

    def _kept(self, value: Any) -> int:
        """A segment costs what its filter would, had it been written down there."""
        segment = self.variables.get(value.name.value) if isinstance(value, VariableNode) else value.value
        if segment not in self.kept:
            return 0
        type_name, raw = self.kept[segment]
        return self._condition(raw, self.schema.get_type(type_name))

    def _condition(self, value: Any, of: Any) -> int:
        """What a filter costs, be it written down, in a variable, or partly."""
        if not hasattr(of, "fields"):
            return 0
        if isinstance(value, VariableNode):
            return self._condition(self.variables.get(value.name.value), of)
        if isinstance(value, list | ListValueNode):
            return sum(self._condition(each, of) for each in getattr(value, "values", value))
        if isinstance(value, ObjectValueNode):
            return self._parts({each.name.value: each.value for each in value.fields or ()}, of)
        return self._parts(value, of) if isinstance(value, Mapping) else 0

    def _parts(self, parts: Mapping[str, Any], of: Any) -> int:
        cost = 0
        for name, value in parts.items():
            inner = named(of.fields[name].type)
            related = inner.name.endswith("Filter") and inner is not of
            cost += (RELATED if related else CONDITIONS.get(name, 0)) + self._condition(value, inner)
        return cost


def price_of(
    schema: GraphQLSchema,
    text: str,
    variables: Mapping[str, Any],
    operation_name: str | None,
    kept: Mapping[str, tuple[str, Mapping[str, Any]]] = MappingProxyType({}),
) -> int:
    """What the operation costs, in points; variables that are not given have their defaults.

    `kept` are the filters of the segments that the viewer sees, by id, with the names of their types.
    """
    definitions = parse(text).definitions
    operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
    operation = next(each for each in operations if operation_name in {None, each.name and each.name.value})
    fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
    defaults = {
        each.variable.name.value: each.default_value
        for each in operation.variable_definitions or ()
        if each.default_value is not None
    }
    once, _ = Prices(schema, fragments, defaults | variables, kept).selection(
        operation.selection_set, schema.query_type
    )
    return 1 + once


def _is_row(of: Any) -> bool:
    return of.name == "Node" or any(each.name == "Node" for each in getattr(of, "interfaces", ()))


def _is_list(of: Any) -> bool:
    return is_list_type(of.of_type if is_non_null_type(of) else of)
