"""Where compiled reads enter graphql-core's execution: ready JSON is passed through, rows of payloads are read."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from reads.documents import Document
from reads.engine import Asked, Engine
from rows.declare import Entity


@dataclass(frozen=True)
class RowRef:
    """A row in a payload: read with the client's selection, and today's visibility, when the answer is made."""

    entity: Entity
    number: int


class Batch:
    """Rows that one place in the document selects, such as those of a list: read together when the first is needed."""

    def __init__(self, read: Callable[[Sequence[RowRef]], Awaitable[Sequence[orjson.Fragment | None]]]) -> None:
        self._read = read
        self._rows: list[RowRef] = []
        self._answer: asyncio.Future[Sequence[orjson.Fragment | None]] | None = None

    @property
    def is_open(self) -> bool:
        """Whether rows can still join."""
        return self._answer is None

    def join(self, row: RowRef) -> Awaitable[orjson.Fragment | None]:
        """The JSON of `row`, to be awaited once all rows have joined."""
        self._rows.append(row)
        return self._result(len(self._rows) - 1)

    async def _result(self, place: int) -> orjson.Fragment | None:
        if self._answer is None:
            self._answer = asyncio.ensure_future(self._read(self._rows))
        return (await self._answer)[place]


@dataclass
class Execution:
    """What an execution needs beside the schema. `ready` holds the JSON of the root fields that were compiled.

    `batches` are those of rows in payloads and lists, by the nodes that select them.
    """

    engine: Engine
    document: Document
    asked: Asked | None
    ready: dict[str, orjson.Fragment | None] = field(default_factory=dict)
    batches: dict[tuple[int, ...], Batch] = field(default_factory=dict)


class CompilingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes what is not compiled. The context value has an attribute `execution`."""

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: Any,
    ) -> Any:
        """As graphql-core does, unless the root field is ready."""
        execution: Execution = self.context_value.execution
        if path.prev is None and path.key in execution.ready:
            return execution.ready[str(path.key)]
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """As graphql-core does, unless the value is a row to be read."""
        if isinstance(result, RowRef):
            nodes = [details.node for details in field_details_list]
            return self._read(self.context_value.execution, result, nodes, self.variable_values)
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)

    def _read(
        self, execution: Execution, row: RowRef, nodes: list[Any], variables: VariableValues
    ) -> Awaitable[orjson.Fragment | None]:
        async def read(rows: Sequence[RowRef]) -> Sequence[orjson.Fragment | None]:
            assert execution.asked is not None  # noqa: S101  # rows are in answers to signed-in viewers only
            wanted = [(row.entity, row.number) for row in rows]
            return await execution.engine.rows(execution.document, variables, wanted, nodes, execution.asked)

        key = tuple(id(node) for node in nodes)
        batch = execution.batches.get(key)
        if batch is None or not batch.is_open:
            batch = execution.batches[key] = Batch(read)
        return batch.join(row)
