"""The filter language: a typed condition tree over an entity's own and related fields.

A filter is its shape (a hashable `Condition` whose leaves name slots) and the values in those slots. SQL is made from
shapes alone, so that no value ever becomes SQL text and statements can be kept by shape.
"""

from dataclasses import dataclass, replace
from typing import Any

from rows.custom_fields import CustomField
from rows.declare import Column, Entity, Kind

OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.ID: ("eq", "in"),
    Kind.TEXT: ("eq", "in", "startsWith", "contains"),
    Kind.TEXTS: ("has", "hasAny", "hasAll"),
    Kind.ENUM: ("eq", "in"),
    Kind.INTEGER: ("eq", "in", "gt", "gte", "lt", "lte"),
    Kind.DECIMAL: ("eq", "in", "gt", "gte", "lt", "lte"),
    Kind.DATETIME: ("eq", "in", "gt", "gte", "lt", "lte"),
    Kind.DATE: ("eq", "in", "gt", "gte", "lt", "lte"),
    Kind.BOOLEAN: ("eq",),
}
FREQUENCY = "frequency"
"""The member of a filter that compares how often a customer orders."""
CUSTOM = "customField"
"""The member of a filter that compares a custom field."""
SIZES = ("eq", "gt", "gte", "lt", "lte")
LISTS = frozenset({"in", "hasAny", "hasAll"})


@dataclass(frozen=True)
class Every:
    """All of `items` hold; true of none."""

    items: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Some:
    """One of `items` holds; false of none."""

    items: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    """`item` does not hold; a comparison with null does not."""

    item: "Condition"


@dataclass(frozen=True)
class Compare:
    """Column `column` stands in relation `operator` to the value in `slot`. `uneven`: see `Column`."""

    column: str
    operator: str
    slot: int
    uneven: bool = False


@dataclass(frozen=True)
class CompareCustom:
    """The row's value of custom field `field` stands in relation `operator` to the value in `slot`."""

    field: CustomField
    operator: str
    slot: int


@dataclass(frozen=True)
class Frequency:
    """How many sales the order's customer had, in the days in `days` up to its placement, compares with `slot`."""

    operator: str
    days: int
    slot: int


@dataclass(frozen=True)
class Within:
    """The row is, or stands below, the node of its tree in `slot`."""

    slot: int


@dataclass(frozen=True)
class Related:
    """The row in to-one `relation`, or one row in to-many `relation`, is seen by the viewer and meets `item`."""

    relation: str
    item: "Condition"


Condition = Every | Some | Not | Compare | CompareCustom | Frequency | Within | Related


@dataclass(frozen=True)
class Filter:
    """A parsed filter: its shape and the values of its slots."""

    condition: Condition
    values: tuple[Any, ...]

    def together(self, other: "Filter") -> "Filter":
        """Both hold."""
        if self == NO_FILTER:
            return other
        shifted = moved(other.condition, len(self.values))
        return Filter(Every((self.condition, shifted)), (*self.values, *other.values))


NO_FILTER = Filter(Every(()), ())


def moved(condition: Condition, by: int) -> Condition:
    """`condition` with its values in slots `by` further on."""
    match condition:
        case Every(items):
            return Every(tuple(moved(item, by) for item in items))
        case Some(items):
            return Some(tuple(moved(item, by) for item in items))
        case Not(item):
            return Not(moved(item, by))
        case Related(relation, item):
            return Related(relation, moved(item, by))
        case Frequency(operator, days, slot):
            return Frequency(operator, days + by, slot + by)
        case _:
            return replace(condition, slot=condition.slot + by)


def is_selective(condition: Condition) -> bool:
    """Whether how many rows match depends on the values so much that each execution deserves its own plan."""
    match condition:
        case Every(items) | Some(items):
            return any(is_selective(item) for item in items)
        case Not(item):
            return is_selective(item)
        case Compare(uneven=True):
            return True
        case Compare(_, operator, _) | CompareCustom(_, operator, _):
            return operator not in {"eq", "isNull"}
        case _:
            return True


def filterable(entity: Entity) -> dict[str, Column]:
    """The columns of `entity` that a filter can name."""
    return {name: column for name, column in entity.columns.items() if column.filtered}


def relations(entity: Entity) -> dict[str, str]:
    """The relations of `entity` that a filter can follow, each with the name of its target."""
    one = {name: relation.target for name, relation in entity.to_one.items()}
    many = {name: relation.target for name, relation in entity.to_many.items()}
    paged = {name: relation.target for name, relation in entity.paged.items()}
    return one | many | paged
