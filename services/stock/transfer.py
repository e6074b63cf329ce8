"""Goods that go from one warehouse to another."""

from domain.errors import InvalidInput, Refused
from domain.numbers import plain
from domain.paths import INPUT
from domain.problems import Problem
from domain.stock.entry import Transfer
from domain.stock.movements import MovementKind, piece_problems, room_problems
from domain.text import many_lines
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.idempotency import Request, once
from services.stock.keeping import place_problems, require_keeper
from services.stock.ledger import Level, Movement, hold, move
from services.transaction import retrying, transaction


@retrying
async def transfer_stock(*, viewer: Viewer, goods: Transfer, idempotency_key: str | None = None) -> int:
    """Take from one warehouse what nobody has reserved there, and add it to another; the id of the latter's level.

    Raises Refused with NotPermitted, NotFound, InvalidInput, StockShort (less is available) or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="stockTransfer", key=idempotency_key, asked=goods)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _transfer(client, viewer, goods))
    return outcome.settle()


async def _transfer(client: TransactionClient, viewer: Viewer, goods: Transfer) -> int:
    require_keeper(viewer)
    warehouses = {"fromWarehouseId": goods.from_warehouse_id, "toWarehouseId": goods.to_warehouse_id}
    problems = [
        *piece_problems(goods.quantity),
        *many_lines((*INPUT, "reason"), goods.reason),
        *await place_problems(client, viewer, goods.product_id, warehouses, into="toWarehouseId"),
    ]
    if goods.from_warehouse_id == goods.to_warehouse_id:
        problems.append(InvalidInput(path=(*INPUT, "toWarehouseId"), problem=Problem.DUPLICATE))
    if problems:
        raise Refused(*problems)
    levels = await hold(client, goods.product_id, *warehouses.values())
    source, target = levels[goods.from_warehouse_id], levels[goods.to_warehouse_id]
    _check(goods, source, target)
    quantity, kind = plain(goods.quantity), MovementKind.TRANSFER
    moved = [
        Movement(level_id=source.id, kind=kind, on_hand=-quantity),
        Movement(level_id=target.id, kind=kind, on_hand=quantity),
    ]
    await move(client, moved, by=viewer.user_id, reason=goods.reason)
    return target.id


def _check(goods: Transfer, source: Level, target: Level) -> None:
    path = (*INPUT, "quantity")
    if goods.quantity > source.available:
        raise Refused(source.short(path, goods.quantity))
    if beyond := tuple(room_problems(path, on_hand=target.on_hand, change=goods.quantity)):
        raise Refused(*beyond)
