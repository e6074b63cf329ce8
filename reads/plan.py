"""What a document selects, as data: the form between the document and the statement.

Every node knows its response key; order is that of first occurrence in the document. Arguments are not in a plan: a
page or a root only knows its `group`, the number of its set of arguments.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField

from reads.groups import Group
from rows.custom_fields import CustomFields
from rows.declare import Column, Composite, Computed, Entity, Paged, Shape, ToAny, ToMany
from rows.viewer import Reader


@dataclass(frozen=True)
class Typename:
    """`__typename`."""

    key: str
    name: str


@dataclass(frozen=True)
class Value:
    """A column."""

    key: str
    column: Column


@dataclass(frozen=True)
class Parts:
    """A composite with the parts that were selected."""

    key: str
    composite: Composite
    parts: "tuple[Value | Typename, ...]"


@dataclass(frozen=True)
class One:
    """A to-one relation."""

    key: str
    relation: str
    object: "ObjectPlan"


@dataclass(frozen=True)
class AnyOne:
    """A relation to a row of one of several entities, by whose names `objects` are."""

    key: str
    relation: ToAny
    objects: "Mapping[str, ObjectPlan]"


@dataclass(frozen=True)
class Many:
    """A to-many relation as a plain list."""

    key: str
    relation: ToMany
    object: "ObjectPlan"


@dataclass(frozen=True)
class Nested:
    """A connection below a row."""

    key: str
    relation: Paged
    page: "PagePlan"


@dataclass(frozen=True)
class CustomValues:
    """The values of a row's custom fields."""

    key: str
    group: int
    object: "ObjectPlan"


@dataclass(frozen=True)
class Picked:
    """A field of an object that a rule answers with: a leaf, the name of its type (`name` is "" then), or, with a
    `shape`, a list of objects with what is picked `of` each."""

    key: str
    name: str
    shape: Shape | None = None
    of: "tuple[Picked, ...]" = ()


@dataclass(frozen=True)
class Calculation:
    """What is asked of a computed field, and what is picked of its objects, if it is of object type."""

    computed: Computed
    picked: tuple[Picked, ...] = ()

    def answers(self, rows: Sequence[tuple[Any, ...]], reader: Reader) -> Sequence[Any]:
        """A JSON value for each of `rows`, which hold the columns that the field requires."""
        answers = self.computed.batch(rows, reader)
        shape = self.computed.shape
        return [_objects(shape, answer, self.picked) for answer in answers] if shape else answers


def _objects(shape: Shape, answer: Any, picked: Sequence[Picked]) -> Any:
    """What was picked of an object of `shape`, or of each of a list of them."""
    if isinstance(answer, Mapping):
        return {each.key: _value(shape, answer, each) for each in picked}
    return [_objects(shape, item, picked) for item in answer]


def _value(shape: Shape, item: Mapping[str, Any], picked: Picked) -> Any:
    if not picked.name:
        return shape.type
    value = item[picked.name]
    return _objects(picked.shape, value, picked.of) if picked.shape else value


@dataclass(frozen=True)
class Calculated:
    """A computed field; `index` is its place in the plan's list of them."""

    key: str
    index: int
    computed: Computed


Field = Typename | Value | Parts | One | AnyOne | Many | Nested | CustomValues | Calculated


@dataclass(frozen=True)
class ObjectPlan:
    """The fields of one row."""

    entity: Entity
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Cursor:
    """An edge's cursor."""

    key: str


@dataclass(frozen=True)
class Node:
    """An edge's node."""

    key: str
    object: ObjectPlan


@dataclass(frozen=True)
class Edges:
    """A connection's `edges`."""

    key: str
    fields: tuple[Cursor | Node | Typename, ...]


@dataclass(frozen=True)
class Nodes:
    """A connection's `nodes`."""

    key: str
    object: ObjectPlan


@dataclass(frozen=True)
class PageInfo:
    """A connection's `pageInfo`: (key, name) of each field."""

    key: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TotalCount:
    """How many rows the filter selects."""

    key: str


@dataclass(frozen=True)
class TotalAmount:
    """What the rows that the filter selects add up to: (key, name) of each part."""

    key: str
    parts: tuple[tuple[str, str], ...]


Section = Edges | Nodes | PageInfo | TotalCount | TotalAmount | Typename


@dataclass(frozen=True)
class PagePlan:
    """The sections of one connection."""

    entity: Entity
    group: int
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class PageRoot:
    """A root field that is a connection."""

    key: str
    page: PagePlan


@dataclass(frozen=True)
class RowRoot:
    """A root field that is one row: by the id in its arguments, or the viewer's own."""

    key: str
    group: int
    of_viewer: bool
    objects: Mapping[str, ObjectPlan]


@dataclass(frozen=True)
class RowsRoot:
    """A list of rows by their ids, null where there is none: one text, or where it is `apart` one for each row."""

    key: str
    group: int
    objects: Mapping[str, ObjectPlan]
    apart: bool = False


@dataclass(frozen=True)
class FoundField:
    """A field of what a search found; `objects` is what `node` selects of each entity."""

    key: str
    name: str
    objects: Mapping[str, ObjectPlan]


@dataclass(frozen=True)
class FoundRoot:
    """A root field that is a search."""

    key: str
    group: int
    fields: tuple[FoundField, ...]


@dataclass(frozen=True)
class CountsRoot:
    """A root field that counts rows: a list of counts, each a row of its own."""

    key: str
    group: int
    object: ObjectPlan


Root = PageRoot | RowRoot | RowsRoot | FoundRoot | CountsRoot


@dataclass(frozen=True)
class Arguments:
    """Where a group's arguments come from, and what makes a group of them.

    `root` is the key of the root field that they belong to, `path` the keys below it that lead to their field.
    """

    root: str
    path: tuple[str, ...]
    definition: GraphQLField
    node: FieldNode
    bind: Callable[[Mapping[str, Any], CustomFields], Group]


@dataclass(frozen=True, eq=False)
class Plan:
    """All compiled root fields of an operation.

    `groups` and `computed` are what the numbers in the plan refer to; `order` is the keys of all root fields,
    `typenames` those that ask for the root's own type, `others` (key: name) those that are executed field by field.
    """

    roots: tuple[Root, ...]
    groups: tuple[Arguments, ...]
    computed: tuple[Calculation, ...]
    order: tuple[str, ...]
    typenames: Mapping[str, str]
    others: Mapping[str, str]
