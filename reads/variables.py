"""The values that are sent for the variables of an operation, checked and coerced."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    is_input_type,
    type_from_ast,
    validate_input_value,
)
from graphql.execution.values import VariableValues, get_variable_values

from reads.errors import explained, malformed, wrong_value
from reads.literals import LONGEST_NAME, MOST_ERRORS, forbidden_values


def coerced(schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> VariableValues:
    """The coerced variables. Raises an ExceptionGroup of errors, each with the path to a wrong value."""
    if forbidden := forbidden_values(given):
        raise ExceptionGroup("variables", forbidden)
    definitions = operation.variable_definitions or ()
    values = get_variable_values(schema, definitions, dict(given), MOST_ERRORS, hide_suggestions=True)
    if isinstance(values, VariableValues):
        return values
    errors = _explain(schema, operation, given)
    raise ExceptionGroup("variables", errors or [malformed(explained(error)) for error in values])


def _explain(schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> list[GraphQLError]:
    """What is wrong with the variables, value by value."""
    errors: list[GraphQLError] = []
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        of = type_from_ast(schema, definition.type)

        def tell(error: GraphQLError, path: list[str | int], name: str = name) -> None:
            way = [name, *(str(step)[:LONGEST_NAME] for step in path)]
            errors.append(wrong_value(error, way))
            if len(errors) >= MOST_ERRORS:
                raise _Enough

        if name in given and is_input_type(of):
            with suppress(_Enough):
                validate_input_value(given[name], of, tell, hide_suggestions=True)
    return errors


class _Enough(Exception):
    """As many errors as are told have been found."""
