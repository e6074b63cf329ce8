"""Mutations of shipments and delays."""

import strawberry

from domain.orders.shipments import NewShipment, ParcelChanges
from resolvers.answers import Info, written
from rows.entities import ORDER, REASON, SHIPMENT
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.shipments import (
    OrderDelayReasonSetInput,
    ShipmentCreateInput,
    ShipmentDeliverInput,
    ShipmentUpdateInput,
)
from schema.payloads.shipments import (
    OrderDelayReasonSetPayload,
    ShipmentCreatePayload,
    ShipmentDeliverPayload,
    ShipmentUpdatePayload,
)
from services.orders.delays import set_delay_reason
from services.orders.shipments import create_shipment, deliver_shipment, update_shipment


@strawberry.type
class ShipmentMutations:
    @mutation("Send goods of a packed order: all that is left, or some of it.")
    async def shipment_create(self, info: Info, input: ShipmentCreateInput) -> ShipmentCreatePayload | None:
        async def work() -> int:
            return await create_shipment(
                viewer=info.context.viewer,
                order_id=row_id(ORDER, input.order_id),
                expected_version=input.expected_version,
                shipment=command(NewShipment, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, ShipmentCreatePayload, SHIPMENT, work)

    @mutation("Put right who carries a shipment, or its tracking number, until it has arrived.")
    async def shipment_update(self, info: Info, input: ShipmentUpdateInput) -> ShipmentUpdatePayload | None:
        async def work() -> int:
            return await update_shipment(
                viewer=info.context.viewer,
                shipment_id=row_id(SHIPMENT, input.id),
                expected_version=input.expected_version,
                changes=command(ParcelChanges, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, ShipmentUpdatePayload, SHIPMENT, work)

    @mutation("Say that a shipment has arrived, or put right when it did.")
    async def shipment_deliver(self, info: Info, input: ShipmentDeliverInput) -> ShipmentDeliverPayload | None:
        async def work() -> int:
            return await deliver_shipment(
                viewer=info.context.viewer,
                shipment_id=row_id(SHIPMENT, input.id),
                expected_version=input.expected_version,
                delivered_at=input.delivered_at,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, ShipmentDeliverPayload, SHIPMENT, work)

    @mutation("Say why a late order is late.")
    async def order_delay_reason_set(
        self, info: Info, input: OrderDelayReasonSetInput
    ) -> OrderDelayReasonSetPayload | None:
        async def work() -> int:
            return await set_delay_reason(
                viewer=info.context.viewer,
                company=info.context.company,
                order_id=row_id(ORDER, input.id),
                expected_version=input.expected_version,
                reason_id=None if input.reason_id is None else row_id(REASON, input.reason_id),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, OrderDelayReasonSetPayload, ORDER, work)
