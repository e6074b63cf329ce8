"""An order is locked by whoever changes it: its customer's row first, then its own."""

from domain.errors import NotFound, NotPermitted, Refused, VersionConflict
from domain.orders.actions import ACTIONS, OrderAction, place_problems
from domain.paths import INPUT
from domain.permissions import Action, may_with
from models import Order
from models.connection import TransactionClient
from rows.access import Lock, hold_behind, visible_ids
from rows.entities import ORDER
from rows.viewer import Viewer
from services.payments.ledger import hold_original_of


async def lock_order(client: TransactionClient, viewer: Viewer, order_id: int, *, with_original: bool = False) -> Order:
    """The order, locked; its customer, and if wanted its original, are held before. Raises Refused with NotFound.

    Of an order that the viewer does not see, nothing is held: nobody waits for them, and they for nobody.
    """
    await hold_behind(client, ORDER, viewer, order_id, "customer", Lock.SHARE)
    if with_original:
        await hold_original_of(client, viewer, order_id)
    if not await visible_ids(client, ORDER, viewer, [order_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    return await Order.get(id=order_id, using_db=client)


async def lock_order_by(client: TransactionClient, viewer: Viewer, order_id: int, *actions: Action) -> Order:
    """The order, locked, if the viewer may take any of `actions` with it.

    Raises Refused with NotFound or NotPermitted.
    """
    order = await lock_order(client, viewer, order_id)
    if not any(may_with(viewer, action, owner_id=order.owner_id, team_id=order.team_id) for action in actions):
        raise Refused(NotPermitted(path=(*INPUT, "id")))
    return order


async def lock_order_for(client: TransactionClient, viewer: Viewer, order_id: int, action: OrderAction) -> Order:
    """The order, locked, if the viewer may do this to it, wherever it stands. Raises Refused as `lock_order_by`."""
    return await lock_order_by(client, viewer, order_id, *ACTIONS[action].by)


async def lock_order_as(
    client: TransactionClient, viewer: Viewer, order_id: int, expected_version: int, action: OrderAction
) -> Order:
    """As `lock_order_for`, if the order is as the viewer knows it. Raises Refused with VersionConflict as well."""
    order = await lock_order_for(client, viewer, order_id, action)
    if order.version != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=order.version))
    return order


def check_place(order: Order, action: OrderAction) -> None:
    """Raises Refused with NotEditable where the order has come too far for this, or not far enough."""
    if problems := tuple(place_problems(action, order.status)):
        raise Refused(*problems)
