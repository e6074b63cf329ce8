"""The parameters of a statement: numbered as they are used, filled in when the statement is run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rows.viewer import Viewer

LARGEST_SPREAD = 64
"""How many branches a list merges at most; a viewer of more teams walks the sort's index instead."""


@dataclass(frozen=True)
class Context:
    """What a statement may know beside its values: who asks, the company's currency with its digits, its time zone by
    its name, and which day it is there."""

    viewer: Viewer
    currency: str
    currency_digits: int
    zone: str
    today: date


@dataclass
class Parameters:
    """Hands out placeholders ($1, $2, ...) and remembers what belongs into each.

    A source is ("value", set, slot) or the name of a fact of the Context, for a team with its place in the tree.
    """

    numbers: dict[tuple[Any, ...], int] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[tuple[Any, ...], ...]:
        """Where each parameter comes from, in their order."""
        return tuple(self.numbers)

    def value(self, group: int, slot: int, sql_type: str) -> str:
        """The placeholder of value `slot` in group `group` (one group per filter and page of the statement)."""
        return self._placeholder(("value", group, slot), sql_type)

    def me(self) -> str:
        """The placeholder of the viewer's user id."""
        return self._placeholder(("me",), "bigint")

    def teams(self) -> str:
        """The placeholder of the ids of the viewer's team and those below it."""
        return self._placeholder(("teams",), "bigint[]")

    def own_team(self) -> str:
        """The placeholder of the id of the viewer's team; null for none."""
        return self._placeholder(("own_team",), "bigint")

    def team(self, place: int) -> str:
        """The placeholder of one team of the viewer's tree; null, which equals nothing, past its end."""
        return self._placeholder(("team", place), "bigint")

    def currency(self) -> str:
        """The placeholder of the company's currency."""
        return self._placeholder(("currency",), "varchar")

    def currency_digits(self) -> str:
        """The placeholder of how many digits the company's currency has."""
        return self._placeholder(("currency_digits",), "int")

    def zone(self) -> str:
        """The placeholder of the name of the company's time zone."""
        return self._placeholder(("zone",), "text")

    def today(self) -> str:
        """The placeholder of the day that it is in the company's time zone."""
        return self._placeholder(("today",), "date")

    def _placeholder(self, source: tuple[Any, ...], sql_type: str) -> str:
        number = self.numbers.setdefault(source, len(self.numbers) + 1)
        return f"${number}::{sql_type}"


def fill(sources: Sequence[tuple[Any, ...]], context: Context, groups: Sequence[Sequence[Any]]) -> list[Any]:
    """The arguments for a statement whose parameters come from `sources`."""
    return [_fill(source, context, groups) for source in sources]


def _fill(source: tuple[Any, ...], context: Context, groups: Sequence[Sequence[Any]]) -> Any:
    match source:
        case ("value", group, slot):
            return groups[group][slot]
        case ("me",):
            return context.viewer.user_id
        case ("teams",):
            return list(context.viewer.team_ids)
        case ("own_team",):
            return context.viewer.team_id
        case ("team", place):
            teams = context.viewer.team_ids
            return teams[place] if place < len(teams) else None
        case ("currency",):
            return context.currency
        case ("zone",):
            return context.zone
        case ("today",):
            return context.today
        case _:
            return context.currency_digits
