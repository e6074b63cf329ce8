"""Segments: filters of orders or customers that somebody keeps under a name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.errors import DomainError
from domain.paths import INPUT
from domain.text import CODE, one_line
from domain.unset import UNSET, Change, Unset

MOST_SEGMENTS = 200
"""How many segments a person may have."""
MOST_COUNTED = 50
"""How many segments are counted at once."""


class SegmentEntity(StrEnum):
    """What a segment is of."""

    ORDER = "ORDER"
    CUSTOMER = "CUSTOMER"


@dataclass(frozen=True, kw_only=True)
class NewSegment:
    """A segment of rows for which `filter`, as JSON has it, holds; `shared`: everybody sees it, and their own rows."""

    entity: SegmentEntity
    name: str
    filter: Mapping[str, Any]
    shared: bool = False


@dataclass(frozen=True, kw_only=True)
class SegmentChanges(Change):
    """What to change of a segment; what it is of stays."""

    name: str | Unset = UNSET
    filter: Mapping[str, Any] | Unset = UNSET
    shared: bool | Unset = UNSET


def segment_problems(segment: NewSegment | SegmentChanges) -> Iterator[DomainError]:
    """Everything that is wrong with a segment by itself but for its filter, each with its path."""
    yield from one_line((*INPUT, "name"), segment.name, limit=CODE)


def may_keep(*, user_id: int, is_admin: bool, owner_id: int) -> bool:
    """Whether a person may change and delete a segment of `owner_id`: shared ones, too, are their owner's."""
    return is_admin or user_id == owner_id
