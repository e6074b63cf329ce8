"""One operation from its text to its answer."""

from collections.abc import AsyncGenerator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from inspect import isawaitable
from types import MappingProxyType
from typing import Any, Protocol

import orjson
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    create_source_event_stream,
    execute,
)
from graphql.execution.values import VariableValues

from domain.scopes import TokenScope
from domain.words import Words
from reads.cache import Cache
from reads.checks import PUBLIC, check_kind, check_roots, check_scopes
from reads.documents import Document, DocumentCache
from reads.engine import Asked, Engine, Reading
from reads.errors import Limit, beyond, unauthenticated
from reads.hook import CompilingExecutor, Execution
from reads.prices import KEPT, SUBSCRIPTION, KeptPrices
from reads.variables import coerced
from rows.custom_fields import NO_CUSTOM_FIELDS

MOST_PREPARED = 1_000
LONGEST_VARIABLES = 1_000
"""How many queries are kept prepared, and how many bytes of JSON their variables may be."""


class Caller(Protocol):
    """The context of an operation: resolvers see it as `info.context`, and `execution` is put into it."""

    execution: Execution
    refusal: str
    """Why the credentials that were sent are not good, as a stable key; "" where none were sent, or they are."""


@dataclass(frozen=True)
class Request:
    """What was asked. `only_queries`: as over GET. `subscribes`: over what can carry several answers.

    `tells_cost`: the answer says what it cost. `document_id` names the document, beside its text or instead of it.
    """

    text: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    only_queries: bool = False
    subscribes: bool = False
    tells_cost: bool = False
    document_id: str = ""


@dataclass(frozen=True)
class Answer:
    """The answer. `data` is None where the operation was not begun."""

    data: dict[str, Any] | None
    errors: Sequence[GraphQLError] = ()
    extensions: Mapping[str, Any] | None = None

    @property
    def formatted(self) -> dict[str, Any]:
        """As it is sent: errors first, so that they are noticed."""
        body: dict[str, Any] = {}
        if self.errors:
            body["errors"] = [error.formatted for error in self.errors]
        if self.data is not None:
            body["data"] = self.data
        if self.extensions:
            body["extensions"] = self.extensions
        return body


@dataclass(eq=False)
class Prepared:
    """An operation that may be run, and what it costs at the most, in points.

    A query is prepared once for all who ask it with the same variables; `reading` is what it reads, once that is known.
    `segments` are the ids of those that it names; what their filters cost is not in `points` until it is `priced`.
    """

    request: Request
    document: Document
    operation: OperationDefinitionNode
    variables: VariableValues
    points: int
    segments: frozenset[str] = frozenset()
    reading: Reading | None = None

    @property
    def event_points(self) -> int:
        """Of a subscription: what each event costs after the first, which comes with `points`."""
        return self.points - SUBSCRIPTION

    @property
    def kind(self) -> OperationType:
        """Whether it is a query, a mutation or a subscription."""
        return self.operation.operation


class Operations:
    """Runs operations against one schema.

    `most_points` is what one of them may cost, `needs` says which scopes an API token needs for a root field.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        documents: DocumentCache,
        engine: Engine,
        *,
        most_points: int,
        needs: Mapping[str, Set[TokenScope]] = MappingProxyType({}),
    ) -> None:
        self._schema = schema
        self._needs = needs
        self._documents = documents
        self._engine = engine
        self._most_points = most_points
        self.prepared: Cache[tuple[Document, str | None, bytes], Prepared] = Cache(MOST_PREPARED)

    def prepare(self, request: Request, caller: Caller, asked: Asked | None) -> Prepared | Answer:
        """The operation, checked and priced, before anything of it is done; or the errors of one that is wrong.

        `asked` is None where nobody is signed in.
        """
        document = self._documents.get(request.text)
        if document.errors:
            return Answer(None, document.errors)
        try:
            operation = document.operation(request.operation_name)
            check_kind(operation, only_queries=request.only_queries, subscribes=request.subscribes)
            names = document.root_fields(operation)
            if asked is None and not PUBLIC.issuperset(names):
                raise unauthenticated(caller.refusal)
            if asked and (scopes := asked.context.viewer.scopes) is not None:
                check_scopes(names, scopes, self._needs)
            return self._prepared(request, document, operation, names)
        except GraphQLError as error:
            return Answer(None, [error])
        except ExceptionGroup as errors:
            return Answer(None, [error for error in errors.exceptions if isinstance(error, GraphQLError)])

    def _prepared(
        self, request: Request, document: Document, operation: OperationDefinitionNode, names: Sequence[str]
    ) -> Prepared:
        """The operation with its variables coerced, as it was prepared before if it was."""
        key = _key(request, document, operation)
        if key and (found := self.prepared.get(key)):
            return found
        check_roots(operation, names)
        variables = coerced(self._schema, operation, request.variables)
        kept = KeptPrices()
        points = self._points(document, operation, variables, kept)
        prepared = Prepared(request, document, operation, variables, points, frozenset(kept.asked))
        return self.prepared.put(key, prepared) if key else prepared

    async def priced(self, prepared: Prepared, asked: Asked | None) -> Prepared:
        """`prepared`, its points with those of the filters of the segments that it names, as they are now.

        Raises GraphQLError where that is too much.
        """
        if not prepared.segments or asked is None:
            return prepared
        kept = KeptPrices(await self._engine.segment_prices(prepared.segments, asked))
        return replace(prepared, points=self._points(prepared.document, prepared.operation, prepared.variables, kept))

    def _points(
        self, document: Document, operation: OperationDefinitionNode, variables: VariableValues, kept: KeptPrices
    ) -> int:
        points = document.price(operation).points({**variables.coerced, KEPT: kept})
        if points > self._most_points:
            raise _too_expensive(points, self._most_points)
        return points

    async def run(self, prepared: Prepared, caller: Caller, asked: Asked | None) -> Answer:
        """The answer to a query or mutation that was prepared for the same caller."""
        caller.execution = Execution(self._engine, prepared.document, asked)
        if prepared.kind is not OperationType.QUERY:
            return await self._execute(prepared.request, caller)
        try:
            return await self._query(prepared, caller, asked)
        except GraphQLError as error:
            return Answer(None, [error])

    async def subscribe(
        self, prepared: Prepared, caller: Caller, asked: Asked | None
    ) -> AsyncGenerator[Any, None] | Answer:
        """The events of a subscription, each to be answered by `event`; or the errors of one that cannot begin."""
        caller.execution = Execution(self._engine, prepared.document, asked)
        ast, request = prepared.document.ast, prepared.request
        assert ast is not None  # noqa: S101  # a document without errors has one
        executor = CompilingExecutor.build(
            self._schema,
            ast,
            context_value=caller,
            raw_variable_values=dict(request.variables),
            operation_name=request.operation_name,
        )
        if isinstance(executor, list):
            return Answer(None, executor)
        stream = create_source_event_stream(executor)
        source: Any = await stream if isawaitable(stream) else stream
        return Answer(None, source.errors or ()) if isinstance(source, ExecutionResult) else source

    async def event(self, prepared: Prepared, caller: Caller, asked: Asked | None, event: Any) -> Answer:
        """The answer to one event of a subscription."""
        caller.execution = Execution(self._engine, prepared.document, asked)
        return await self._execute(prepared.request, caller, event)

    async def _query(self, prepared: Prepared, caller: Caller, asked: Asked | None) -> Answer:
        reading = await self._reading(prepared, asked)
        plan = reading.plan
        ready = await self._engine.read(reading, asked) if reading.roots and asked else {}
        errors = list(reading.failed.values())
        if not plan.others:
            return Answer({key: ready.get(key, plan.typenames.get(key)) for key in plan.order}, errors)
        caller.execution.ready = {root.key: ready.get(root.key) for root in plan.roots}
        answer = await self._execute(prepared.request, caller)
        return Answer(answer.data, [*errors, *answer.errors])

    async def _reading(self, prepared: Prepared, asked: Asked | None) -> Reading:
        """What a query reads; kept, where it is the same for anybody, until other custom fields are in use."""
        kept = prepared.reading
        if kept and asked and kept.custom_fields is asked.custom_fields:
            return kept
        plan = self._engine.plan(prepared.document, prepared.request.operation_name, prepared.variables)
        if not asked or not plan.roots:
            return Reading(plan, (), (), {}, NO_CUSTOM_FIELDS)
        reading = await self._engine.bind(plan, prepared.variables, asked)
        prepared.reading = reading if reading.of_anybody else None
        return reading

    async def _execute(self, request: Request, caller: Caller, root: Any = None) -> Answer:
        ast = caller.execution.document.ast
        assert ast is not None  # noqa: S101  # a document without errors has one
        result = execute(
            self._schema,
            ast,
            root,
            context_value=caller,
            variable_values=dict(request.variables),
            operation_name=request.operation_name,
            executor_class=CompilingExecutor,
        )
        done: ExecutionResult = await result if isawaitable(result) else result
        return Answer(done.data, done.errors or ())


def _key(
    request: Request, document: Document, operation: OperationDefinitionNode
) -> tuple[Document, str | None, bytes] | None:
    """What a query is prepared by; None for what is done once, and for variables that are large or no plain JSON."""
    if operation.operation is not OperationType.QUERY:
        return None  # the variables of mutations are secrets at times
    try:
        variables = orjson.dumps(request.variables)
    except orjson.JSONEncodeError:
        return None
    return (document, request.operation_name, variables) if len(variables) <= LONGEST_VARIABLES else None


def _too_expensive(points: int, most: int) -> GraphQLError:
    words = Words(
        f"The operation may cost {points} points, and {most} is the most.",
        f"该操作可能花费 {points} 点，上限为 {most} 点。",
    )
    return beyond(words, Limit.OPERATION_POINTS, most=most, got=points)
