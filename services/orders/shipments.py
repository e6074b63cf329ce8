"""Shipments of an order: what is sent, at once or in parts, and what has arrived."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from domain.errors import NotFound, Refused, VersionConflict
from domain.events import Aggregate, EventType
from domain.naming import camel
from domain.orders.life_cycle import OrderStatus
from domain.orders.shipments import NewShipment, ParcelChanges, correction_problems, moment_problems
from domain.orders.transitions import Transition
from domain.paths import INPUT
from domain.permissions import Action
from models import Order, Shipment
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.clock import now
from services.idempotency import Request, once
from services.orders.locking import lock_order, lock_order_by
from services.orders.parcels import arrived_at, send
from services.orders.step import check_step, move_on
from services.outbox import append
from services.tiers.classify import classify_written
from services.transaction import retrying, transaction

_ORDER_OF = "SELECT order_id FROM shipment WHERE id = $1"
_DELIVERERS = (Action.FULFIL_ORDERS, Action.SERVE_ORDERS)


@retrying
async def create_shipment(
    *,
    viewer: Viewer,
    order_id: int,
    expected_version: int,
    shipment: NewShipment,
    idempotency_key: str | None = None,
) -> int:
    """Send lines of a packed order, or pieces of them; the shipment's id.

    The order stays PACKED while something is left, and is SHIPPED with the last piece. Raises Refused with NotFound,
    VersionConflict, StepNotPossible (it is not packed), NotPermitted, InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": order_id, "expectedVersion": expected_version, "shipment": shipment}
    request = Request(principal=viewer.user_id, mutation="shipmentCreate", key=idempotency_key, asked=asked)

    async def create() -> int:
        order = await _lock_packed(client, viewer, order_id, expected_version)
        shipment_id, last = await send(client, order, shipment, by=viewer.user_id)
        if last:
            await move_on(client, viewer.user_id, order, Transition.SHIP, None)
        else:
            await _tell(client, viewer, order, EventType.ORDER_PARTLY_SHIPPED)
        return shipment_id

    async with transaction() as client:
        outcome = await once(client, request, create)
    return outcome.settle()


@retrying
async def deliver_shipment(
    *,
    viewer: Viewer,
    shipment_id: int,
    expected_version: int,
    delivered_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> int:
    """Say that the shipment arrived, now or at `delivered_at`, which may be put right later; its id.

    The order is delivered when it is wholly sent and its last shipment has arrived. Raises Refused with NotFound,
    NotPermitted, VersionConflict, InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": shipment_id, "expectedVersion": expected_version, "deliveredAt": delivered_at}
    request = Request(principal=viewer.user_id, mutation="shipmentDeliver", key=idempotency_key, asked=asked)

    async def deliver() -> int:
        order, shipment = await _lock(client, viewer, shipment_id, expected_version, *_DELIVERERS)
        moment = delivered_at or now()
        path = (*INPUT, "deliveredAt")
        if problems := tuple(moment_problems(path, moment, after=shipment.shipped_at, now=now())):
            raise Refused(*problems)
        await Shipment.filter(id=shipment_id).using_db(client).update(delivered_at=moment, version=shipment.version + 1)
        await _tell(client, viewer, order, EventType.ORDER_DELIVERED)
        return shipment_id

    async with transaction() as client:
        outcome = await once(client, request, deliver)
    return outcome.settle()


@retrying
async def update_shipment(
    *,
    viewer: Viewer,
    shipment_id: int,
    expected_version: int,
    changes: ParcelChanges,
    idempotency_key: str | None = None,
) -> int:
    """Put right who carries the shipment, or the number by which it is found, until it has arrived; its id.

    Its version and its order's grow by one, or not at all when nothing really changes; the event has what was there
    before. Raises Refused with NotFound, NotPermitted, VersionConflict, InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": shipment_id, "expectedVersion": expected_version, "changes": changes}
    request = Request(principal=viewer.user_id, mutation="shipmentUpdate", key=idempotency_key, asked=asked)

    async def update() -> int:
        order, shipment = await _lock(client, viewer, shipment_id, expected_version, Action.FULFIL_ORDERS)
        if problems := tuple(correction_problems(changes, delivered=shipment.delivered_at is not None)):
            raise Refused(*problems)
        wanted = {name: getattr(changes, name) for name in changes.mentioned}
        before = {name: getattr(shipment, name) for name, value in wanted.items() if getattr(shipment, name) != value}
        if before:
            written = {name: wanted[name] for name in before} | {"version": shipment.version + 1}
            await Shipment.filter(id=shipment_id).using_db(client).update(**written)
            told = {camel(name): {"from": value, "to": wanted[name]} for name, value in before.items()}
            more = {"shipment": {"id": shipment_id, **told}}
            await _tell(client, viewer, order, EventType.ORDER_UPDATED, more)
        return shipment_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


async def _lock_packed(client: TransactionClient, viewer: Viewer, order_id: int, expected_version: int) -> Order:
    """The order, locked, which can be sent. Refusals name it as the input does."""
    try:
        order = await lock_order(client, viewer, order_id)
        await check_step(client, order, viewer, Transition.SHIP, expected_version, None)
    except Refused as refused:
        of_order, named = (*INPUT, "id"), (*INPUT, "orderId")
        raise Refused(
            *(replace(each, path=named if each.path == of_order else each.path) for each in refused.errors)
        ) from None
    return order


async def _lock(
    client: TransactionClient, viewer: Viewer, shipment_id: int, expected_version: int, *actions: Action
) -> tuple[Order, Shipment]:
    """The shipment's order, which is locked, and so is the shipment: nobody writes one without the other."""
    order_id: int | None = await client.connection.fetchval(_ORDER_OF, shipment_id)
    if order_id is None:
        raise Refused(NotFound(path=(*INPUT, "id")))
    order = await lock_order_by(client, viewer, order_id, *actions)
    shipment = await Shipment.get(id=shipment_id, using_db=client)
    if shipment.version != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=shipment.version))
    return order, shipment


async def _tell(
    client: TransactionClient,
    viewer: Viewer,
    order: Order,
    event: EventType,
    more: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Write what a shipment changed of its order, which stays where it stands, and tell of it, with `more` facts."""
    version = order.version + 1
    changed: dict[str, Any] = {"version": version, "last_seq": order.last_seq + 1, "updated_at": now()}
    if order.status != OrderStatus.PACKED:
        changed["delivered_at"] = await arrived_at(client, order.id)
    await Order.filter(id=order.id).using_db(client).update(**changed)
    await classify_written(client, order)
    await append(
        client,
        aggregate=Aggregate.ORDER,
        aggregate_id=order.id,
        type=event,
        before=order,
        payload={"version": version, "changed": ["shipments"], "by": viewer.user_id, **more},
    )
