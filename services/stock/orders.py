"""What orders do to stock: reserve it, let it go, or take it away. The order is locked before."""

from collections.abc import Mapping
from decimal import Decimal

from domain.errors import Refused, StockShort
from domain.stock.effects import StockEffect
from domain.stock.movements import MovementKind
from domain.stock.reserving import Need, Supply, Taking, reserve, taken_from
from models.connection import TransactionClient
from rows.picking import NEEDED
from services.stock.ledger import Movement, move

_NEEDS = f"""
SELECT l.id AS line_id, l.product_id, p.sku, l.quantity FROM order_line l JOIN product p ON p.id = l.product_id
WHERE l.order_id = $1 AND {NEEDED} ORDER BY l.position, l.id
"""  # noqa: S608  # of our own making
# A lock that was waited for gives the row as it is then, so nothing is decided on what it was before.
_SUPPLIES = """
SELECT s.id AS level_id, s.warehouse_id, w.position AS rank, s.product_id, s.on_hand - s.reserved AS available
FROM stock_level s JOIN warehouse w ON w.id = s.warehouse_id
WHERE s.product_id = ANY ($1::bigint[]) AND w.active ORDER BY s.id FOR UPDATE OF s
"""
_RESERVED = """
SELECT level_id, order_line_id AS line_id, sum(reserved_change) AS quantity FROM stock_movement
WHERE order_id = $1 GROUP BY level_id, order_line_id HAVING sum(reserved_change) > 0 ORDER BY level_id, order_line_id
"""
_HOLD = "SELECT FROM stock_level WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE"


async def apply_effect(client: TransactionClient, effect: StockEffect, *, order_id: int, by: int | None) -> None:
    """Do to stock what a step of the order does. Raises Refused with a StockShort for each line that is short."""
    if effect in {StockEffect.RESERVE, StockEffect.SEND}:
        await _reserve(client, order_id, by)
    if effect is StockEffect.RELEASE:
        await _undo(client, order_id, by, MovementKind.RELEASE)
    if effect is StockEffect.SEND:
        await _undo(client, order_id, by, MovementKind.ISSUE)


async def undo_pieces(
    client: TransactionClient, kind: MovementKind, pieces: Mapping[int, Decimal], *, order_id: int, by: int | None
) -> None:
    """RELEASE or ISSUE what the order has reserved of so many `pieces` of its lines, by their ids.

    Of a line that has reserved fewer, since no stock was kept when it was picked, that is all.
    """
    await _undo(client, order_id, by, kind, pieces)


async def _reserve(client: TransactionClient, order_id: int, by: int | None) -> None:
    needs = [Need(**dict(row)) for row in await client.connection.fetch(_NEEDS, order_id)]
    if not needs:
        return
    rows = await client.connection.fetch(_SUPPLIES, [need.product_id for need in needs])
    decided = reserve(needs, [Supply(**dict(row)) for row in rows])
    if short := [each for each in decided if isinstance(each, StockShort)]:
        raise Refused(*short)
    reserved = [
        Movement(
            level_id=taking.level_id, kind=MovementKind.RESERVATION, reserved=taking.quantity, line_id=taking.line_id
        )
        for taking in decided
        if isinstance(taking, Taking)
    ]
    await move(client, reserved, by=by, order_id=order_id)


async def _undo(
    client: TransactionClient,
    order_id: int,
    by: int | None,
    kind: MovementKind,
    pieces: Mapping[int, Decimal] | None = None,
) -> None:
    """Release what the order has reserved, or issue it: then it is no longer on hand either. All without `pieces`."""
    rows = await client.connection.fetch(_RESERVED, order_id)
    reserved = [Taking(**dict(row)) for row in rows]
    taken = reserved if pieces is None else taken_from(reserved, pieces)
    if not taken:
        return
    await client.connection.execute(_HOLD, [taking.level_id for taking in taken])
    gone = -1 if kind is MovementKind.ISSUE else 0
    undone = [
        Movement(
            level_id=taking.level_id,
            kind=kind,
            on_hand=gone * taking.quantity,
            reserved=-taking.quantity,
            line_id=taking.line_id,
        )
        for taking in taken
    ]
    await move(client, undone, by=by, order_id=order_id)
