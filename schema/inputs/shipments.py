"""Inputs of shipments and delays."""

from datetime import datetime
from decimal import Decimal

import strawberry

from schema.describe import input_type, text
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, change, optional


@input_type
class ShipmentLineInput:
    """A line that is sent, or pieces of it."""

    line_id: strawberry.ID = text("The line.")
    quantity: Decimal | None = optional("How many are sent; all that are left if absent.")


@input_type
class ShipmentCreateInput:
    """Goods of a packed order that are sent together."""

    order_id: strawberry.ID = text("The order: PACKED.")
    expected_version: int = text("The order's version that this was decided on; another one now is VERSION_CONFLICT.")
    lines: list[ShipmentLineInput] | None = optional("What is sent; all that is left if absent.")
    carrier: str | None = optional("Who carries it.")
    tracking_number: str | None = optional("The number by which the carrier finds it.")
    shipped_at: datetime | None = optional("When it was sent; now if absent.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class OrderDelayReasonSetInput:
    """Why a late order is late."""

    id: strawberry.ID = text("The order.")
    expected_version: int = text(EXPECTED_VERSION)
    reason_id: strawberry.ID | None = optional("A reason of kind DELAY; none takes away what was said.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ShipmentUpdateInput:
    """How a shipment is carried, put right before it arrives: what is left out stays, null empties."""

    id: strawberry.ID = text("The shipment.")
    expected_version: int = text(EXPECTED_VERSION)
    carrier: str | None = change("Who carries it.")
    tracking_number: str | None = change("The number by which the carrier finds it.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ShipmentDeliverInput:
    """A shipment that arrived."""

    id: strawberry.ID = text("The shipment.")
    expected_version: int = text(EXPECTED_VERSION)
    delivered_at: datetime | None = optional("When it arrived; now if absent.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
