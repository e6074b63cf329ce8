"""Inputs of the ways out of a shortage."""

from decimal import Decimal

import strawberry

from schema.describe import input_type, text
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, optional

_ORDER = "The order: APPROVED or BACKORDERED."
_WHY = "Why, in words that the history keeps."


@input_type
class OrderLineCancelInput:
    """A line that is not wanted any more, or pieces of it."""

    line_id: strawberry.ID = text("The line.")
    quantity: Decimal | None = optional("How many are cancelled; all that are left if absent.")


@input_type
class OrderLinesCancelInput:
    """Lines that go from an order before it is picked, or of which not all has been sent."""

    id: strawberry.ID = text("The order: APPROVED, BACKORDERED or PACKED.")
    expected_version: int = text(EXPECTED_VERSION)
    lines: list[OrderLineCancelInput] = text("What goes; something has to be left.")
    reason: str = text(_WHY)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class OrderLinePartInput:
    """A line that goes to the new order, or pieces of it."""

    line_id: strawberry.ID = text("The line, which is no freight.")
    quantity: Decimal | None = optional("How many go; all if absent.")


@input_type
class OrderSplitInput:
    """Lines of an order that go to an order of their own before they are picked."""

    id: strawberry.ID = text(_ORDER)
    expected_version: int = text(EXPECTED_VERSION)
    lines: list[OrderLinePartInput] = text("What goes; goods have to be left.")
    reason: str = text(_WHY)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class OrderLineSubstituteInput:
    """Another product on a line of an order before it is picked."""

    id: strawberry.ID = text(_ORDER)
    expected_version: int = text(EXPECTED_VERSION)
    line_id: strawberry.ID = text("The line.")
    product_id: strawberry.ID = text("The product that is sent instead.")
    unit_price: Decimal | None = optional(
        "The price of one; the line's price and discount stay if absent. Off the list by more than the policy of review"
        " lets pass, it is for whoever may review the order."
    )
    reason: str = text(_WHY)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
