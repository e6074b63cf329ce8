"""A filter as clients write it, parsed into its shape and the values of its slots."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any

from domain.custom_fields.values import MEMBERS
from domain.errors import InvalidInput, Refused
from domain.naming import camel
from domain.problems import Problem
from domain.tiers import MOST_DAYS
from rows.conditions import (
    CUSTOM,
    FREQUENCY,
    LISTS,
    OPERATORS,
    SIZES,
    Compare,
    CompareCustom,
    Condition,
    Every,
    Filter,
    Frequency,
    Not,
    Related,
    Some,
    Within,
    filterable,
    relations,
)
from rows.custom_fields import NO_CUSTOM_FIELDS, CustomFields
from rows.declare import Column, Entity, Kind
from rows.entities import ENTITIES
from rows.ids import number_of

MOST_CONDITIONS = 50
DEEPEST = 5
MOST_MEMBERS = 1_000
"""How many values a comparison with a list may name."""
LONGEST_PART = 200
"""Characters in a text that others are to contain: taking it apart takes time in proportion to its square."""

_READERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.DECIMAL: Decimal,
    Kind.DATETIME: datetime.fromisoformat,
    Kind.DATE: date.fromisoformat,
}
_Compare = Callable[[str, int], Condition]
"""Makes the comparison of some column out of an operator and the slot of its value."""


def parse_filter(entity: Entity, raw: Mapping[str, Any], custom_fields: CustomFields = NO_CUSTOM_FIELDS) -> Filter:
    """The filter over `entity` that `raw` (names in camel case, values already of their types) says.

    `custom_fields` are those that it can name. Raises Refused with one InvalidInput, whose path leads into `raw`.
    """
    parser = _Parser(custom_fields)
    condition = parser.object(entity, raw, (), 1)
    return Filter(condition, tuple(parser.values))


class _Parser:
    def __init__(self, custom_fields: CustomFields) -> None:
        self.custom_fields = custom_fields
        self.values: list[Any] = []
        self.conditions = 0

    def object(self, entity: Entity, raw: Mapping[str, Any], path: tuple[str, ...], depth: int) -> Condition:
        if depth > DEEPEST:
            raise _refused(path, Problem.TOO_DEEP, str(DEEPEST))
        if not raw:
            self._count(path)
        items = [self._member(entity, name, value, (*path, name), depth) for name, value in raw.items()]
        return items[0] if len(items) == 1 else Every(tuple(items))

    def _member(self, entity: Entity, name: str, value: Any, path: tuple[str, ...], depth: int) -> Condition:
        if value is None:
            raise _refused(path, Problem.NULL)
        if name in {"and", "or"}:
            if not value:
                self._count(path)
            items = tuple(
                self.object(entity, _present(item, (*path, str(i))), (*path, str(i)), depth + 1)
                for i, item in enumerate(value)
            )
            return Every(items) if name == "and" else Some(items)
        if name == "not":
            return Not(self.object(entity, value, path, depth + 1))
        if name == "within" and entity.tree:
            return Within(self._slot(_number(value, entity, path), path))
        if name == FREQUENCY and entity.frequency:
            return self._frequency(value, path)
        if name == CUSTOM and entity.custom:
            return self._custom(entity, value, path)
        for column, declared in filterable(entity).items():
            if camel(column) == name:
                return self._comparison(partial(Compare, column, uneven=declared.uneven), declared, value, path)
        for relation, target in relations(entity).items():
            if camel(relation) == name:
                return Related(relation, self.object(ENTITIES[target], value, path, depth + 1))
        raise _refused(path, Problem.UNKNOWN)

    def _custom(self, entity: Entity, raw: Mapping[str, Any], path: tuple[str, ...]) -> Condition:
        """A condition on the custom field that `raw` names: the one comparison that goes with its type."""
        assert entity.custom is not None  # noqa: S101  # asked before
        of = self.custom_fields.get(entity.custom, raw["key"])
        if of is None:
            raise _refused((*path, "key"), Problem.UNKNOWN)
        own = camel(MEMBERS[of.type])
        for name in raw:
            if name not in {"key", own}:
                raise _refused((*path, name), Problem.WRONG_TYPE, own)
        if own not in raw:
            raise _refused(path, Problem.EMPTY_COMPARISON)
        compared = _present(raw[own], (*path, own))
        return self._comparison(partial(CompareCustom, of), of.column, compared, (*path, own))

    def _frequency(self, raw: Mapping[str, Any], path: tuple[str, ...]) -> Condition:
        """Each comparison with a number of orders, over the same days."""
        days = _present(raw["days"], (*path, "days"))
        if not 1 <= days <= MOST_DAYS:
            raise _refused((*path, "days"), Problem.OUT_OF_RANGE, f"1..{MOST_DAYS}")
        items: list[Condition] = []
        for operator in (name for name in raw if name != "days"):
            here = (*path, operator)
            if operator not in SIZES:
                raise _refused(here, Problem.UNKNOWN)
            slot = self._slot(_present(raw[operator], here), here)
            self.values.append(days)
            items.append(Frequency(operator, slot + 1, slot))
        if not items:
            raise _refused(path, Problem.EMPTY_COMPARISON)
        return items[0] if len(items) == 1 else Every(tuple(items))

    def _comparison(
        self, compare: _Compare, column: Column, raw: Mapping[str, Any], path: tuple[str, ...]
    ) -> Condition:
        if not raw:
            raise _refused(path, Problem.EMPTY_COMPARISON)
        items = tuple(
            self._operator(compare, column, operator, value, (*path, operator)) for operator, value in raw.items()
        )
        return items[0] if len(items) == 1 else Every(items)

    def _operator(
        self, compare: _Compare, column: Column, operator: str, value: Any, path: tuple[str, ...]
    ) -> Condition:
        if operator not in (*OPERATORS[column.kind], "isNull"):
            raise _refused(path, Problem.UNKNOWN)
        _present(value, path)
        if operator == "isNull":
            return compare(operator, self._slot(value, path))
        if operator in LISTS and len(value) > MOST_MEMBERS:
            raise _refused(path, Problem.TOO_MANY, str(MOST_MEMBERS))
        if operator == "contains" and len(value) > LONGEST_PART:
            raise _refused(path, Problem.TOO_LONG, str(LONGEST_PART))
        if operator in LISTS:
            members = [_value(column, _present(item, (*path, str(i))), path) for i, item in enumerate(value)]
            return compare(operator, self._slot(members, path))
        return compare(operator, self._slot(_value(column, value, path), path))

    def _count(self, path: tuple[str, ...]) -> None:
        """Every leaf of the tree is a condition, an empty one too: it may ask for the existence of a related row."""
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise _refused(path, Problem.TOO_MANY, str(MOST_CONDITIONS))

    def _slot(self, value: Any, path: tuple[str, ...]) -> int:
        self._count(path)
        self.values.append(value)
        return len(self.values) - 1


def _present(value: Any, path: tuple[str, ...]) -> Any:
    if value is None:
        raise _refused(path, Problem.NULL)
    return value


def _value(column: Column, value: Any, path: tuple[str, ...]) -> Any:
    if column.kind is Kind.ID:
        return _number(value, ENTITIES[column.entity], path)
    if isinstance(value, str) and column.kind in _READERS:
        return _READERS[column.kind](value)  # a filter that was stored, as JSON has it
    return value.value if isinstance(value, StrEnum) else value


def _number(value: str, entity: Entity, path: Sequence[str]) -> int:
    number = number_of(value, entity)
    if number is None:
        raise _refused(tuple(path), Problem.NOT_AN_ID, entity.name)
    return number


def _refused(path: tuple[str, ...], problem: Problem, limit: str = "") -> Refused:
    return Refused(InvalidInput(path=path, problem=problem, limit=limit))
