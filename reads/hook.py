"""Where compiled reads enter graphql-core's execution: ready JSON is passed through, rows of payloads are read."""

from collections.abc import Awaitable
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


@dataclass
class Execution:
    """What an execution needs beside the schema. `ready` holds the JSON of the root fields that were compiled."""

    engine: Engine
    document: Document
    asked: Asked | None
    ready: dict[str, orjson.Fragment | None] = field(default_factory=dict)


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
        assert execution.asked is not None  # noqa: S101  # rows are in payloads of signed-in viewers only
        return execution.engine.row(execution.document, variables, row.entity, row.number, nodes, execution.asked)
