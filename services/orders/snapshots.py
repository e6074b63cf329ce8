"""The copies of a customer's data that an order carries, as they are stored."""

from dataclasses import asdict
from typing import Any

from domain.contact import ContactDetails, PostalAddress


def contact_columns(contact: ContactDetails | None) -> dict[str, str | None]:
    """The columns of an order's contact."""
    contact = contact or ContactDetails()
    return {"contact_name": contact.name, "contact_email": contact.email, "contact_phone": contact.phone}


def address_facts(address: PostalAddress | None) -> dict[str, Any] | None:
    """An order's address."""
    return asdict(address) if address else None
