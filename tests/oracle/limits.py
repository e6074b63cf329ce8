"""What a filter may not be: null anywhere, a comparison without an operator, a wrong id, too deep, too much."""

import re
from typing import Any

from graphql import GraphQLInputObjectType

from tests.oracle.values import named
from tests.oracle.world import PREFIXES

MOST_CONDITIONS = 50
DEEPEST = 5
MOST_DAYS = 3660
_NUMBER = re.compile("[1-9][0-9]{0,18}")


class NoFilter(ValueError):
    """Something that a filter may not be."""


def is_filter(of: Any, given: dict[str, Any]) -> bool:
    """Whether `given` is a filter of the input type `of` that may be asked for."""
    try:
        return _conditions(of, given, 1) <= MOST_CONDITIONS
    except NoFilter:
        return False


def _conditions(of: GraphQLInputObjectType, given: dict[str, Any], depth: int) -> int:
    """How many leaves the tree has: comparisons, and objects and lists with nothing in them."""
    if depth > DEEPEST:
        raise NoFilter
    return sum(_field(of, name, asked, depth) for name, asked in given.items()) or 1


def _field(of: GraphQLInputObjectType, name: str, asked: Any, depth: int) -> int:
    if asked is None:
        raise NoFilter
    field = named(of.fields[name].type)
    if name == "frequency" and of.name == "OrderFilter":
        if len(asked) < 2 or None in asked.values() or not 1 <= asked["days"] <= MOST_DAYS:
            raise NoFilter
        return len(asked) - 1
    if name == "customField":
        [(member, comparison)] = [(member, below) for member, below in asked.items() if member != "key"]
        return _comparison("UserFilter", named(field.fields[member].type).name, comparison)
    if name == "within":
        _check_ids(of.name, asked)
        return 1
    if not isinstance(field, GraphQLInputObjectType):
        raise TypeError(field)
    if field.name.endswith("Comparison"):
        return _comparison(of.name, field.name, asked)
    if isinstance(asked, list):
        return sum(_conditions(field, each, depth + 1) for each in asked) or 1
    return _conditions(field, asked, depth + 1)


def _comparison(filter_name: str, name: str, asked: dict[str, Any]) -> int:
    if not asked or None in asked.values():
        raise NoFilter
    if name == "IDComparison":
        _check_ids(filter_name, *(each for operator, each in asked.items() if operator != "isNull"))
    return len(asked)


def _check_ids(filter_name: str, *asked: str | list[str]) -> None:
    prefix = PREFIXES[filter_name.removesuffix("Filter")]
    for each in asked:
        for text in each if isinstance(each, list) else [each]:
            found, _, number = text.partition("_")
            if found != prefix or not _NUMBER.fullmatch(number) or int(number) >= 2**63:
                raise NoFilter
