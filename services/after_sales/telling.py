"""Orders of which customers say something: found for those who enter it, and told of."""

from collections.abc import Mapping
from typing import Any

from domain.errors import NotFound, NotPermitted, Refused
from domain.events import Aggregate, EventType
from domain.orders.actions import OrderAction, may_do
from domain.paths import INPUT
from models import Order
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import ORDER
from rows.viewer import Viewer
from services.clock import now
from services.outbox import append


async def hold_order(
    client: TransactionClient, viewer: Viewer, order_id: int, action: OrderAction, *, named: str
) -> Order:
    """The order, locked; `named` is the input field that leads to it. Raises Refused with NotFound or NotPermitted."""
    if not await visible_ids(client, ORDER, viewer, [order_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, named)))
    order = await Order.get(id=order_id, using_db=client)
    if not may_do(action, viewer, owner_id=order.owner_id, team_id=order.team_id):
        raise Refused(NotPermitted(path=(*INPUT, named)))
    return order


async def tell(
    client: TransactionClient, order: Order, event: EventType, payload: Mapping[str, Any], **columns: object
) -> None:
    """An event about the order, which is as it was when it was locked; `columns` are written to it."""
    changed = {**columns, "last_seq": order.last_seq + 1, "updated_at": now()}
    await Order.filter(id=order.id).using_db(client).update(**changed)
    await append(client, aggregate=Aggregate.ORDER, aggregate_id=order.id, type=event, before=order, payload=payload)
