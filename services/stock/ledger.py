"""The one place that moves stock: an entry of the ledger and the balance that follows from it are one statement.

Whoever moves stock has locked the levels before, by `hold` or `hold_supplies`, in order of their ids, after the order
for which it is, if it is for one. So nobody waits for a level while holding one that comes later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import asyncpg

from domain.errors import StockShort
from domain.events import Aggregate, EventType
from domain.numbers import NOTHING
from domain.paths import Path
from domain.stock.movements import MovementKind
from models.connection import TransactionClient
from services.clock import now
from services.outbox import events_of


@dataclass(frozen=True, kw_only=True)
class Level:
    """What a warehouse has of a product, by its `sku`; locked."""

    id: int
    product_id: int
    sku: str
    on_hand: Decimal
    reserved: Decimal

    @property
    def available(self) -> Decimal:
        """What nobody has reserved."""
        return self.on_hand - self.reserved

    def short(self, path: Path, requested: Decimal) -> StockShort:
        """The refusal of more than is available, at the input at fault."""
        return StockShort(
            path=path, product_id=self.product_id, sku=self.sku, requested=requested, available=self.available
        )


@dataclass(frozen=True, kw_only=True)
class Movement:
    """What is added to a level, below zero for what is taken away; `line_id` is the order's line that it is for."""

    level_id: int
    kind: MovementKind
    on_hand: Decimal = NOTHING
    reserved: Decimal = NOTHING
    line_id: int | None = None


_MAKE = """
INSERT INTO stock_level (warehouse_id, product_id, on_hand, reserved, low, last_seq, created_at, updated_at)
SELECT w, $2, 0, 0, false, 0, $3, $3 FROM unnest($1::bigint[]) w ORDER BY w
ON CONFLICT (product_id, warehouse_id) DO NOTHING
"""
_HOLD = """
SELECT l.warehouse_id, l.id, l.product_id, p.sku, l.on_hand, l.reserved
FROM stock_level l JOIN product p ON p.id = l.product_id
WHERE l.product_id = $2 AND l.warehouse_id = ANY ($1::bigint[]) ORDER BY l.id FOR UPDATE OF l
"""
_LOW = "coalesce({on_hand} - {reserved} < {point}, false)"
_NOW_LOW = _LOW.format(on_hand="(l.on_hand + t.on_hand)", reserved="(l.reserved + t.reserved)", point="l.reorder_point")
_MOVE = f"""
WITH moved AS (
    INSERT INTO stock_movement (level_id, warehouse_id, product_id, kind, on_hand_change, reserved_change,
                                order_id, order_line_id, by_id, reason, at)
    SELECT l.id, l.warehouse_id, l.product_id, m.kind, m.on_hand, m.reserved, $6, m.line, $7, $8, $9
    FROM unnest($1::bigint[], $2::text[], $3::numeric[], $4::numeric[], $5::bigint[]) WITH ORDINALITY
        AS m (level, kind, on_hand, reserved, line, place)
    JOIN stock_level l ON l.id = m.level ORDER BY m.place
    RETURNING level_id, on_hand_change, reserved_change
), totals AS (
    SELECT level_id, sum(on_hand_change) AS on_hand, sum(reserved_change) AS reserved FROM moved GROUP BY level_id
)
UPDATE stock_level l SET
    on_hand = trim_scale(l.on_hand + t.on_hand), reserved = trim_scale(l.reserved + t.reserved), updated_at = $9,
    low = {_NOW_LOW}, last_seq = l.last_seq + ({_NOW_LOW} AND NOT l.low)::int
FROM totals t WHERE t.level_id = l.id
RETURNING l.id, new.low AND NOT old.low AS fell
"""  # noqa: S608  # of expressions of the code
_NEW_LOW = _LOW.format(on_hand="l.on_hand", reserved="l.reserved", point="$2::numeric")
_SET_REORDER_POINT = f"""
UPDATE stock_level l SET
    reorder_point = $2, updated_at = $3, low = {_NEW_LOW}, last_seq = l.last_seq + ({_NEW_LOW} AND NOT l.low)::int
WHERE l.id = $1 AND l.reorder_point IS DISTINCT FROM $2
RETURNING l.id, new.low AND NOT old.low AS fell
"""  # noqa: S608  # of expressions of the code
_TELL = events_of(
    Aggregate.STOCK,
    EventType.STOCK_LOW,
    rows="stock_level t WHERE t.id = ANY ($1::bigint[])",
    payload="""jsonb_build_object('by', $3::bigint, 'available', (t.on_hand - t.reserved)::text,
                                  'reorderPoint', t.reorder_point::text)""",
    at="$2::timestamptz",
    before={},
)


async def hold(client: TransactionClient, product_id: int, *warehouse_ids: int) -> dict[int, Level]:
    """The levels of the product in these warehouses, by warehouse, locked; made empty where there are none."""
    await client.connection.execute(_MAKE, list(warehouse_ids), product_id, now())
    rows = await client.connection.fetch(_HOLD, list(warehouse_ids), product_id)
    levels = [dict(row) for row in rows]
    return {level.pop("warehouse_id"): Level(**level) for level in levels}


async def move(
    client: TransactionClient,
    movements: Sequence[Movement],
    *,
    by: int | None,
    reason: str | None = None,
    order_id: int | None = None,
) -> None:
    """Write `movements` of levels that are locked, and tell of each level that becomes low.

    What the ledger cannot hold (less than nothing, more reserved than there is) violates a constraint: rules of the
    domain say so before.
    """
    rows = await client.connection.fetch(
        _MOVE,
        [each.level_id for each in movements],
        [each.kind.value for each in movements],
        [each.on_hand for each in movements],
        [each.reserved for each in movements],
        [each.line_id for each in movements],
        order_id,
        by,
        reason,
        now(),
    )
    await _tell(client, rows, by)


async def set_reorder_point(client: TransactionClient, level: Level, point: Decimal | None, *, by: int) -> None:
    """From now on the level, which is locked, is low where less than `point` is available; never for None."""
    await _tell(client, await client.connection.fetch(_SET_REORDER_POINT, level.id, point, now()), by)


async def _tell(client: TransactionClient, rows: Sequence[asyncpg.Record], by: int | None) -> None:
    if fallen := [row["id"] for row in rows if row["fell"]]:
        await client.connection.execute(_TELL, fallen, now(), by)
