"""What the demo company's warehouses hold: enough of most things, too little of some, and what open orders reserved."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from random import Random

from app.demo.organisation import Organisation
from app.demo.rows import Row, Rows
from domain.orders.life_cycle import OrderStatus
from domain.stock.movements import MovementKind

WAREHOUSES = (("leicester", "Leicester"), ("suzhou", "苏州仓"))
NOTHING = Decimal(0)
REORDER_AT = Decimal(20)
_RESERVING = frozenset({OrderStatus.PICKING, OrderStatus.PACKED})


def add_stock(rows: Rows, choice: Random, organisation: Organisation, *, made_at: datetime) -> None:
    """Two warehouses with stock of what is stocked; the first one has what orders being picked have reserved."""
    houses = [
        rows.add("warehouse", version=1, code=code, name=name, position=place, active=True, created_at=made_at)
        for place, (code, name) in enumerate(WAREHOUSES, start=1)
    ]
    reserved = _reserved(rows)
    short = _short(rows)
    keeper = organisation.people["fulfilment"]
    for product in rows.of("product"):
        if not product["stocked"]:
            continue
        for house in houses:
            lines = reserved[product["id"]] if house == houses[0] else []
            free = Decimal(choice.choices((0, 7, 60, 140, 400), weights=(1, 2, 10, 10, 5))[0])
            if product["id"] in short:
                free = NOTHING
            _fill(rows, house, product, free, lines, by=keeper, made_at=made_at)


def _reserved(rows: Rows) -> defaultdict[int, list[Row]]:
    """The lines of orders that are being picked, by product."""
    orders = {order["id"] for order in rows.of("sales_order") if order["status"] in _RESERVING}
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for line in rows.of("order_line"):
        if line["order_id"] in orders and line["product_id"] and line["quantity"] > 0:
            found[line["product_id"]].append(line)
    return found


def _short(rows: Rows) -> set[int]:
    """The products for which orders wait: nothing of the first thing on each is left."""
    waiting = {order["id"] for order in rows.of("sales_order") if order["status"] == OrderStatus.BACKORDERED}
    first = {line["order_id"]: line["product_id"] for line in reversed(rows.of("order_line")) if line["product_id"]}
    return {first[order] for order in waiting}


def issue(rows: Rows, level: Row, line: Row, pieces: Decimal, *, by: int, at: datetime) -> None:
    """So many pieces of a line, which are reserved, leave the warehouse."""
    level["on_hand"] -= pieces
    level["reserved"] -= pieces
    place = {"level_id": level["id"], "warehouse_id": level["warehouse_id"], "product_id": level["product_id"]}
    _move(rows, place, MovementKind.ISSUE, -pieces, -pieces, line, by=by, at=at)


def _fill(rows: Rows, house: int, product: Row, free: Decimal, lines: list[Row], *, by: int, made_at: datetime) -> None:
    """Goods that came in at the beginning, `free` of which nobody has reserved, and what `lines` have."""
    held = sum((line["quantity"] for line in lines), NOTHING)
    level = rows.add(
        "stock_level",
        warehouse_id=house,
        product_id=product["id"],
        on_hand=free + held,
        reserved=held,
        reorder_point=REORDER_AT,
        low=free < REORDER_AT,
        last_seq=0,
        created_at=made_at,
        updated_at=made_at,
    )
    place = {"level_id": level, "warehouse_id": house, "product_id": product["id"]}
    if free + held:
        _move(rows, place, MovementKind.RECEIPT, free + held, NOTHING, None, by=by, at=made_at)
    for line in lines:
        at = rows.of("sales_order")[line["order_id"] - 1]["updated_at"]
        _move(rows, place, MovementKind.RESERVATION, NOTHING, line["quantity"], line, by=by, at=at)


def _move(
    rows: Rows,
    place: Row,
    kind: MovementKind,
    on_hand: Decimal,
    reserved: Decimal,
    line: Row | None,
    *,
    by: int,
    at: datetime,
) -> None:
    rows.add(
        "stock_movement",
        **place,
        kind=kind,
        on_hand_change=on_hand,
        reserved_change=reserved,
        order_id=line and line["order_id"],
        order_line_id=line and line["id"],
        by_id=by,
        reason=None if line else "Opening balance",
        at=at,
    )
