"""How the demo company's orders were sent: each at once, by one of two carriers."""

from random import Random

from app.demo.organisation import Organisation
from app.demo.rows import Row, Rows
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
            shipment = rows.add(
                "shipment",
                version=1,
                order_id=order["id"],
                carrier=carrier,
                tracking_number=f"{letters}{choice.randrange(10**9):09}",
                shipped_at=sent,
                delivered_at=order["delivered_at"],
                by_id=organisation.people["fulfilment"],
                created_at=sent,
            )
            for line in lines.get(order["id"], ()):
                rows.add("shipment_line", shipment_id=shipment, order_line_id=line["id"], quantity=line["quantity"])
        else:
            order["delivered_at"] = None
