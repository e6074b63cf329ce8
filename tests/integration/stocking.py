"""What tests of stock share."""

from decimal import Decimal

from domain.orders.life_cycle import OrderStatus
from domain.orders.transitions import Transition
from domain.people import Role
from domain.stock.entry import Receipt
from models import Order, Product, StockLevel, Warehouse
from models.connection import pool
from rows.viewer import Viewer
from services.orders.step import take_step
from services.stock.receive import receive_stock
from services.stock.verify import stock_differences
from tests.factories import make_product, make_user
from tests.integration.writes import COMPANY

_S = OrderStatus


async def make_warehouse(code: str = "main", *, position: int = 0, active: bool = True) -> Warehouse:
    """A warehouse named like its code."""
    return await Warehouse.create(code=code, name=code, position=position, active=active)


async def stocked(**columns: object) -> Product:
    """A product of which stock is kept."""
    return await make_product(stocked=True, **columns)


async def packer() -> Viewer:
    """Somebody who picks, packs and keeps stock."""
    user = await make_user(Role.FULFILMENT)
    return Viewer(user_id=user.id, roles=frozenset({Role.FULFILMENT}), team_id=None, team_ids=())


async def fill(viewer: Viewer, place: Warehouse, product: Product, quantity: str) -> int:
    """Goods come in; the id of the stock level."""
    receipt = Receipt(product_id=product.id, warehouse_id=place.id, quantity=Decimal(quantity))
    return await receive_stock(viewer=viewer, receipt=receipt)


async def take(viewer: Viewer, order: Order, transition: Transition, *, reason: str | None = None) -> None:
    """Take a step with the order as it is now."""
    now = await Order.get(id=order.id)
    await take_step(
        viewer=viewer,
        company=COMPANY,
        transition=transition,
        order_id=order.id,
        expected_version=now.version,
        mutation="test",
        reason=reason,
    )


async def balance(level_id: int) -> tuple[str, str]:
    """On hand and reserved."""
    level = await StockLevel.get(id=level_id)
    return str(level.on_hand), str(level.reserved)


async def ledger_holds() -> bool:
    """Whether every balance is what its movements add up to."""
    async with pool().acquire() as connection:
        return await stock_differences(connection) == []  # type: ignore[arg-type]  # a pooled one is one
