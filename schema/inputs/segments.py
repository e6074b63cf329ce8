"""Inputs about segments."""

import strawberry

from schema.describe import input_type, text
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, change, optional
from schema.inputs.exports import CustomerFilter, OrderFilter

_ID = "The global id of the segment."
_SHARED = "Whether everybody sees it."


@input_type
class SegmentCreateInput:
    """A filter to be kept under a name: one of `orderFilter` and `customerFilter`."""

    name: str = text("Name, unique among your segments of this kind; at most 100 characters.")
    order_filter: OrderFilter | None = optional("The filter of a segment of orders.")
    customer_filter: CustomerFilter | None = optional("The filter of a segment of customers.")
    shared: bool | None = optional(f"{_SHARED} False if absent.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class SegmentUpdateInput:
    """What to change of a segment: what is left out stays as it is."""

    id: strawberry.ID = text(_ID)
    expected_version: int = text(EXPECTED_VERSION)
    name: str | None = change("Name.")
    order_filter: OrderFilter | None = optional("The filter, of a segment of orders.")
    customer_filter: CustomerFilter | None = optional("The filter, of a segment of customers.")
    shared: bool | None = change(_SHARED)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class SegmentDeleteInput:
    """Which segment to delete."""

    id: strawberry.ID = text(_ID)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
