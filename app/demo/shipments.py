"""How the demo company's orders were sent: most at once, by one of two carriers, some in parts."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from app.demo.organisation import Organisation
from app.demo.rows import Row, Rows
from app.demo.stock import issue
from domain.orders.life_cycle import LineKind, OrderStatus

CARRIERS = (("Royal Mail", "RM"), ("顺丰速运", "SF"))
_SENT = frozenset({OrderStatus.SHIPPED, OrderStatus.COMPLETED})


def add_shipments(rows: Rows, choice: Random, organisation: Organisation) -> None:
    """A shipment of each order that was sent; what is completed has arrived when it was."""
    lines: dict[int, list[Row]] = {}
    for line in rows.of("order_line"):
        if line["kind"] == LineKind.PRODUCT and line["quantity"] > 0:
            lines.setdefault(line["order_id"], []).append(line)
    moments = {(change["order_id"], change["to_status"]): change["at"] for change in rows.of("order_status_change")}
    for order in rows.of("sales_order"):
        if order["status"] in _SENT:
            sent = moments[order["id"], OrderStatus.SHIPPED]
            order["delivered_at"] = moments.get((order["id"], OrderStatus.COMPLETED))
            carrier, letters = choice.choice(CARRIERS)
            shipment = _ship(
                rows,
                order,
                sent,
                by=organisation.people["fulfilment"],
                carrier=carrier,
                tracking_number=f"{letters}{choice.randrange(10**9):09}",
                arrived=order["delivered_at"],
            )
            for line in lines.get(order["id"], ()):
                rows.add("shipment_line", shipment_id=shipment, order_line_id=line["id"], quantity=line["quantity"])
        else:
            order["delivered_at"] = None


def send_some(rows: Rows, organisation: Organisation, *, end: datetime) -> None:
    """Of every other order that is packed, some pieces have gone already, and the rest is to follow."""
    packed = [order for order in rows.of("sales_order") if order["status"] == OrderStatus.PACKED]
    levels = {(level["warehouse_id"], level["product_id"]): level for level in rows.of("stock_level")}
    house = rows.of("warehouse")[0]["id"]
    stocked = {product["id"] for product in rows.of("product") if product["stocked"]}
    by = organisation.people["fulfilment"]
    for order in packed[::2]:
        goods = [line for line in rows.of("order_line") if line["order_id"] == order["id"] and line["product_id"]]
        part = _part(goods)
        if not part:
            continue
        line, pieces = part
        at = min(order["updated_at"] + timedelta(hours=1), end - timedelta(minutes=1))
        shipment = _ship(rows, order, at, by=by, carrier=CARRIERS[0][0], tracking_number=f"RM{order['id']:09}")
        rows.add("shipment_line", shipment_id=shipment, order_line_id=line["id"], quantity=pieces)
        if line["product_id"] in stocked:
            issue(rows, levels[house, line["product_id"]], line, pieces, by=by, at=at)
        order["version"] += 1


def _part(goods: list[Row]) -> tuple[Row, Decimal] | None:
    """What can go alone: the first line, or half of the only one; None where that is one piece."""
    first = goods[0]
    pieces = first["quantity"] if len(goods) > 1 else first["quantity"] // 2
    return (first, pieces) if pieces else None


def _ship(
    rows: Rows,
    order: Row,
    at: datetime,
    *,
    by: int,
    carrier: str,
    tracking_number: str,
    arrived: datetime | None = None,
) -> int:
    return rows.add(
        "shipment",
        version=1,
        order_id=order["id"],
        carrier=carrier,
        tracking_number=tracking_number,
        shipped_at=at,
        delivered_at=arrived,
        by_id=by,
        created_at=at,
    )
