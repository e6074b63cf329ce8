"""Goods that came back with a return or exchange: put back into stock, or scrapped."""

from dataclasses import replace

from domain.errors import NotFound, NotPermitted, Refused
from domain.numbers import plain
from domain.orders.life_cycle import OrderStatus
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.stock.entry import ReturnedGoods
from domain.stock.movements import MovementKind, piece_problems, room_problems
from domain.stock.returned import ReturnedLine, returned_problems
from domain.text import many_lines
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import ORDER
from rows.viewer import Viewer
from services.idempotency import Request, once
from services.stock.keeping import place_problems
from services.stock.ledger import Movement, hold, move
from services.transaction import retrying, transaction

_ORDER_OF = "SELECT order_id FROM order_line WHERE id = $1"
_LINE = """
SELECT l.product_id, o.status, l.quantity, coalesce((
    SELECT sum(m.on_hand_change) FROM stock_movement m WHERE m.order_line_id = l.id AND m.kind = 'RETURN'), 0) AS done
FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE l.id = $1
"""


@retrying
async def take_back(*, viewer: Viewer, goods: ReturnedGoods, idempotency_key: str | None = None) -> int:
    """Put what came back into stock, or through it to the scrap; the id of the stock level.

    Raises Refused with NotFound, NotPermitted, StepNotPossible (it was not received), InvalidInput (also for more than
    came back) or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="stockReturn", key=idempotency_key, asked=goods)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _take_back(client, viewer, goods))
    return outcome.settle()


async def _take_back(client: TransactionClient, viewer: Viewer, goods: ReturnedGoods) -> int:
    order_id, line = await _lock(client, viewer, goods.line_id)
    product_id, warehouses = line.product_id or 0, {"warehouseId": goods.warehouse_id}
    problems = [
        *piece_problems(goods.quantity),
        *many_lines((*INPUT, "reason"), goods.reason),
        *returned_problems(line, goods.quantity),
        *await place_problems(client, viewer, product_id, warehouses, into="warehouseId", named_by="lineId"),
    ]
    if problems:
        raise Refused(*problems)
    level = (await hold(client, product_id, goods.warehouse_id))[goods.warehouse_id]
    if beyond := tuple(room_problems((*INPUT, "quantity"), on_hand=level.on_hand, change=goods.quantity)):
        raise Refused(*beyond)
    came = Movement(level_id=level.id, kind=MovementKind.RETURN, on_hand=plain(goods.quantity), line_id=goods.line_id)
    moved = [came]
    if goods.scrap:
        moved.append(replace(came, kind=MovementKind.SCRAP, on_hand=-came.on_hand))
    await move(client, moved, by=viewer.user_id, reason=goods.reason, order_id=order_id)
    return level.id


async def _lock(client: TransactionClient, viewer: Viewer, line_id: int) -> tuple[int, ReturnedLine]:
    """The number of the line's order, which is locked, and the line."""
    order_id: int | None = await client.connection.fetchval(_ORDER_OF, line_id)
    if order_id is None or not await visible_ids(client, ORDER, viewer, [order_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "lineId")))
    if not may(viewer, Action.KEEP_STOCK):
        raise Refused(NotPermitted(path=(*INPUT, "lineId")))
    row = await client.connection.fetchrow(_LINE, line_id)
    if row is None:  # it went while the order's lock was waited for
        raise Refused(NotFound(path=(*INPUT, "lineId")))
    return order_id, ReturnedLine(
        product_id=row["product_id"],
        status=OrderStatus(row["status"]),
        quantity=row["quantity"],
        done=row["done"],
    )
