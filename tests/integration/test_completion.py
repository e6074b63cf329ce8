"""Orders that were delivered are completed by themselves, some days later."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.orders.life_cycle import OrderStatus
from domain.orders.shipments import NewShipment, ShippedPieces
from models import Order, OrderStatusChange, OutboxEvent
from models.connection import pool
from services.clock import clock_set_to
from services.orders.completion import complete_delivered
from services.orders.shipments import create_shipment, deliver_shipment
from tests.factories import make_order, make_product
from tests.integration.stocking import packer

pytestmark = pytest.mark.usefixtures("database")
WEEK = timedelta(days=7)
SENT = datetime(2026, 5, 4, 8, tzinfo=UTC)
CAME = SENT + timedelta(days=2)


async def delivered(count: int) -> list[Order]:
    """Orders of which the second of two shipments arrived last, at CAME."""
    pat, tea = await packer(), await make_product()
    orders = [await make_order(OrderStatus.PACKED, lines=[(tea, "1"), (tea, "1")]) for _ in range(count)]
    for order in orders:
        lines = await order.lines.all().order_by("id")  # type: ignore[attr-defined]  # Tortoise adds it
        for line, moment in zip(lines, (SENT, CAME), strict=True):
            of = {"order_id": order.id, "expected_version": (await Order.get(id=order.id)).version}
            wanted = NewShipment(lines=[ShippedPieces(line_id=line.id)])
            with clock_set_to(moment):
                sent = await create_shipment(viewer=pat, shipment=wanted, **of)
                await deliver_shipment(viewer=pat, shipment_id=sent, expected_version=1)
    return orders


async def completed_at(moment: datetime, *, at_most: int = 500) -> int:
    with clock_set_to(moment):
        return await complete_delivered(after=WEEK, at_most=at_most)


async def test_an_order_is_completed_a_week_after_its_last_shipment_arrived_by_nobody() -> None:
    [order] = await delivered(1)
    await make_order(OrderStatus.SHIPPED)  # of which nobody said that it arrived
    assert await completed_at(SENT + WEEK) == 0
    assert await completed_at(CAME + WEEK - timedelta(milliseconds=1)) == 0
    before = await Order.get(id=order.id)
    assert await completed_at(CAME + WEEK) == 1
    after = await Order.get(id=order.id)
    assert (after.status, after.version, after.last_seq, after.updated_at) == (
        *(OrderStatus.COMPLETED, before.version + 1, before.last_seq + 1, CAME + WEEK),
    )
    change = await OrderStatusChange.filter(order_id=order.id).order_by("-id").first().values()
    assert change
    assert (change["from_status"], change["to_status"], change["by_id"], change["at"]) == (
        *(OrderStatus.SHIPPED, OrderStatus.COMPLETED, None, CAME + WEEK),
    )
    event = await OutboxEvent.get(aggregate="order", aggregate_id=order.id, seq=after.last_seq)
    assert event.type == "order.completed"
    assert event.payload == {"version": after.version, "from": "SHIPPED", "to": "COMPLETED"}
    assert (event.before_status, event.after_status) == ("SHIPPED", "COMPLETED")
    assert await completed_at(CAME + WEEK + WEEK) == 0
    assert await Order.filter(status=OrderStatus.SHIPPED).count() == 1


async def test_what_somebody_holds_is_left_for_the_next_time_and_so_is_what_is_too_much() -> None:
    held, *_ = await delivered(3)
    async with pool().acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM sales_order WHERE id = $1 FOR UPDATE", held.id)
        assert await completed_at(CAME + WEEK) == 2
    assert await completed_at(CAME + WEEK, at_most=1) == 1
