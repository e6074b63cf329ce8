"""Putting right what is on hand: after a count, a loss, a find."""

from domain.errors import Refused
from domain.numbers import plain
from domain.paths import INPUT
from domain.stock.entry import Adjustment
from domain.stock.movements import MovementKind, piece_problems, room_problems
from domain.text import many_lines
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.idempotency import Request, once
from services.stock.keeping import place_problems, require_keeper
from services.stock.ledger import Level, Movement, hold, move
from services.transaction import retrying, transaction


@retrying
async def adjust_stock(*, viewer: Viewer, adjustment: Adjustment, idempotency_key: str | None = None) -> int:
    """Add the difference to what is on hand, whose reserved part stays; the id of the stock level.

    Raises Refused with NotPermitted, NotFound, InvalidInput, StockShort (more would go than is available) or
    IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="stockAdjust", key=idempotency_key, asked=adjustment)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _adjust(client, viewer, adjustment))
    return outcome.settle()


async def _adjust(client: TransactionClient, viewer: Viewer, adjustment: Adjustment) -> int:
    require_keeper(viewer)
    problems = [
        *piece_problems(adjustment.quantity, signed=True),
        *many_lines((*INPUT, "reason"), adjustment.reason),
        *await place_problems(client, viewer, adjustment.product_id, {"warehouseId": adjustment.warehouse_id}),
    ]
    if problems:
        raise Refused(*problems)
    level = (await hold(client, adjustment.product_id, adjustment.warehouse_id))[adjustment.warehouse_id]
    _check(level, adjustment)
    adjusted = Movement(level_id=level.id, kind=MovementKind.ADJUSTMENT, on_hand=plain(adjustment.quantity))
    await move(client, [adjusted], by=viewer.user_id, reason=adjustment.reason)
    return level.id


def _check(level: Level, adjustment: Adjustment) -> None:
    path = (*INPUT, "quantity")
    if beyond := tuple(room_problems(path, on_hand=level.on_hand, change=adjustment.quantity)):
        raise Refused(*beyond)
    if -adjustment.quantity > level.available:
        raise Refused(level.short(path, -adjustment.quantity))
