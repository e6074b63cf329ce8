"""The arguments of one compiled field, split into the shape that SQL is made from and the values."""

from dataclasses import dataclass
from typing import Any

from rows.conditions import Condition


@dataclass(frozen=True)
class Bound:
    """One end of a page: the slots of its value and id; `null` tells that the value there is null."""

    slot: int
    null: bool


@dataclass(frozen=True)
class PageShape:
    """What the SQL of a page depends on. `limit` is a slot; `backward` pages are read from their end."""

    condition: Condition
    sort: str
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


Shape = PageShape | RowShape | RowsShape


@dataclass(frozen=True)
class Group:
    """One field's arguments."""

    shape: Shape
    values: tuple[Any, ...]
