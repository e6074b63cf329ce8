"""Whose personal data is meant, and what has to be said before it is erased."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from domain.errors import InvalidInput
from domain.naming import camel
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import CODE, NOTES, email, many_lines, one_line

ERASED = "(erased)"
"""What stands where there has to be a name."""
MOST_ERASED = 10_000
"""From how many orders a person is taken at a time."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in our data: a customer, a user, or whoever is reached by an email address or a phone number."""

    customer_id: int | None = None
    user_id: int | None = None
    email: str | None = None
    phone: str | None = None

    @property
    def named_by(self) -> tuple[str, Any]:
        """The one field that says who it is, as clients write it, and its value."""
        [found] = [
            (camel(field.name), value) for field in fields(self) if (value := getattr(self, field.name)) is not None
        ]
        return found


def person_problems(person: Person) -> Iterator[InvalidInput]:
    """What is wrong with how the person is named."""
    given = [camel(field.name) for field in fields(person) if getattr(person, field.name) is not None]
    if not given:
        yield InvalidInput(path=(*INPUT, "customerId"), problem=Problem.MISSING)
    for name in given[1:]:
        yield InvalidInput(path=(*INPUT, name), problem=Problem.NOT_TOGETHER, limit=given[0])
    yield from email((*INPUT, "email"), person.email)
    yield from one_line((*INPUT, "phone"), person.phone, limit=CODE)
    if person.phone and not any(character.isdigit() for character in person.phone):
        yield InvalidInput(path=(*INPUT, "phone"), problem=Problem.NOT_A_NUMBER)


def erasure_problems(person: Person, *, reason: str, confirm: bool) -> Iterator[InvalidInput]:
    """What is wrong with asking for erasure."""
    yield from person_problems(person)
    yield from many_lines((*INPUT, "reason"), reason, limit=NOTES)
    if not confirm:
        yield InvalidInput(path=(*INPUT, "confirm"), problem=Problem.CONFIRMATION_NEEDED)
