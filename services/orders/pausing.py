"""The time to respond to an order stands still while its customer is asked."""

from datetime import datetime

from domain.orders.life_cycle import OrderStatus
from domain.pauses import PauseReason, PauseSubject
from models import Order
from models.connection import TransactionClient
from services.calendars.deadlines import ORDERS, make_deadline
from services.calendars.pauses import copy_pauses, pause, resume

_ORDER = PauseSubject.ORDER


async def wait_for_customer(client: TransactionClient, order: Order, to: OrderStatus, at: datetime) -> None:
    """Note that the order, which is locked, was asked back at this moment, or is no more. Rules have yet to be asked
    for its deadline; that of an order whose tier somebody has overridden follows at once.
    """
    if to == OrderStatus.NEEDS_INFO:
        await pause(client, _ORDER, order.id, PauseReason.CUSTOMER_ASKED, at)
    elif order.status == OrderStatus.NEEDS_INFO:
        await resume(client, _ORDER, order.id, at)
    else:
        return
    if order.tier_override_id is not None:
        await make_deadline(client, ORDERS, order.id)


async def share_pauses(client: TransactionClient, order_id: int, new_id: int) -> None:
    """The order `new_id` was split from another one, whose customer was waited for."""
    if await copy_pauses(client, _ORDER, order_id, new_id):
        await make_deadline(client, ORDERS, new_id)
