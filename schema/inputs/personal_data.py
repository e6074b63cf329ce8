"""Inputs about personal data."""

import strawberry

from schema.describe import input_type, text
from schema.inputs.common import IDEMPOTENCY_KEY, optional


@input_type
class PersonalDataEraseInput:
    """A person who is to be erased, named in one of four ways."""

    customer_id: strawberry.ID | None = optional("A customer, with contacts and addresses.")
    user_id: strawberry.ID | None = optional("A user, who must have been deactivated.")
    email: str | None = optional("Whoever is reached by this email address; case does not count.")
    phone: str | None = optional("Whoever is reached by this phone number; only its digits count.")
    reason: str = text("Why, for the audit; leave the person out of it.")
    confirm: bool = text("True: it cannot be undone.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class PersonalDataExportInput:
    """A person about whom everything is to be put together, named in one of four ways."""

    customer_id: strawberry.ID | None = optional("A customer, with contacts, addresses and orders.")
    user_id: strawberry.ID | None = optional("A user, with sessions and what they did.")
    email: str | None = optional("Whoever is reached by this email address; case does not count.")
    phone: str | None = optional("Whoever is reached by this phone number; only its digits count.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
