"""What tests of entering orders share."""

from typing import Any

from domain.orders.entry import NewOrder
from models import Order, OrderLine, OrderStatusChange, OutboxEvent, Product, User
from services.orders.create import create_order
from tests.integration.writes import COMPANY, line, refusals, viewing


async def enter(user: User, order: NewOrder, **options: Any) -> Order:
    """The order that `user` enters."""
    order_id = await create_order(viewer=await viewing(user), company=COMPANY, order=order, **options)
    return await Order.get(id=order_id)


async def refused(user: User, order: NewOrder) -> list[tuple[str, str]]:
    """Why `user` cannot enter `order`: path and problem or code. Nothing is left behind."""
    before = await _written()
    found = await refusals(create_order(viewer=await viewing(user), company=COMPANY, order=order))
    assert await _written() == before
    return [(".".join(error.path), getattr(error, "problem", error.code.value)) for error in found]


async def _written() -> list[int]:
    return [await model.all().count() for model in (Order, OrderLine, OrderStatusChange, OutboxEvent)]


def simple(product: Product, **changes: Any) -> NewOrder:
    """An order of one `product` at its own price, but for `changes`."""
    return NewOrder(**({"currency": "GBP", "lines": [line(product)]} | changes))
