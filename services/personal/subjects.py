"""What the audit calls a person: a row, where there is one for the whole of them."""

from collections.abc import Mapping

from domain.personal_data import Person
from rows.declare import Entity
from rows.entities import CUSTOMER, USER
from services.audit import Subject

SUBJECTS: Mapping[str, Entity] = {"customerId": CUSTOMER, "userId": USER}


def subject_of(person: Person) -> Subject | None:
    """The customer or the user; None for whoever is known by an address alone."""
    named_by, value = person.named_by
    entity = SUBJECTS.get(named_by)
    return (entity, value) if entity else None
