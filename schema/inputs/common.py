"""Inputs that several mutations share, and the two fields that almost all of them have."""

from typing import Any

import strawberry

from schema.describe import input_type, text


def optional(description: str) -> Any:
    """A field of a creating input that may be left out; null is the same."""
    return strawberry.field(description=description, default=None)


def change(description: str) -> Any:
    """A field of a changing input: what is left out stays, null empties."""
    return strawberry.field(description=description, default=strawberry.UNSET)


IDEMPOTENCY_KEY = (
    "Makes a repeated request harmless: the same key with the same input has one effect and one answer, for 7 days."
)
EXPECTED_VERSION = "The version that this change was decided on; another one now is VERSION_CONFLICT."


@input_type
class ContactInput:
    """Whom to ask about an order."""

    name: str | None = optional("Name.")
    email: str | None = optional("Email.")
    phone: str | None = optional("Phone.")


@input_type
class PostalAddressInput:
    """Where goods or invoices go."""

    street: str = text("Street, number, and what else the carrier needs.")
    country: str = text("ISO 3166 code of the country, two letters.")
    recipient: str | None = optional("Who receives it.")
    phone: str | None = optional("The recipient's phone.")
    city: str | None = optional("City.")
    province: str | None = optional("Province, state or county.")
    postcode: str | None = optional("Postcode.")
