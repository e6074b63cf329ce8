"""Mutations for the steps of an order's life, one for each and one for many orders at once, from the table of steps."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import strawberry

from domain.errors import DomainError, InvalidInput, Refused
from domain.orders.shipments import Parcel
from domain.orders.transitions import Transition
from domain.paths import INPUT
from domain.payments import ReturnRefund
from domain.problems import Problem
from reads.hook import RowRef
from resolvers.answers import Info, errors_of, written
from rows.entities import ORDER
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.order_steps import INPUTS, MANY, MOST_AT_ONCE, WHAT, named
from schema.payloads.order_steps import MANY_PAYLOADS, PAYLOADS, OrderStepResult
from services.orders.step import NO_PARCEL, take_step


def _one(transition: Transition) -> Any:
    name = _name(transition)

    async def resolve(self: Any, info: Info, input: Any) -> Any:  # noqa: ARG001  # Strawberry passes the root value
        async def work() -> int:
            return await _take(info, transition, input, name, input.idempotency_key)

        return await written(info, PAYLOADS[transition], ORDER, work)

    return _declared(resolve, INPUTS[transition], PAYLOADS[transition], f"{WHAT[transition]}.")


def _many(transition: Transition) -> Any:
    async def resolve(self: Any, info: Info, input: Any) -> Any:  # noqa: ARG001  # Strawberry passes the root value
        if len(input.items) > MOST_AT_ONCE:
            too_many = InvalidInput(path=(*INPUT, "items"), problem=Problem.TOO_MANY, limit=str(MOST_AT_ONCE))
            return MANY_PAYLOADS[transition](results=None, errors=errors_of(info, Refused(too_many)))
        results = [await _result(info, transition, item, place, input) for place, item in enumerate(input.items)]
        return MANY_PAYLOADS[transition](results=results, errors=[])

    description = f"{WHAT[transition]}: many at once, each in a transaction of its own."
    return _declared(resolve, MANY[transition], MANY_PAYLOADS[transition], description)


async def _result(info: Info, transition: Transition, item: Any, place: int, input: Any) -> OrderStepResult:
    mutation = f"{_name(transition)}Many#{place}"  # and the key stays as the client gave it: it may be of full length
    try:
        number = await _take(info, transition, item, mutation, input.idempotency_key)
    except Refused as refused:
        return OrderStepResult(id=item.id, order=None, errors=errors_of(info, Refused(*_of_item(refused, place))))
    return OrderStepResult(id=item.id, order=cast(Any, RowRef(ORDER, number)), errors=[])


def _of_item(refused: Refused, place: int) -> Iterator[DomainError]:
    """The refusals of an item, with the way to it in the input; that of the key is about the input as a whole."""
    for error in refused.errors:
        of_item = error.path[: len(INPUT)] == INPUT and error.path != (*INPUT, "idempotencyKey")
        path = (*INPUT, "items", str(place), *error.path[len(INPUT) :]) if of_item else error.path
        yield replace(error, path=path)


async def _take(info: Info, transition: Transition, given: Any, mutation: str, key: str | None) -> int:
    return await take_step(
        viewer=info.context.viewer,
        company=info.context.company,
        transition=transition,
        order_id=row_id(ORDER, given.id),
        expected_version=given.expected_version,
        reason=given.reason,
        expected_on=getattr(given, "expected_on", None),  # of the one step that lets an order wait
        parcel=Parcel(carrier=given.carrier, tracking_number=given.tracking_number)
        if transition is Transition.SHIP
        else NO_PARCEL,
        refund=command(ReturnRefund, given) if transition is Transition.REFUND else None,
        mutation=mutation,
        idempotency_key=key,
    )


def _name(transition: Transition) -> str:
    """The mutation's name."""
    return f"order{named(transition)}"


def _declared(resolve: Any, given: type, payload: type, description: str) -> Any:
    """The field of a resolver whose types are made from data."""
    resolve.__annotations__ = {"info": Info, "input": given, "return": payload | None}
    return mutation(description)(resolve)


def _all() -> dict[str, Any]:
    one = {f"order_{transition.lower()}": _one(transition) for transition in Transition}
    return one | {f"order_{transition.lower()}_many": _many(transition) for transition in Transition}


@strawberry.type
class OrderStepMutations:
    """A mutation for each step, and one for many orders."""

    locals().update(_all())
