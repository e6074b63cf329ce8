"""Mutations that lead out of a shortage."""

from typing import Any, cast

import strawberry

from domain.errors import Refused
from domain.orders.short_lines import LineCancellation, Substitution
from domain.orders.splitting import LinePart
from reads.hook import RowRef
from resolvers.answers import Info, errors_of, written
from rows.entities import ORDER
from schema.commands import command, commands, row_id
from schema.describe import mutation
from schema.inputs.short_lines import OrderLinesCancelInput, OrderLineSubstituteInput, OrderSplitInput
from schema.payloads.short_lines import OrderLinesCancelPayload, OrderLineSubstitutePayload, OrderSplitPayload
from services.orders.short_lines import cancel_lines, substitute_line
from services.orders.split import split_order


@strawberry.type
class ShortLineMutations:
    @mutation("Take lines, or pieces of them, off an order before it is picked, or while it is packed.")
    async def order_lines_cancel(self, info: Info, input: OrderLinesCancelInput) -> OrderLinesCancelPayload | None:
        async def work() -> int:
            return await cancel_lines(
                viewer=info.context.viewer,
                company=info.context.company,
                order_id=row_id(ORDER, input.id),
                expected_version=input.expected_version,
                lines=commands(LineCancellation, input.lines, "lines"),
                reason=input.reason,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, OrderLinesCancelPayload, ORDER, work)

    @mutation("Make a new order of lines of one that waits to be picked.")
    async def order_split(self, info: Info, input: OrderSplitInput) -> OrderSplitPayload | None:
        order_id = row_id(ORDER, input.id)
        try:
            new = await split_order(
                viewer=info.context.viewer,
                company=info.context.company,
                order_id=order_id,
                expected_version=input.expected_version,
                lines=commands(LinePart, input.lines, "lines"),
                reason=input.reason,
                idempotency_key=input.idempotency_key,
            )
        except Refused as refused:
            return OrderSplitPayload(order=None, new_order=None, errors=errors_of(info, refused))
        first, second = (cast(Any, RowRef(ORDER, number)) for number in (order_id, new))
        return OrderSplitPayload(order=first, new_order=second, errors=[])

    @mutation("Put another product on a line of an order before it is picked.")
    async def order_line_substitute(
        self, info: Info, input: OrderLineSubstituteInput
    ) -> OrderLineSubstitutePayload | None:
        async def work() -> int:
            return await substitute_line(
                viewer=info.context.viewer,
                company=info.context.company,
                order_id=row_id(ORDER, input.id),
                expected_version=input.expected_version,
                wanted=command(Substitution, input),
                reason=input.reason,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, OrderLineSubstitutePayload, ORDER, work)
