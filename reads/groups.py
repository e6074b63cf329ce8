"""The arguments of one compiled field, split into the shape that SQL is made from and the values."""

from dataclasses import dataclass
from typing import Any

from rows.conditions import Condition
from rows.declare import Column


@dataclass(frozen=True)
class Bound:
    """One end of a page: the slots of its value and id; `null` tells that the value there is null."""

    slot: int
    null: bool


@dataclass(frozen=True)
class SortKey:
    """What a list is sorted by: a column, and its name in cursors."""

    name: str
    column: Column


@dataclass(frozen=True)
class PageShape:
    """What the SQL of a page depends on. `limit` is a slot; `backward` pages are read from their end."""

    condition: Condition
    sort: SortKey
    descending: bool
    backward: bool
    after: Bound | None
    before: Bound | None
    limit: int


@dataclass(frozen=True)
class RowShape:
    """The entity that an id names, or None for an id that names none."""

    entity: str | None


@dataclass(frozen=True)
class RowsShape:
    """The entities that a list of ids names; slot i holds the ids of the i-th and their places."""

    entities: tuple[str, ...]


@dataclass(frozen=True)
class KeysShape:
    """The custom fields of a row: those whose keys are in slot 0, or all."""

    chosen: bool


@dataclass(frozen=True)
class SearchShape:
    """The entities in which a text is looked for, and what it is: slots of the whole, of `count` words, of digits.

    `phone` tells whether there are digits that a phone number may end with.
    """

    entities: tuple[str, ...]
    count: int
    phone: bool
    limit: int = 0
    whole: int = 1
    digits: int = 2
    words: int = 3


@dataclass(frozen=True)
class CountsShape:
    """By which `columns` rows are counted, and which of them."""

    columns: tuple[str, ...]
    condition: Condition


Shape = PageShape | RowShape | RowsShape | KeysShape | SearchShape | CountsShape


@dataclass(frozen=True)
class Group:
    """One field's arguments."""

    shape: Shape
    values: tuple[Any, ...]
