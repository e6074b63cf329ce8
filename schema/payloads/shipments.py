"""What shipments and delays answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.orders import Order, Shipment

_SHIPMENT = "The shipment as it is now, with its order; null if anything was refused."


@object_type
class ShipmentCreatePayload:
    """The shipment that was made."""

    shipment: Shipment | None = text(_SHIPMENT)
    errors: list[UserError] = text(ERRORS)


@object_type
class ShipmentUpdatePayload:
    """The shipment that was put right."""

    shipment: Shipment | None = text(_SHIPMENT)
    errors: list[UserError] = text(ERRORS)


@object_type
class ShipmentDeliverPayload:
    """The shipment that arrived."""

    shipment: Shipment | None = text(_SHIPMENT)
    errors: list[UserError] = text(ERRORS)


@object_type
class OrderDelayReasonSetPayload:
    """The order with its reason."""

    order: Order | None = text("The order as it is now, as far as you see it; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)
