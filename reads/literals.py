"""The values that are written into a document: where each stands, and which may not be there.

U+0000 and lone surrogates are carried by no database or driver: they are refused before anything is done.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    ListValueNode,
    Node,
    ObjectValueNode,
    StringValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)

from domain.errors import InvalidInput
from domain.problems import Problem
from reads.errors import invalid_input, wrong_value

_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_DEEPEST = 50
MOST_ERRORS = 20
"""How many wrong values are told at once."""
LONGEST_NAME = 100
"""How much of a name in a path is repeated: what is sent once must not come back a thousand times."""

Path = tuple[str, ...]


def forbidden_literals(document: DocumentNode) -> list[GraphQLError]:
    """An error for each text in the document that holds a forbidden character, with the path to it."""
    found = (
        _forbidden(path)
        for node, path in _placed(document)
        if isinstance(node, StringValueNode) and _FORBIDDEN.search(node.value)
    )
    return list(islice(found, MOST_ERRORS))


def forbidden_values(values: Mapping[str, Any]) -> list[GraphQLError]:
    """An error for each text in variables that holds a forbidden character, and for what is nested too deeply."""
    errors: list[GraphQLError] = []
    left: list[tuple[Path, Any]] = [((), values)]
    while left and len(errors) < MOST_ERRORS:
        path, value = left.pop()
        if isinstance(value, str):
            errors += [_forbidden(path)] if _FORBIDDEN.search(value) else []
        elif len(path) > _DEEPEST:
            errors.append(invalid_input(InvalidInput(path=path, problem=Problem.TOO_DEEP, limit=str(_DEEPEST))))
        elif isinstance(value, Mapping):
            errors += [_forbidden(path)] if any(map(_FORBIDDEN.search, value)) else []
            left += [
                ((*path, name[:LONGEST_NAME]), below) for name, below in value.items() if not _FORBIDDEN.search(name)
            ]
        elif isinstance(value, list):
            left += [((*path, str(place)), below) for place, below in enumerate(value)]
    return errors


def about_literal(error: GraphQLError, document: DocumentNode) -> GraphQLError | None:
    """An error of validation as INVALID_INPUT with the path to a literal, if it is about one."""
    wrong = error.nodes[0] if error.nodes else None
    if isinstance(wrong, VariableNode):
        return None
    path = next((path for node, path in _placed(document) if node is wrong), None)
    if path is None:
        return None
    told = wrong_value(error, path, before=f"{'.'.join(path)}: ")
    return GraphQLError(told.message, nodes=error.nodes, extensions=told.extensions, original_error=told.original_error)


def _forbidden(path: Path) -> GraphQLError:
    return invalid_input(InvalidInput(path=path, problem=Problem.FORBIDDEN_CHARACTER))


def _placed(document: DocumentNode) -> list[tuple[Node, Path]]:
    """Every value in the document, and every field of an input object, with the path to it from its argument."""
    visitor = _Values()
    visit(document, visitor)
    return visitor.found


class _Values(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[Node, Path]] = []

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        self.found += _below(node.value, (node.name.value[:LONGEST_NAME],))

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        if node.default_value:
            self.found += _below(node.default_value, (node.variable.name.value[:LONGEST_NAME],))


def _below(node: Node, path: Path) -> Iterator[tuple[Node, Path]]:
    yield node, path
    if isinstance(node, ObjectValueNode):
        for field in node.fields or ():
            here = (*path, field.name.value[:LONGEST_NAME])
            yield field, here
            yield from _below(field.value, here)
    elif isinstance(node, ListValueNode):
        for place, value in enumerate(node.values or ()):
            yield from _below(value, (*path, str(place)))
