"""From when on stock is low."""

from domain.errors import Refused
from domain.numbers import plain
from domain.stock.entry import ReorderPoint
from domain.stock.movements import reorder_point_problems
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.idempotency import Request, once
from services.stock.keeping import place_problems, require_keeper
from services.stock.ledger import hold, set_reorder_point
from services.transaction import retrying, transaction


@retrying
async def set_reorder_point_of(*, viewer: Viewer, wanted: ReorderPoint, idempotency_key: str | None = None) -> int:
    """Say from when on a warehouse has too little of a product; the id of the stock level.

    Where it has too little already, that is told at once. Raises Refused with NotPermitted, NotFound, InvalidInput or
    IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="reorderPointSet", key=idempotency_key, asked=wanted)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _set(client, viewer, wanted))
    return outcome.settle()


async def _set(client: TransactionClient, viewer: Viewer, wanted: ReorderPoint) -> int:
    require_keeper(viewer)
    problems = [
        *reorder_point_problems(wanted.reorder_point),
        *await place_problems(client, viewer, wanted.product_id, {"warehouseId": wanted.warehouse_id}),
    ]
    if problems:
        raise Refused(*problems)
    level = (await hold(client, wanted.product_id, wanted.warehouse_id))[wanted.warehouse_id]
    point = None if wanted.reorder_point is None else plain(wanted.reorder_point)
    await set_reorder_point(client, level, point, by=viewer.user_id)
    return level.id
