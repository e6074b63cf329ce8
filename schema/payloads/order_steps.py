"""What the steps of an order's life answer, made from the table of steps."""

from collections.abc import Mapping

import strawberry

from domain.orders.transitions import Transition
from schema.describe import object_type, text
from schema.errors import UserError
from schema.inputs.order_steps import WHAT, named
from schema.payloads.words import ERRORS
from schema.types.orders import Order

_ORDER = "The order as it is now, as far as you see it; null if anything was refused."


@object_type
class OrderStepResult:
    """What became of one of many orders."""

    id: strawberry.ID = text("The id that was given.")
    order: Order | None = text(_ORDER)
    errors: list[UserError] = text(ERRORS)


def _one(transition: Transition) -> type:
    fields = {"order": text(_ORDER), "errors": text(ERRORS)}
    annotations = {"order": Order | None, "errors": list[UserError]}
    name = f"Order{named(transition)}Payload"
    facts = {"__annotations__": annotations, "__module__": __name__, "__doc__": f"{WHAT[transition]}: the outcome."}
    return object_type(type(name, (), {**facts, **fields}))


def _many(transition: Transition) -> type:
    fields = {
        "results": text("An outcome for each order, in the order of the input; null if the input itself was refused."),
        "errors": text("Why no order was looked at; empty if they were."),
    }
    annotations = {"results": list[OrderStepResult] | None, "errors": list[UserError]}
    name = f"Order{named(transition)}ManyPayload"
    facts = {"__annotations__": annotations, "__module__": __name__, "__doc__": f"{WHAT[transition]}: the outcomes."}
    return object_type(type(name, (), {**facts, **fields}))


PAYLOADS: Mapping[Transition, type] = {transition: _one(transition) for transition in Transition}
MANY_PAYLOADS: Mapping[Transition, type] = {transition: _many(transition) for transition in Transition}
