"""What the ways out of a shortage answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.orders import Order

_ORDER = "The order as it is now, as far as you see it; null if anything was refused."


@object_type
class OrderLinesCancelPayload:
    """The order without what was cancelled."""

    order: Order | None = text(_ORDER)
    errors: list[UserError] = text(ERRORS)


@object_type
class OrderSplitPayload:
    """The two orders."""

    order: Order | None = text(_ORDER)
    new_order: Order | None = text("The order that was made, as far as you see it; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class OrderLineSubstitutePayload:
    """The order with the other product."""

    order: Order | None = text(_ORDER)
    errors: list[UserError] = text(ERRORS)
