"""What tests of changing orders share."""

from decimal import Decimal

from domain.errors import DomainError
from domain.orders.edited_lines import EditedLine
from domain.orders.editing import OrderChanges
from models import Order, OrderLine, OutboxEvent, Product, User
from services.orders.update import update_order
from tests.integration.writes import COMPANY, refusals, viewing


async def change(user: User, order: Order, changes: OrderChanges, *, version: int = 1, key: str | None = None) -> Order:
    """The order after `user` changed it."""
    order_id = await update_order(
        viewer=await viewing(user),
        company=COMPANY,
        order_id=order.id,
        expected_version=version,
        changes=changes,
        idempotency_key=key,
    )
    assert order_id == order.id
    return await Order.get(id=order_id)


async def refused(user: User, order: Order, changes: OrderChanges, *, version: int = 1) -> list[DomainError]:
    """Why `user` cannot change the order, which stays as it was."""
    before, lines = await Order.get(id=order.id).values(), await line_ids(order)
    found = await refusals(change(user, order, changes, version=version))
    assert await Order.get(id=order.id).values() == before
    assert await line_ids(order) == lines
    assert not await OutboxEvent.exists()
    return [*found]


async def line_ids(order: Order) -> list[int]:
    return [row.id for row in await OrderLine.filter(order_id=order.id).order_by("position")]


def edited(product: Product, quantity: str = "1", **changes: object) -> EditedLine:
    """A new line of `product`, or the one whose `id` is among the changes."""
    return EditedLine(product_id=product.id, quantity=Decimal(quantity), **changes)  # type: ignore[arg-type]  # fields of EditedLine
