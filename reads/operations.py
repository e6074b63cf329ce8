"""One operation from its text to its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, Protocol

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    type_from_ast,
    validate_input_value,
)
from graphql.execution.values import VariableValues, get_variable_values

from reads.documents import DocumentCache
from reads.engine import Asked, Engine
from reads.errors import Code, WrongMethod, coded, explained
from reads.hook import CompilingExecutor, Execution
from reads.literals import forbidden_values
from reads.plan import Plan

PUBLIC = frozenset({"login", "tokenRefresh", "__typename"})
"""Mutations for which nobody needs to be signed in."""


class Caller(Protocol):
    """The context of an operation: resolvers see it as `info.context`, and `execution` is put into it."""

    execution: Execution


@dataclass(frozen=True)
class Request:
    """What was asked. `only_queries`: as over GET."""

    text: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    only_queries: bool = False


@dataclass(frozen=True)
class Answer:
    """The answer. `data` is None where the operation was not begun."""

    data: dict[str, Any] | None
    errors: Sequence[GraphQLError] = ()


class Operations:
    """Runs operations against one schema."""

    def __init__(self, schema: GraphQLSchema, documents: DocumentCache, engine: Engine) -> None:
        self._schema = schema
        self._documents = documents
        self._engine = engine

    async def run(self, request: Request, caller: Caller, asked: Asked | None) -> Answer:
        """The answer to `request`; `asked` is None where nobody is signed in."""
        document = self._documents.get(request.text)
        if document.errors:
            return Answer(None, document.errors)
        try:
            operation = document.operation(request.operation_name)
            _check_kind(operation, only_queries=request.only_queries)
            variables = self._variables(operation, request.variables)
        except GraphQLError as error:
            return Answer(None, [error])
        except ExceptionGroup as errors:
            return Answer(None, [error for error in errors.exceptions if isinstance(error, GraphQLError)])
        caller.execution = Execution(self._engine, document, asked)
        if operation.operation is not OperationType.QUERY:
            if asked is None and not self._engine.mutations(document, operation, variables) <= PUBLIC:
                return Answer(None, [_unauthenticated()])
            return await self._execute(request, caller)
        try:
            plan = self._engine.plan(document, request.operation_name, variables)
            return await self._query(request, caller, plan, variables, asked)
        except GraphQLError as error:
            return Answer(None, [error])

    async def _query(
        self, request: Request, caller: Caller, plan: Plan, variables: VariableValues, asked: Asked | None
    ) -> Answer:
        if asked is None and (plan.roots or any(not name.startswith("__") for name in plan.others.values())):
            return Answer(None, [_unauthenticated()])
        ready, errors = await self._engine.read(plan, variables, asked) if plan.roots and asked else ({}, [])
        if not plan.others:
            return Answer({key: ready.get(key, plan.typenames.get(key)) for key in plan.order}, errors)
        caller.execution.ready = ready
        answer = await self._execute(request, caller)
        return Answer(answer.data, [*errors, *answer.errors])

    async def _execute(self, request: Request, caller: Caller) -> Answer:
        ast = caller.execution.document.ast
        assert ast is not None  # noqa: S101  # a document without errors has one
        result = execute(
            self._schema,
            ast,
            context_value=caller,
            variable_values=dict(request.variables),
            operation_name=request.operation_name,
            executor_class=CompilingExecutor,
        )
        done: ExecutionResult = await result if isawaitable(result) else result
        return Answer(done.data, done.errors or ())

    def _variables(self, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> VariableValues:
        """The coerced variables. Raises an ExceptionGroup of errors, each with the path to a wrong value."""
        if forbidden := forbidden_values(given):
            raise ExceptionGroup("variables", forbidden)
        definitions = operation.variable_definitions or ()
        values = get_variable_values(self._schema, definitions, dict(given))
        if isinstance(values, VariableValues):
            return values
        errors: list[GraphQLError] = []
        for definition in definitions:
            name = definition.variable.name.value
            of = type_from_ast(self._schema, definition.type)
            if name in given and of is not None:
                validate_input_value(
                    given[name],
                    of,  # type: ignore[arg-type]  # variables are of input types, or the document were invalid
                    lambda error, path, name=name: errors.append(  # type: ignore[misc]  # name is bound on purpose
                        coded(explained(error), Code.INVALID_INPUT, path=[name, *map(str, path)])
                    ),
                )
        raise ExceptionGroup("variables", errors or [coded(explained(error), Code.INVALID_INPUT) for error in values])


def _check_kind(operation: OperationDefinitionNode, *, only_queries: bool) -> None:
    if operation.operation is OperationType.SUBSCRIPTION:
        raise coded("There are no subscriptions here.", Code.BAD_REQUEST)
    if only_queries and operation.operation is not OperationType.QUERY:
        raise WrongMethod


def _unauthenticated() -> GraphQLError:
    return coded("Sign in first: send a valid access token as `Authorization: Bearer ...`.", Code.UNAUTHENTICATED)
