"""The order of which something comes back, held so that two returns cannot both take the last of it."""

import asyncpg

from domain.errors import NotFound
from domain.orders.life_cycle import STATUS_GROUPS, StatusGroup
from domain.orders.returned import Pieces, Worth
from domain.orders.returns import Original
from domain.ownership import Ownership
from domain.paths import INPUT
from models import Order
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import ORDER
from rows.viewer import Viewer

_FACTS = ("status", "currency", "tax_included", "total", "channel_id", "customer_id", "customer_name", "region_id")
_OWNERSHIP = ("owner_id", "team_id")
_SOLD = """
SELECT product_id, quantity, net, tax, unit_price, tax_rate FROM order_line
WHERE order_id = $1 AND quantity > 0 ORDER BY position, id
"""
_BACK = """
SELECT product_id, -quantity AS quantity, -net AS net, -tax AS tax, unit_price, tax_rate
FROM sales_order JOIN order_line ON order_id = sales_order.id
WHERE original_order_id = $1 AND status <> ALL ($2::text[]) AND quantity < 0
"""
_CALLED_OFF = sorted(STATUS_GROUPS[StatusGroup.CANCELLED])


async def hold_original(client: TransactionClient, viewer: Viewer, order_id: int | None) -> Original | NotFound | None:
    """The order that is named as the original, locked; its customer has to be held before.

    What came back of it is read by a statement of its own, which sees whatever was committed before the lock was got.
    """
    if order_id is None:
        return None
    if not await visible_ids(client, ORDER, viewer, [order_id], lock=True):
        return NotFound(path=(*INPUT, "originalOrderId"))
    facts = await Order.get(id=order_id, using_db=client).values(*_FACTS, *_OWNERSHIP)
    sold = await client.connection.fetch(_SOLD, order_id)
    back = await client.connection.fetch(_BACK, order_id, _CALLED_OFF)
    return Original(
        **{name: facts[name] for name in _FACTS},
        ownership=Ownership(**{name: facts[name] for name in _OWNERSHIP}),
        sold=[_pieces(row) for row in sold],
        came_back=[_pieces(row) for row in back],
    )


def _pieces(row: asyncpg.Record) -> Pieces:
    facts = dict(row)
    return Pieces(worth=Worth(facts.pop("net"), facts.pop("tax")), **facts)
