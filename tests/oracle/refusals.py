"""Which arguments are refused, and with which code: told for a whole root field before anything below it is read."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    ListValueNode,
    NamedTypeNode,
    ObjectValueNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    is_abstract_type,
)
from graphql.execution.values import get_argument_values, get_directive_values
from graphql.type import GraphQLIncludeDirective, GraphQLSkipDirective

from tests.oracle.cursors import NotACursor, order_of, position_of
from tests.oracle.limits import is_filter
from tests.oracle.values import named

LARGEST_PAGE = 250
ONLY = {("Reminder", "subject"): {"Lead"}}
"""What a field can be whose type is an interface, where that is not every kind: of others nothing is looked at."""
Info: TypeAlias = GraphQLResolveInfo[Any]


def refusals(info: Info) -> set[str]:
    """The codes for which a root field is refused: its own, and those of every field that is selected below it."""
    return {code for node in info.field_nodes for code in _of_field(node, info.parent_type, info)}


def _of_field(node: FieldNode, on: Any, info: Info) -> Iterator[str]:
    definition = on.fields.get(node.name.value)
    if definition is None:
        return
    if any(_has_unset_variable(argument.value, info) for argument in node.arguments or ()):
        yield "INVALID_INPUT"
        return
    given = get_argument_values(definition, node, info.variable_values)
    target = named(definition.type)
    if "ids" in given and len(given["ids"]) > LARGEST_PAGE:
        yield "INVALID_INPUT"
    if "first" in given:
        yield from _of_page(definition, given, info)
    if node.selection_set:
        possible = info.schema.get_possible_types(target) if is_abstract_type(target) else [target]
        among = ONLY.get((on.name, node.name.value))
        for of in (each for each in possible if among is None or each.name in among):
            for below in _selected(node.selection_set, of, info):
                yield from _of_field(below, of, info)


def _selected(selection: SelectionSetNode, on: GraphQLObjectType, info: Info) -> Iterator[FieldNode]:
    for node in selection.selections:
        if not _included(node, info):
            continue
        if isinstance(node, FieldNode):
            yield node
            continue
        fragment: Any = info.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        if _applies(fragment.type_condition, on, info):
            yield from _selected(fragment.selection_set, on, info)


def _applies(condition: NamedTypeNode | None, on: GraphQLObjectType, info: Info) -> bool:
    if condition is None or condition.name.value == on.name:
        return True
    of: Any = info.schema.get_type(condition.name.value)
    return is_abstract_type(of) and info.schema.is_sub_type(of, on)


def _included(node: Any, info: Info) -> bool:
    skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
    include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
    return not (skip and skip["if"]) and not (include and not include["if"])


def _has_unset_variable(node: ValueNode, info: Info, *, inside: bool = False) -> bool:
    if isinstance(node, VariableNode):
        return inside and node.name.value not in info.variable_values.coerced
    if isinstance(node, ObjectValueNode):
        return any(_has_unset_variable(below.value, info, inside=True) for below in node.fields or ())
    return isinstance(node, ListValueNode) and any(
        _has_unset_variable(below, info, inside=True) for below in node.values
    )


def _of_page(field: GraphQLField, given: dict[str, Any], info: Info) -> Iterator[str]:
    type_name = named(field.type).name.removesuffix("Connection")
    first, last = given.get("first"), given.get("last")
    if first is not None and last is not None:
        yield "INVALID_INPUT"
    if not all(0 <= size <= LARGEST_PAGE for size in (first, last) if size is not None):
        yield "INVALID_INPUT"
    if given.get("filter") is not None and not is_filter(named(field.args["filter"].type), given["filter"]):
        yield "INVALID_INPUT"
    for name in ("after", "before"):
        try:
            if given.get(name) is not None:
                position_of(given[name], order_of(type_name, given.get("sort"), info.context.viewer.world))
        except NotACursor:
            yield "INVALID_CURSOR"
