"""Telling what was left out of a change from what was set to nothing."""

from dataclasses import fields
from enum import Enum
from typing import Final, TypeVar

T = TypeVar("T")


class Unset(Enum):
    """The type of `UNSET`, the value of a field that a change does not mention."""

    UNSET = "UNSET"


UNSET: Final = Unset.UNSET


def given(value: T | Unset, otherwise: T) -> T:
    """`value`, or what it was where a change does not mention it."""
    return otherwise if isinstance(value, Unset) else value


class Change:
    """A dataclass of changes: its fields are `UNSET` where they are not mentioned."""

    @property
    def mentioned(self) -> tuple[str, ...]:
        """The names of the fields that are not `UNSET`."""
        return tuple(field.name for field in fields(self) if not isinstance(getattr(self, field.name), Unset))  # type: ignore[arg-type]  # subclasses are dataclasses
