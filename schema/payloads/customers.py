"""What mutations of customers answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.customers import Customer

_CUSTOMER = "The customer as it is now, as far as you see it; null if anything was refused."


@object_type
class CustomerCreatePayload:
    """The customer that was entered; where it is known, and somebody's whose customers you do not see, null."""

    customer: Customer | None = text(_CUSTOMER)
    errors: list[UserError] = text(ERRORS)


@object_type
class CustomerUpdatePayload:
    """The customer that was changed."""

    customer: Customer | None = text(_CUSTOMER)
    errors: list[UserError] = text(ERRORS)
