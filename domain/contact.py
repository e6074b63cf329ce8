"""Where and through whom somebody is reached: the snapshots that orders carry, and the parts of a customer's record."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import InvalidInput
from domain.paths import Path
from domain.text import CODE, code, country, email, many_lines, one_line

STREET = 500
POSTCODE = 20


@dataclass(frozen=True, kw_only=True)
class ContactDetails:
    """Whom to call about an order."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class PostalAddress:
    """Where goods or bills go; `street` may have several lines, `country` is an ISO 3166 code of two letters."""

    street: str
    country: str
    recipient: str | None = None
    phone: str | None = None
    city: str | None = None
    province: str | None = None
    postcode: str | None = None


def contact_problems(path: Path, contact: ContactDetails) -> Iterator[InvalidInput]:
    """What is wrong with a contact."""
    yield from one_line((*path, "name"), contact.name)
    yield from email((*path, "email"), contact.email)
    yield from one_line((*path, "phone"), contact.phone, limit=CODE)


def address_problems(path: Path, address: PostalAddress) -> Iterator[InvalidInput]:
    """What is wrong with an address."""
    yield from one_line((*path, "recipient"), address.recipient)
    yield from one_line((*path, "phone"), address.phone, limit=CODE)
    yield from many_lines((*path, "street"), address.street, limit=STREET)
    yield from one_line((*path, "city"), address.city)
    yield from one_line((*path, "province"), address.province)
    yield from code((*path, "postcode"), address.postcode, limit=POSTCODE)
    yield from country((*path, "country"), address.country)
