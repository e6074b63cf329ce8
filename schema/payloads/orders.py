"""What mutations of orders answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.orders import Order

_ORDER = "The order as it is now, as far as you see it; null if anything was refused."


@object_type
class OrderCreatePayload:
    """The order that was entered."""

    order: Order | None = text(_ORDER)
    errors: list[UserError] = text(ERRORS)


@object_type
class OrderUpdatePayload:
    """The order that was changed."""

    order: Order | None = text(_ORDER)
    errors: list[UserError] = text(ERRORS)
