"""How many values the conditions of a statement compare with."""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.words import Words
from reads.errors import Limit, beyond

MOST_VALUES = 1_000
_TOO_MANY = Words(
    f"The operation's arguments hold more than {MOST_VALUES} values.", f"操作的参数超过 {MOST_VALUES} 个值。"
)


def check_values(groups: Iterable[Sequence[Any]]) -> None:
    """Raises GraphQLError for too many: conditions of aliases add up, and each of their values is a parameter."""
    found = sum(map(len, groups))
    if found > MOST_VALUES:
        raise beyond(_TOO_MANY, Limit.ARGUMENT_VALUES, most=MOST_VALUES, got=found)
