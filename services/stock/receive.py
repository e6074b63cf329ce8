"""Goods that come into a warehouse."""

from domain.errors import Refused
from domain.numbers import plain
from domain.paths import INPUT
from domain.stock.entry import Receipt
from domain.stock.movements import MovementKind, piece_problems, room_problems
from domain.text import many_lines
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.idempotency import Request, once
from services.stock.keeping import place_problems, require_keeper
from services.stock.ledger import Movement, hold, move
from services.transaction import retrying, transaction


@retrying
async def receive_stock(*, viewer: Viewer, receipt: Receipt, idempotency_key: str | None = None) -> int:
    """Add what came to what is on hand; the id of the stock level.

    Raises Refused with NotPermitted, NotFound, InvalidInput (no stock is kept of the product, the warehouse is
    inactive) or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="stockReceive", key=idempotency_key, asked=receipt)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _receive(client, viewer, receipt))
    return outcome.settle()


async def _receive(client: TransactionClient, viewer: Viewer, receipt: Receipt) -> int:
    require_keeper(viewer)
    warehouses = {"warehouseId": receipt.warehouse_id}
    problems = [
        *piece_problems(receipt.quantity),
        *many_lines((*INPUT, "reason"), receipt.reason),
        *await place_problems(client, viewer, receipt.product_id, warehouses, into="warehouseId"),
    ]
    if problems:
        raise Refused(*problems)
    level = (await hold(client, receipt.product_id, receipt.warehouse_id))[receipt.warehouse_id]
    if beyond := tuple(room_problems((*INPUT, "quantity"), on_hand=level.on_hand, change=receipt.quantity)):
        raise Refused(*beyond)
    received = Movement(level_id=level.id, kind=MovementKind.RECEIPT, on_hand=plain(receipt.quantity))
    await move(client, [received], by=viewer.user_id, reason=receipt.reason)
    return level.id
