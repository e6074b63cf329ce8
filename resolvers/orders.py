"""Mutations of orders."""

import strawberry

from domain.orders.editing import OrderChanges
from domain.orders.entry import NewOrder
from resolvers.answers import Info, written
from rows.entities import ORDER
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.orders import OrderCreateInput, OrderUpdateInput
from schema.payloads.orders import OrderCreatePayload, OrderUpdatePayload
from services.orders.create import create_order
from services.orders.update import update_order


@strawberry.type
class OrderMutations:
    @mutation("Enter an order, a return or an exchange.")
    async def order_create(self, info: Info, input: OrderCreateInput) -> OrderCreatePayload | None:
        async def work() -> int:
            return await create_order(
                viewer=info.context.viewer,
                company=info.context.company,
                order=command(NewOrder, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, OrderCreatePayload, ORDER, work)

    @mutation("Change an order.")
    async def order_update(self, info: Info, input: OrderUpdateInput) -> OrderUpdatePayload | None:
        async def work() -> int:
            return await update_order(
                viewer=info.context.viewer,
                company=info.context.company,
                order_id=row_id(ORDER, input.id),
                expected_version=input.expected_version,
                changes=command(OrderChanges, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, OrderUpdatePayload, ORDER, work)
