"""Mutations about whose orders are."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import strawberry

from domain.errors import DomainError, InvalidInput, Refused
from domain.orders.assigning import Assignment
from domain.paths import INPUT
from domain.problems import Problem
from reads.hook import RowRef
from resolvers.answers import Info, errors_of, written
from rows.entities import ORDER
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.assigning import OrderAssignInput, OrderAssignItem, OrderAssignManyInput
from schema.inputs.order_steps import MOST_AT_ONCE
from schema.payloads.assigning import OrderAssignManyPayload, OrderAssignPayload
from schema.payloads.order_steps import OrderStepResult
from services.orders.assign import assign_order

_OF_ITEM = {(*INPUT, "id"), (*INPUT, "expectedVersion")}
"""What an item says for itself; the rest is said for all."""


@strawberry.type
class AssignmentMutations:
    @mutation("Give an order to another owner or team; for MANAGER, of the team's orders, and ADMIN.")
    async def order_assign(self, info: Info, input: OrderAssignInput) -> OrderAssignPayload | None:
        async def work() -> int:
            return await _assign(info, input, command(Assignment, input), "orderAssign", input.idempotency_key)

        return await written(info, OrderAssignPayload, ORDER, work)

    @mutation("Give many orders to one owner or team, each in a transaction of its own.")
    async def order_assign_many(self, info: Info, input: OrderAssignManyInput) -> OrderAssignManyPayload | None:
        if len(input.items) > MOST_AT_ONCE:
            too_many = InvalidInput(path=(*INPUT, "items"), problem=Problem.TOO_MANY, limit=str(MOST_AT_ONCE))
            return OrderAssignManyPayload(results=None, errors=errors_of(info, Refused(too_many)))
        to = command(Assignment, input)
        results = [await _result(info, item, to, place, input) for place, item in enumerate(input.items)]
        return OrderAssignManyPayload(results=results, errors=[])


async def _result(
    info: Info, item: OrderAssignItem, to: Assignment, place: int, input: OrderAssignManyInput
) -> OrderStepResult:
    try:
        number = await _assign(info, item, to, f"orderAssignMany#{place}", input.idempotency_key)
    except Refused as refused:
        return OrderStepResult(id=item.id, order=None, errors=errors_of(info, Refused(*_of_item(refused, place))))
    return OrderStepResult(id=item.id, order=cast(Any, RowRef(ORDER, number)), errors=[])


def _of_item(refused: Refused, place: int) -> Iterator[DomainError]:
    for error in refused.errors:
        path = (*INPUT, "items", str(place), *error.path[len(INPUT) :]) if error.path in _OF_ITEM else error.path
        yield replace(error, path=path)


async def _assign(
    info: Info, given: OrderAssignInput | OrderAssignItem, to: Assignment, name: str, key: str | None
) -> int:
    return await assign_order(
        viewer=info.context.viewer,
        order_id=row_id(ORDER, given.id),
        expected_version=given.expected_version,
        to=to,
        mutation=name,
        idempotency_key=key,
    )
