"""What is typed to make or change a team or a region, and what can be wrong with it by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import InvalidInput
from domain.paths import INPUT
from domain.text import TAG, code, one_line
from domain.unset import UNSET, Change, Unset


@dataclass(frozen=True, kw_only=True)
class NewTeam:
    """A team below `parent_id`, or at the top."""

    name: str
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TeamChanges(Change):
    """What to change of a team; under another parent it takes along all teams below it."""

    name: str | Unset = UNSET
    parent_id: int | Unset | None = UNSET


@dataclass(frozen=True, kw_only=True)
class NewRegion(NewTeam):
    """A region below `parent_id`, or at the top."""

    code: str


@dataclass(frozen=True, kw_only=True)
class RegionChanges(TeamChanges):
    """What to change of a region; under another parent it takes along all regions below it."""

    code: str | Unset = UNSET


def node_problems(node: NewTeam | TeamChanges) -> Iterator[InvalidInput]:
    """Everything that is wrong with a team or region by itself, each with its path."""
    if isinstance(node, NewRegion | RegionChanges):
        yield from code((*INPUT, "code"), node.code, limit=TAG)
    yield from one_line((*INPUT, "name"), node.name)
