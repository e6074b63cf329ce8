"""Other rows that an input names: what the viewer does not see is not there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from tortoise.exceptions import IntegrityError

from domain.errors import DomainError, NotFound, Refused
from domain.paths import INPUT
from domain.unset import Unset
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.declare import Entity
from rows.viewer import Viewer

T = TypeVar("T")
Reference = tuple[Entity, int | Unset | None]


async def sees(client: TransactionClient, viewer: Viewer, entity: Entity, row_id: int) -> bool:
    """Whether there is such a row for `viewer`."""
    return bool(await visible_ids(client, entity, viewer, [row_id]))


async def unseen(client: TransactionClient, viewer: Viewer, references: Mapping[str, Reference]) -> list[DomainError]:
    """A NotFound for each of `references`, by the name of its input field, that names a row which is not there."""
    return [
        NotFound(path=(*INPUT, name))
        for name, (entity, row_id) in references.items()
        if isinstance(row_id, int) and not await sees(client, viewer, entity, row_id)
    ]


def refused(*values: object) -> list[DomainError]:
    """Those of `values` that are refusals."""
    return [value for value in values if isinstance(value, DomainError)]


def sound(value: T | DomainError) -> T:
    """`value`, which is no refusal. Raises Refused if it is."""
    if isinstance(value, DomainError):
        raise Refused(value)
    return value


@contextmanager
def answering(constraint: str, error: DomainError) -> Iterator[None]:
    """Raise Refused with `error` where the block runs into the unique `constraint`: somebody else was first.

    The transaction, or the savepoint around this, cannot go on then.
    """
    try:
        yield
    except IntegrityError as violation:
        if not violates(violation, constraint):
            raise
        raise Refused(error) from violation


def violates(error: IntegrityError, constraint: str) -> bool:
    """Whether `error` is about the constraint of this name."""
    return getattr(error.args[0], "constraint_name", None) == constraint
