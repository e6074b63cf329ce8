"""The contacts and addresses of a customer as a change names them: those that stay by their ids, and new ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, ClassVar, Generic, TypeVar

from domain.customer_parts import MOST_PARTS, NewAddress, NewContact
from domain.customers import AddressKind
from domain.errors import DomainError, InvalidInput
from domain.kept_rows import identity_problems
from domain.naming import camel
from domain.paths import Path
from domain.problems import Problem
from domain.text import too_many
from domain.unset import UNSET, Change, Unset

P = TypeVar("P", NewContact, NewAddress)


@dataclass(frozen=True, kw_only=True)
class EditedPart(Change, Generic[P]):
    """A part of a customer after a change. With `id` it is that one, and what is `UNSET` stays; None is emptied."""

    of: ClassVar[type[Any]]
    id: int | Unset | None = UNSET

    def typed(self, before: P | None) -> P:
        """The part as if it were typed anew, with what it keeps of what it was `before`, if it was there."""
        kept = asdict(before) if before else {}
        typed: P = self.of(**(kept | {name: getattr(self, name) for name in self.mentioned if name != "id"}))
        return typed

    def missing(self) -> Iterator[str]:
        """The fields that a new part needs and that this one does not mention."""
        needed = [field.name for field in fields(self.of) if field.default is MISSING]
        yield from (name for name in needed if name not in self.mentioned)


@dataclass(frozen=True, kw_only=True)
class EditedContact(EditedPart[NewContact]):
    """A person at a customer after a change."""

    of = NewContact
    name: str | Unset = UNSET
    title: str | Unset | None = UNSET
    email: str | Unset | None = UNSET
    phone: str | Unset | None = UNSET


@dataclass(frozen=True, kw_only=True)
class EditedAddress(EditedPart[NewAddress]):
    """A place of a customer after a change."""

    of = NewAddress
    kind: AddressKind | Unset = UNSET
    street: str | Unset = UNSET
    country: str | Unset = UNSET
    recipient: str | Unset | None = UNSET
    phone: str | Unset | None = UNSET
    city: str | Unset | None = UNSET
    province: str | Unset | None = UNSET
    postcode: str | Unset | None = UNSET


def edited_problems(path: Path, parts: Sequence[EditedPart[P]], before: Mapping[int, P]) -> Iterator[DomainError]:
    """What is wrong with which of those `before`, by their ids, stay among `parts` and what new ones lack."""
    if len(parts) > MOST_PARTS:
        yield too_many(path, MOST_PARTS)
        return
    yield from identity_problems(path, [part.id for part in parts], before)
    for i, part in enumerate(parts):
        if not isinstance(part.id, int):
            for name in part.missing():
                yield InvalidInput(path=(*path, str(i), camel(name)), problem=Problem.MISSING)
