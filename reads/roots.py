"""Which rows a root field means. A resolver that reads is one of these and nothing else."""

from dataclasses import dataclass
from typing import Any

from strawberry.types.field import StrawberryField

from rows.declare import Entity

METADATA_KEY = "sluice.reads.rows"


@dataclass(frozen=True)
class Listed:
    """All rows of `entity` that the viewer sees, filtered and paged by the field's arguments."""

    entity: Entity


@dataclass(frozen=True)
class ById:
    """The row of `entity` that the argument `id` names; of any entity where there is none."""

    entity: Entity | None = None


@dataclass(frozen=True)
class ByIds:
    """The rows, of any entity, that the argument `ids` names."""


@dataclass(frozen=True)
class Self:
    """The viewer's own row of `entity`."""

    entity: Entity


@dataclass(frozen=True)
class Found:
    """The rows in which the text of the argument `text` is found."""


@dataclass(frozen=True)
class Counted:
    """How many orders the viewer sees of each kind, as rows of the entity `counts`."""

    entity: Entity
    counts: Entity


Rows = Listed | ById | ByIds | Self | Found | Counted


def rows_of(field: Any) -> Rows | None:
    """Which rows a Strawberry field means, or None for a field that is not compiled."""
    metadata = field.metadata if isinstance(field, StrawberryField) else None
    return metadata.get(METADATA_KEY) if metadata else None
