"""Runs plans: one statement for all compiled root fields, in one snapshot, its JSON passed through."""

from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import asyncpg
import orjson
from graphql import FieldNode, GraphQLError, GraphQLSchema
from graphql.execution.values import VariableValues

from domain.errors import InvalidInput, Refused
from domain.people import Role
from domain.problems import Problem
from reads.arguments import argument_values, numbers_group
from reads.cache import Cache
from reads.computed import splice
from reads.documents import Document
from reads.errors import Limit, beyond, invalid_input
from reads.groups import Group, Shape
from reads.plan import Arguments, Plan, Root
from reads.pools import ReadPools
from reads.prices import of_filter
from reads.roots import Rows
from reads.segments import OF, filters_named, name_segments, with_segments
from reads.selection import Selector
from reads.statement import TOO_MUCH, Statement, compile_statement
from reads.values import check_values
from rows.conditions import CUSTOM
from rows.custom_fields import NO_CUSTOM_FIELDS, CustomFields
from rows.declare import Entity
from rows.entities import ENTITIES
from rows.parameters import LARGEST_SPREAD, Context
from rows.sql import ViewerShape
from rows.viewer import Reader, Viewer
from rows.weights import TeamWeights

LARGE_PART = 0.1
READ_SCOPES = frozenset(entity.token_scope for entity in ENTITIES.values() if entity.token_scope)
"""The scopes of API tokens that what is seen depends on."""

Fragments = dict[str, orjson.Fragment | None]


@dataclass(frozen=True)
class Asked:
    """Who asks, in which language, and how many branches their team tree is worth (0: none).

    `custom_fields` are those that filters and sorts can name.
    """

    context: Context
    language: str
    spread: int = 0
    custom_fields: CustomFields = NO_CUSTOM_FIELDS

    @cached_property
    def shape(self) -> ViewerShape:
        """What statements depend on of the viewer: an ADMIN's other roles and an only team's tree change nothing."""
        viewer = self.context.viewer
        scopes = None if viewer.scopes is None else viewer.scopes & READ_SCOPES
        if Role.ADMIN in viewer.roles:
            return ViewerShape(frozenset({Role.ADMIN}), 0, scopes)
        return ViewerShape(viewer.roles, self.spread if Role.MANAGER in viewer.roles else 0, scopes)

    @cached_property
    def reader(self) -> Reader:
        """Who asks, as computed fields know them."""
        return Reader(self.context.viewer, self.language)


@dataclass(eq=False)
class Reading:
    """A plan whose arguments are bound.

    `roots` are those whose arguments are right, `failed` holds an error for each other one by its key. `custom_fields`
    are those by which it was bound. `of_anybody`: it would be the same for each who asks, as long as these are in use.
    """

    plan: Plan
    roots: Sequence[Root]
    groups: Sequence[Group | None]
    failed: Mapping[str, GraphQLError]
    custom_fields: CustomFields
    of_anybody: bool = False
    statements: dict[ViewerShape, Statement] = field(default_factory=dict)


def spread_of(viewer: Viewer, weights: TeamWeights) -> int:
    """How many branches merge best for the viewer's team tree: a power of two that holds it, or 0 for none.

    Who sees more than a tenth of all orders finds the next rows soonest by walking the sort's index.
    """
    teams = len(viewer.team_ids)
    if teams > LARGEST_SPREAD or weights.of(viewer.team_ids) > LARGE_PART:
        return 0
    return 1 << (teams - 1).bit_length() if teams else 0


class Engine:
    """Compiles and runs reads of one schema. `roots` says which of its root fields are compiled.

    `latest` gives the custom fields of this moment, for what those that this process knows of do not have.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        roots: Mapping[str, Rows],
        pools: ReadPools,
        latest: Callable[[], Awaitable[CustomFields]],
    ) -> None:
        self.schema = schema
        self.roots = roots
        self.pools = pools
        self._latest = latest
        self.statements: Cache[tuple[object, ...], Statement] = Cache(2_000)

    def plan(self, document: Document, operation_name: str | None, variables: VariableValues) -> Plan:
        """The plan of a query operation, from the document's cache if these conditions came out so before."""
        outcomes = document.outcomes(variables)
        key = (operation_name, outcomes)
        operation = document.operation(operation_name)
        return document.plans.get(key) or document.plans.put(
            key, self._selector(document, outcomes).query(operation.selection_set)
        )

    async def bind(self, plan: Plan, variables: VariableValues, asked: Asked) -> Reading:
        """The plan with its arguments; a root field whose arguments are wrong has an error. Raises GraphQLError."""
        given: list[dict[str, Any] | None] = []
        failed: dict[str, GraphQLError] = {}
        for arguments in plan.groups:
            try:
                given.append(argument_values(arguments, variables))
            except GraphQLError as error:
                given.append(None)
                failed.setdefault(arguments.root, _located(error, arguments))
        values, custom_fields = await self._with_segments(given, asked), asked.custom_fields
        groups, wrong = _grouped(plan, values, custom_fields)
        if any(map(_misses_custom_field, wrong.values())):
            custom_fields = await self._latest()
            groups, wrong = _grouped(plan, values, custom_fields)
        failed = wrong | failed
        check_values(group.values for group in groups if group)
        roots = [root for root in plan.roots if root.key not in failed]
        of_anybody = not failed and not name_segments(given)
        return Reading(plan, roots, groups, failed, custom_fields, of_anybody)

    async def read(self, reading: Reading, asked: Asked) -> Fragments:
        """The JSON of each root field of `reading`."""
        texts = splice(list(await self._fetch(reading, asked)), reading.plan.computed, asked.reader)
        return {
            root.key: None if text is None else orjson.Fragment(text)
            for root, text in zip(reading.roots, texts, strict=True)
        }

    async def segment_prices(self, ids: Set[str], asked: Asked) -> dict[str, int]:
        """What the filters cost, in points, of those of the segments that are seen, by their ids."""
        found = await filters_named(self.pools, asked.context, asked.shape, ids)
        types = {entity: self.schema.get_type(f"{of.name}Filter") for entity, of in OF.items()}
        return {text: of_filter(kept.raw, types[kept.entity]) for text, kept in found.items()}

    async def _with_segments(self, given: Sequence[dict[str, Any] | None], asked: Asked) -> list[dict[str, Any] | None]:
        return await with_segments(self.pools, asked.context, asked.shape, given)

    async def rows(
        self,
        document: Document,
        variables: VariableValues,
        wanted: Sequence[tuple[Entity, int]],
        nodes: Sequence[FieldNode],
        asked: Asked,
    ) -> list[orjson.Fragment | None]:
        """The JSON of each of the `wanted`, rows by their numbers, with what `nodes` select, by one statement.

        None where this viewer sees no such row.
        """
        entities = list(dict.fromkeys(entity for entity, _ in wanted))
        outcomes = document.outcomes(variables)
        key = (tuple(entity.name for entity in entities), tuple(id(node) for node in nodes), outcomes)
        plan = document.plans.get(key) or document.plans.put(
            key, self._selector(document, outcomes).rows(entities, nodes)
        )
        below = plan.groups[1:]
        given = await self._with_segments([argument_values(arguments, variables) for arguments in below], asked)
        groups = [numbers_group(entities, wanted)]
        groups += [
            arguments.bind(values or {}, asked.custom_fields) for arguments, values in zip(below, given, strict=True)
        ]
        check_values(group.values for group in groups if group)
        (texts,) = await self._fetch(Reading(plan, plan.roots, groups, {}, asked.custom_fields), asked)
        return [None if text is None else orjson.Fragment(text) for text in splice(texts, plan.computed, asked.reader)]

    def _selector(self, document: Document, outcomes: Sequence[bool]) -> Selector:
        included = {id(directive): outcome for directive, outcome in zip(document.conditions, outcomes, strict=True)}
        return Selector(self.schema, document.fragments, lambda directive: included[id(directive)], self.roots)

    async def _fetch(self, reading: Reading, asked: Asked) -> asyncpg.Record:
        """The record of the statement, a column for each root."""
        shape = asked.shape
        statement = reading.statements.get(shape)
        if statement is None:
            statement = reading.statements[shape] = self._statement(reading, shape)
        arguments = statement.fill(asked.context, [group.values if group else () for group in reading.groups])
        try:
            return await self.pools.fetchrow(statement.sql, arguments, selective=statement.selective)
        except (asyncpg.ProgramLimitExceededError, asyncpg.InternalServerError) as error:
            raise beyond(TOO_MUCH, Limit.STATEMENT) from error

    def _statement(self, reading: Reading, shape: ViewerShape) -> Statement:
        shapes: tuple[Shape | None, ...] = tuple(group.shape if group else None for group in reading.groups)
        key = (reading.plan, tuple(root.key for root in reading.roots), shapes, shape)
        return self.statements.get(key) or self.statements.put(key, compile_statement(reading.roots, shapes, shape))


def _grouped(
    plan: Plan, values: Sequence[dict[str, Any] | None], custom_fields: CustomFields
) -> tuple[list[Group | None], dict[str, GraphQLError]]:
    groups: list[Group | None] = []
    failed: dict[str, GraphQLError] = {}
    for arguments, given in zip(plan.groups, values, strict=True):
        try:
            groups.append(None if given is None else arguments.bind(given, custom_fields))
        except GraphQLError as error:
            groups.append(None)
            failed.setdefault(arguments.root, _located(error, arguments))
    return groups, failed


def _misses_custom_field(error: GraphQLError) -> bool:
    """Whether it is about a custom field that is not there, or not indexed, as far as this process knows."""
    refused = error.original_error.errors[0] if isinstance(error.original_error, Refused) else None
    missing = isinstance(refused, InvalidInput) and refused.problem in {Problem.UNKNOWN, Problem.NOT_INDEXED}
    return missing and refused is not None and CUSTOM in refused.path


def _located(error: GraphQLError, arguments: Arguments) -> GraphQLError:
    """`error` about `arguments`, with the way to it from the root field on."""
    cause = error.original_error
    if isinstance(cause, Refused) and isinstance(cause.errors[0], InvalidInput):
        error = invalid_input(cause.errors[0], prefix=arguments.path)
    extensions = dict(error.extensions or {})
    if "path" in extensions and not isinstance(cause, Refused):
        extensions["path"] = [*arguments.path, *extensions["path"]]
    nodes, path = [arguments.node], [arguments.root]
    return GraphQLError(error.message, nodes, path=path, original_error=error.original_error, extensions=extensions)
