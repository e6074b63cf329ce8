"""From a parsed document to a plan."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)

from reads.arguments import counts_group, keys_group, own_group, page_group, row_group, rows_group, search_group
from reads.groups import Group
from reads.names import CUSTOM_FIELDS, declared_names
from reads.plan import (
    AnyOne,
    Arguments,
    Calculated,
    Calculation,
    CountsRoot,
    Cursor,
    CustomValues,
    Edges,
    Field,
    FoundField,
    FoundRoot,
    Many,
    Nested,
    Node,
    Nodes,
    ObjectPlan,
    One,
    PageInfo,
    PagePlan,
    PageRoot,
    Parts,
    Picked,
    Plan,
    Root,
    RowRoot,
    RowsRoot,
    Section,
    TotalAmount,
    TotalCount,
    Typename,
    Value,
)
from reads.roots import ById, ByIds, Counted, Found, Listed, Rows, Self
from rows.custom_fields import CustomFields
from rows.declare import Column, Computed, Entity, Shape
from rows.entities import CUSTOM_FIELD_VALUE, ENTITIES

Included = Callable[[DirectiveNode], bool]
Collected = dict[str, list[FieldNode]]


@dataclass
class Selector:
    """Plans one operation. `included` decides each @skip and @include, `roots` says which root fields are compiled."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    included: Included
    roots: Mapping[str, Rows]
    _groups: list[Arguments] = field(default_factory=list)
    _computed: list[Calculation] = field(default_factory=list)
    _root_key: str = ""
    _path: list[str] = field(default_factory=list)

    def query(self, selection: SelectionSetNode) -> Plan:
        """The plan of a query operation."""
        query = self.schema.query_type
        assert query is not None  # noqa: S101  # a schema without one is refused at start
        collected = self.collect([selection], query)
        planned: list[Root] = []
        typenames, others = {}, {}
        for key, nodes in collected.items():
            name = nodes[0].name.value
            if name == "__typename":
                typenames[key] = query.name
            elif name in self.roots:
                planned.append(self._root(key, nodes, query.fields[name], self.roots[name]))
            else:
                others[key] = name
        return self._plan(tuple(planned), tuple(collected), typenames, others)

    def rows(self, entities: Sequence[Entity], nodes: Sequence[FieldNode]) -> Plan:
        """The plan of rows of `entities`, found by their numbers and read apart, with what `nodes` select."""
        self._group(GraphQLField(self._type(entities[0])), nodes, partial(rows_group, entities))
        return self._plan((RowsRoot("rows", 0, self._objects(entities, nodes), apart=True),), ("rows",), {}, {})

    def collect(self, selections: Sequence[SelectionSetNode], on: GraphQLObjectType) -> Collected:
        """The field nodes under each response key, in order of first occurrence."""
        found: Collected = {}
        visited: set[str] = set()
        for selection in selections:
            for node in self._flat(selection, on, visited):
                found.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        return found

    def _flat(self, selection: SelectionSetNode, on: GraphQLObjectType, visited: set[str]) -> Iterator[FieldNode]:
        for node in selection.selections:
            if not all(self.included(d) for d in node.directives or () if d.name.value in {"skip", "include"}):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self._applies(node.type_condition.name.value, on):
                    yield from self._flat(node.selection_set, on, visited)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if self._applies(fragment.type_condition.name.value, on):
                    yield from self._flat(fragment.selection_set, on, visited)

    def _applies(self, condition: str, on: GraphQLObjectType) -> bool:
        if condition == on.name:
            return True
        abstract = self.schema.type_map[condition]
        return isinstance(abstract, GraphQLInterfaceType) and self.schema.is_sub_type(abstract, on)

    def _plan(
        self, roots: tuple[Root, ...], order: tuple[str, ...], typenames: dict[str, str], others: dict[str, str]
    ) -> Plan:
        return Plan(roots, tuple(self._groups), tuple(self._computed), order, typenames, others)

    def _root(self, key: str, nodes: list[FieldNode], definition: GraphQLField, rows: Rows) -> Root:
        self._root_key = key
        every = [entity for entity in ENTITIES.values() if entity.prefix and entity.name in self.schema.type_map]
        match rows:
            case Listed(entity):
                return PageRoot(key, self._page(nodes, definition, entity))
            case Counted(_, counts):
                return CountsRoot(key, self._group(definition, nodes, counts_group), self._object(counts, nodes))
            case ByIds():
                group = self._group(definition, nodes, partial(rows_group, every))
                return RowsRoot(key, group, self._objects(every, nodes))
            case Self(entity):
                group = self._group(definition, nodes, partial(own_group, entity))
                return RowRoot(key, group, True, self._objects([entity], nodes))
            case Found():
                return self._found(key, nodes, definition)
            case ById(entity):
                named = [entity] if entity else every
                group = self._group(definition, nodes, partial(row_group, named))
                return RowRoot(key, group, False, self._objects(named, nodes))

    def _found(self, key: str, nodes: list[FieldNode], definition: GraphQLField) -> FoundRoot:
        entities = [entity for entity in ENTITIES.values() if entity.search]
        group = self._group(definition, nodes, partial(search_group, entities))
        fields = []
        for below, of in self._below(nodes, _type_of(definition)).items():
            name = of[0].name.value
            with self._at(below):
                fields.append(FoundField(below, name, self._objects(entities, of) if name == "node" else {}))
        return FoundRoot(key, group, tuple(fields))

    def _objects(self, entities: Sequence[Entity], nodes: Sequence[FieldNode]) -> dict[str, ObjectPlan]:
        return {entity.name: self._object(entity, nodes) for entity in entities}

    def _group(
        self,
        definition: GraphQLField,
        nodes: Sequence[FieldNode],
        bind: Callable[[Mapping[str, Any], CustomFields], Group],
    ) -> int:
        self._groups.append(Arguments(self._root_key, tuple(self._path), definition, nodes[0], bind))
        return len(self._groups) - 1

    def _type(self, entity: Entity) -> GraphQLObjectType:
        found = self.schema.type_map[entity.name]
        assert isinstance(found, GraphQLObjectType)  # noqa: S101  # bindings are checked when the schema is built
        return found

    def _below(self, nodes: Sequence[FieldNode], on: GraphQLObjectType) -> Collected:
        return self.collect([node.selection_set for node in nodes if node.selection_set], on)

    def _object(self, entity: Entity, nodes: Sequence[FieldNode]) -> ObjectPlan:
        on = self._type(entity)
        collected = self._below(nodes, on)
        fields = tuple(self._field(key, below, entity, on) for key, below in collected.items())
        return ObjectPlan(entity, fields)

    def _field(self, key: str, nodes: list[FieldNode], entity: Entity, on: GraphQLObjectType) -> Field:
        with self._at(key):
            return self._planned(key, nodes, entity, on)

    @contextmanager
    def _at(self, key: str) -> Iterator[None]:
        self._path.append(key)
        yield
        self._path.pop()

    def _planned(self, key: str, nodes: list[FieldNode], entity: Entity, on: GraphQLObjectType) -> Field:
        name = nodes[0].name.value
        if name == "__typename":
            return Typename(key, on.name)
        name = declared_names(entity)[name]
        definition = on.fields[nodes[0].name.value]
        if composite := entity.composites.get(name):
            return Parts(key, composite, self._parts(nodes, composite.parts, definition))
        if column := entity.columns.get(name):
            return Value(key, column)
        if to_one := entity.to_one.get(name):
            return One(key, name, self._object(ENTITIES[to_one.target], nodes))
        if to_any := entity.to_any.get(name):
            return AnyOne(key, to_any, self._objects([ENTITIES[target] for target in to_any.targets], nodes))
        if to_many := entity.to_many.get(name):
            return Many(key, to_many, self._object(ENTITIES[to_many.target], nodes))
        if paged := entity.paged.get(name):
            return Nested(key, paged, self._page(nodes, definition, ENTITIES[paged.target]))
        if name == CUSTOM_FIELDS:
            return CustomValues(
                key, self._group(definition, nodes, keys_group), self._object(CUSTOM_FIELD_VALUE, nodes)
            )
        return self._calculated(key, nodes, entity.computed[name], definition)

    def _calculated(self, key: str, nodes: list[FieldNode], computed: Computed, definition: GraphQLField) -> Calculated:
        picked = self._picked(nodes, definition, computed.shape) if computed.shape else ()
        self._computed.append(Calculation(computed, picked))
        return Calculated(key, len(self._computed) - 1, computed)

    def _picked(self, nodes: Sequence[FieldNode], definition: GraphQLField, shape: Shape) -> tuple[Picked, ...]:
        on, found = _type_of(definition), []
        for key, below in self._below(nodes, on).items():
            name = below[0].name.value
            inner = shape.below.get(name)
            of = self._picked(below, on.fields[name], inner) if inner else ()
            found.append(Picked(key, "" if name == "__typename" else name, inner, of))
        return tuple(found)

    def _parts(
        self, nodes: list[FieldNode], parts: Mapping[str, Column], definition: GraphQLField
    ) -> tuple[Value | Typename, ...]:
        found = []
        for key, name in self._leaves(nodes, definition):
            column = parts.get(name)
            found.append(Typename(key, get_named_type(definition.type).name) if column is None else Value(key, column))
        return tuple(found)

    def _leaves(self, nodes: Sequence[FieldNode], definition: GraphQLField) -> Iterator[tuple[str, str]]:
        on = _type_of(definition)
        for key, below in self._below(nodes, on).items():
            yield key, below[0].name.value

    def _page(self, nodes: list[FieldNode], definition: GraphQLField, entity: Entity) -> PagePlan:
        group = self._group(definition, nodes, partial(page_group, entity))
        on = _type_of(definition)
        sections = []
        for key, below in self._below(nodes, on).items():
            with self._at(key):
                sections.append(self._section(key, below, entity, on))
        return PagePlan(entity, group, tuple(sections))

    def _section(self, key: str, nodes: list[FieldNode], entity: Entity, on: GraphQLObjectType) -> Section:
        name = nodes[0].name.value
        match name:
            case "__typename":
                return Typename(key, on.name)
            case "edges":
                return Edges(key, self._edge(nodes, entity, on.fields[name]))
            case "nodes":
                return Nodes(key, self._object(entity, nodes))
            case "pageInfo":
                return PageInfo(key, tuple(self._leaves(nodes, on.fields[name])))
            case "totalCount":
                return TotalCount(key)
            case _:
                return TotalAmount(key, tuple(self._leaves(nodes, on.fields[name])))

    def _edge(
        self, nodes: list[FieldNode], entity: Entity, definition: GraphQLField
    ) -> tuple[Cursor | Node | Typename, ...]:
        on = _type_of(definition)
        fields: list[Cursor | Node | Typename] = []
        for key, below in self._below(nodes, on).items():
            match below[0].name.value:
                case "__typename":
                    fields.append(Typename(key, on.name))
                case "cursor":
                    fields.append(Cursor(key))
                case _:
                    with self._at(key):
                        fields.append(Node(key, self._object(entity, below)))
        return tuple(fields)


def _type_of(definition: GraphQLField) -> GraphQLObjectType:
    of = get_named_type(definition.type)
    assert isinstance(of, GraphQLObjectType)  # noqa: S101  # what is compiled is of objects, but for nodes
    return of
