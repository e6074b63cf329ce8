"""How far a document reaches: fields, levels, aliases, directives, and its price, in one pass over it.

Each fragment is looked at once, and counts as often as it is spread. So the pass takes time in proportion to the
document's length, and what would unfold without bounds is refused by its numbers alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    TypeMetaFieldDef,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from domain.words import Words
from reads.errors import Limit, beyond
from reads.prices import (
    FREE,
    INTROSPECTION,
    MUTATION,
    OF_EACH,
    OF_FIELDS,
    OPERATION,
    ROW,
    SUBSCRIPTION,
    USUAL_LIST,
    Price,
    conditions,
    list_size,
    of_segments,
    page_size,
    times,
    total,
)

MOST_FIELDS = 20_000
"""How many fields one operation may select, those of a fragment as often as it is spread."""
MOST_LEVELS = 15
"""How deep rows may be nested in rows."""
MOST_DEPTH = 100
"""How deep selections may be nested, those of fragments included."""
MOST_ALIASES = 1_000
MOST_DIRECTIVES = 500

NODE = "Node"
_META = {
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
}


_TOO_DEEP = Words(
    f"The operation nests selections more than {MOST_DEPTH} levels deep.", f"操作的选择集嵌套超过 {MOST_DEPTH} 层。"
)


@dataclass(frozen=True)
class Extent:
    """What a selection comes to. `each` is what it costs for every row of the page that it is made on."""

    fields: int = 0
    levels: int = 0
    depth: int = 0
    aliases: int = 0
    directives: int = 0
    price: Price = FREE
    each: Price = FREE

    def check(self) -> None:
        """Raises a GraphQLError for what is beyond a limit."""
        limits = (
            (
                self.fields,
                MOST_FIELDS,
                Limit.FIELDS,
                Words(
                    f"The operation selects more than {MOST_FIELDS} fields.", f"操作选取的字段超过 {MOST_FIELDS} 个。"
                ),
            ),
            (
                self.levels,
                MOST_LEVELS,
                Limit.ROW_LEVELS,
                Words(
                    f"The operation nests rows more than {MOST_LEVELS} levels deep.",
                    f"操作中数据行的嵌套超过 {MOST_LEVELS} 层。",
                ),
            ),
            (self.depth, MOST_DEPTH, Limit.SELECTION_LEVELS, _TOO_DEEP),
            (
                self.aliases,
                MOST_ALIASES,
                Limit.ALIASES,
                Words(f"The operation has more than {MOST_ALIASES} aliases.", f"操作的别名超过 {MOST_ALIASES} 个。"),
            ),
            (
                self.directives,
                MOST_DIRECTIVES,
                Limit.DIRECTIVES,
                Words(
                    f"The operation has more than {MOST_DIRECTIVES} directives.",
                    f"操作的指令超过 {MOST_DIRECTIVES} 个。",
                ),
            ),
        )
        for found, most, limit, words in limits:
            if found > most:
                raise beyond(words, limit, most=most, got=found)


NOTHING = Extent()


def _with(extent: Extent, directives: int) -> Extent:
    return replace(extent, directives=extent.directives + directives) if directives else extent


@dataclass
class Extents:
    """The extents of one document, which need not be valid: what the schema does not know counts as a plain field."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    _known: dict[str, Extent] = field(default_factory=dict)

    def of(self, operation: OperationDefinitionNode) -> Extent:
        """What an operation comes to. Raises a GraphQLError where that is beyond a limit."""
        root = self.schema.get_root_type(operation.operation)
        found = _with(self._selection(operation.selection_set, root, 1), len(operation.directives or ()))
        found.check()
        return replace(found, price=total([Price(OPERATION), found.price]))

    def _selection(self, selection: SelectionSetNode | None, on: GraphQLNamedType | None, depth: int) -> Extent:
        if selection is None:
            return NOTHING
        if depth > MOST_DEPTH:
            raise beyond(_TOO_DEEP, Limit.SELECTION_LEVELS, most=MOST_DEPTH, got=depth)
        return _together([self._node(node, on, depth) for node in selection.selections])

    def _node(self, node: SelectionNode, on: GraphQLNamedType | None, depth: int) -> Extent:
        directives = len(node.directives or ())
        if isinstance(node, FieldNode):
            return self._field(node, on, depth, directives)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            inner = self.schema.get_type(condition.name.value) if condition else on
            return _with(self._selection(node.selection_set, inner, depth + 1), directives)
        assert isinstance(node, FragmentSpreadNode)  # noqa: S101  # there are no other selections
        return _with(self._fragment(node.name.value, depth), directives)

    def _fragment(self, name: str, depth: int) -> Extent:
        """What a fragment comes to; nothing for one that is missing or within itself, as validation will tell."""
        if name in self._known or name not in self.fragments:
            return self._known.get(name, NOTHING)
        self._known[name] = NOTHING
        fragment = self.fragments[name]
        on = self.schema.get_type(fragment.type_condition.name.value)
        found = self._known[name] = self._selection(fragment.selection_set, on, depth + 1)
        return found

    def _field(self, node: FieldNode, on: GraphQLNamedType | None, depth: int, directives: int) -> Extent:
        definition = _definition(node, on)
        target = get_named_type(definition.type) if definition else None
        below = self._selection(node.selection_set, target, depth + 1)
        price, each = self._prices(node, on, definition, below) if definition else (FREE, FREE)
        # An interface's own fields are read for each type that it may be.
        as_often = len(self.schema.get_possible_types(on)) if isinstance(on, GraphQLInterfaceType) else 1
        return Extent(
            fields=below.fields + as_often,
            levels=below.levels + _is_row(target),
            depth=below.depth,
            aliases=below.aliases + (node.alias is not None),
            directives=below.directives + directives,
            price=price,
            each=each,
        )

    def _prices(
        self, node: FieldNode, on: GraphQLNamedType | None, definition: GraphQLField, below: Extent
    ) -> tuple[Price, Price]:
        """What a field costs, and what it costs for each row of the page that it belongs to."""
        name = node.name.value
        if name in {"__schema", "__type"}:
            return Price(INTROSPECTION), FREE
        if _is_page(on) and _is_list(definition):
            return FREE, total([Price(ROW), below.price])
        fixed = Price(self._of_root(on) + OF_FIELDS.get(name, 0))
        return total([fixed, conditions(node, definition), _rows(node, on, definition, below)]), FREE

    def _of_root(self, on: GraphQLNamedType | None) -> int:
        if on is self.schema.mutation_type:
            return MUTATION
        return SUBSCRIPTION if on is self.schema.subscription_type else 0


def _rows(node: FieldNode, on: GraphQLNamedType | None, definition: GraphQLField, below: Extent) -> Price:
    """What the rows of a field cost with everything below them."""
    target = get_named_type(definition.type)
    if "first" in definition.args and _is_list(definition):
        return times(page_size(node), total([Price(ROW), below.price]))
    if "first" in definition.args:
        return total([Price(ROW), below.price, times(page_size(node), below.each)])
    if "keys" in definition.args or "groupBy" in definition.args:
        return times(USUAL_LIST, total([Price(ROW), below.price]))
    ids = next((argument for argument in node.arguments or () if argument.name.value == "ids"), None)
    if ids is not None and (each := OF_EACH.get(node.name.value)):
        return total([times(list_size(ids), total([Price(each), below.price])), of_segments(ids.value)])
    if not _is_row(target) or (on is not None and on.name.endswith("Edge")):
        return below.price
    row = total([Price(ROW), below.price])
    if ids is not None:
        return times(list_size(ids), row)
    return times(USUAL_LIST, row) if _is_list(definition) else row


def _together(nodes: Sequence[Extent]) -> Extent:
    """A selection of these fields and fragments."""
    return Extent(
        fields=sum(node.fields for node in nodes),
        levels=max((node.levels for node in nodes), default=0),
        depth=1 + max((node.depth for node in nodes), default=0),
        aliases=sum(node.aliases for node in nodes),
        directives=sum(node.directives for node in nodes),
        price=total(node.price for node in nodes),
        each=total(node.each for node in nodes),
    )


def _definition(node: FieldNode, on: GraphQLNamedType | None) -> GraphQLField | None:
    name = node.name.value
    if name in _META:
        return _META[name]
    return on.fields.get(name) if isinstance(on, GraphQLObjectType | GraphQLInterfaceType) else None


def _is_row(of: GraphQLNamedType | None) -> bool:
    if isinstance(of, GraphQLObjectType):
        return any(interface.name == NODE for interface in of.interfaces)
    return isinstance(of, GraphQLInterfaceType) and of.name == NODE


def _is_page(of: GraphQLNamedType | None) -> bool:
    # The root has `nodes` too, by their ids.
    return isinstance(of, GraphQLObjectType) and "nodes" in of.fields and not of.fields["nodes"].args


def _is_list(definition: GraphQLField) -> bool:
    of = definition.type
    return is_list_type(of.of_type if is_non_null_type(of) else of)
