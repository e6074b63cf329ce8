"""The contacts and addresses of a customer, and what can be wrong with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.contact import ContactDetails, PostalAddress, address_problems, contact_problems
from domain.customers import AddressKind
from domain.errors import InvalidInput
from domain.paths import INPUT
from domain.text import one_line, too_many

MOST_PARTS = 100


@dataclass(frozen=True, kw_only=True)
class NewContact:
    """A person at a customer."""

    name: str
    title: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewAddress(PostalAddress):
    """A place of a customer, and what it is for."""

    kind: AddressKind


def contacts_problems(contacts: Sequence[NewContact]) -> Iterator[InvalidInput]:
    """What is wrong with the contacts of a customer."""
    path = (*INPUT, "contacts")
    if len(contacts) > MOST_PARTS:
        yield too_many(path, MOST_PARTS)
        return
    for i, contact in enumerate(contacts):
        details = ContactDetails(name=contact.name, email=contact.email, phone=contact.phone)
        yield from contact_problems((*path, str(i)), details)
        yield from one_line((*path, str(i), "title"), contact.title)


def addresses_problems(addresses: Sequence[NewAddress]) -> Iterator[InvalidInput]:
    """What is wrong with the addresses of a customer."""
    path = (*INPUT, "addresses")
    if len(addresses) > MOST_PARTS:
        yield too_many(path, MOST_PARTS)
        return
    for i, address in enumerate(addresses):
        yield from address_problems((*path, str(i)), address)
