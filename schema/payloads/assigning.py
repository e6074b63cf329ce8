"""What mutations about whose orders are answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.order_steps import OrderStepResult
from schema.payloads.words import ERRORS
from schema.types.orders import Order


@object_type
class OrderAssignPayload:
    """The order that was given to somebody else."""

    order: Order | None = text("The order as it is now, as far as you see it; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class OrderAssignManyPayload:
    """The orders that were given to somebody else."""

    results: list[OrderStepResult] | None = text(
        "An outcome for each order, in the order of the input; null if the input itself was refused."
    )
    errors: list[UserError] = text("Why no order was looked at; empty if they were.")
