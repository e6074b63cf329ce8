"""Mutations that lead out of a shortage."""

import strawberry

from domain.orders.short_lines import LineCancellation, Substitution
from resolvers.answers import Info, written
from rows.entities import ORDER
from schema.commands import command, commands, row_id
from schema.describe import mutation
from schema.inputs.short_lines import OrderLinesCancelInput, OrderLineSubstituteInput
from schema.payloads.short_lines import OrderLinesCancelPayload, OrderLineSubstitutePayload
from services.orders.short_lines import cancel_lines, substitute_line


@strawberry.type
class ShortLineMutations:
    @mutation("Take lines, or pieces of them, off an order before it is picked.")
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
