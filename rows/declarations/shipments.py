"""Shipments, and how much of an order and its lines has been sent."""

import models
from domain.orders.lateness import NEVER_LATE
from domain.orders.life_cycle import SENT, Fulfilment, OrderStatus
from domain.orders.shipments import ShipmentState
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import Column, Entity, Kind, Search, Sort, ToMany, ToOne, columns_of

_SENT = ", ".join(sorted(repr(status.value) for status in SENT))
_SHIPPED = "(SELECT coalesce(sum(s.quantity), 0) FROM shipment_line s WHERE s.order_line_id = {t}.id)"
_GOODS = "{t}.kind = 'PRODUCT' AND {t}.quantity > 0"

ORDER_FULFILMENT = Column(
    f"(CASE WHEN {{t}}.status IN ({_SENT}) THEN 'FULL'"
    f" WHEN {{t}}.status = '{OrderStatus.PACKED}' AND EXISTS (SELECT FROM shipment s WHERE s.order_id = {{t}}.id)"
    " THEN 'PARTIAL' ELSE 'NONE' END)",
    Kind.ENUM,
    enum=Fulfilment,
)
_IN_TIME = ", ".join(sorted(repr(status.value) for status in NEVER_LATE))
# As domain.orders.lateness says.
ORDER_LATE = Column(
    f"(({{t}}.status NOT IN ({_IN_TIME}) AND coalesce(({{t}}.delivered_at AT TIME ZONE {{zone}})::date,"
    f" CASE WHEN {{t}}.status <> '{OrderStatus.COMPLETED}' THEN {{today}} END) > {{t}}.required_by) IS TRUE)",
    Kind.BOOLEAN,
)
# What was sent without shipments, as imports have it, was sent as a whole.
LINE_SHIPPED = Column(
    f"(CASE WHEN NOT ({_GOODS}) THEN 0 WHEN {{via}}.status IN ({_SENT}) THEN {{t}}.quantity ELSE {_SHIPPED} END)",
    Kind.DECIMAL,
    filtered=False,
    via="order",
)
LINE_FULFILMENT = Column(
    f"(CASE WHEN NOT ({_GOODS}) THEN NULL WHEN {{via}}.status IN ({_SENT}) THEN 'FULL'"
    f" ELSE (SELECT CASE WHEN s.shipped = 0 THEN 'NONE' WHEN s.shipped < {{t}}.quantity THEN 'PARTIAL' ELSE 'FULL' END"
    f" FROM {_SHIPPED} s (shipped)) END)",
    Kind.ENUM,
    null=True,
    enum=Fulfilment,
    filtered=False,
    via="order",
)

SHIPMENT = Entity(
    name="Shipment",
    prefix="shp",
    table="shipment",
    scope=visibility.with_order,
    columns={
        **columns_of(
            models.Shipment,
            *("version", "carrier", "tracking_number", "shipped_at", "delivered_at", "created_at"),
            unfiltered=("version",),
        ),
        "carrier": Column("{t}.carrier", Kind.TEXT, null=True, uneven=True),
        # As the index has it.
        "state": Column(
            "(CASE WHEN {t}.delivered_at IS NULL THEN 'IN_TRANSIT' ELSE 'DELIVERED' END)",
            Kind.ENUM,
            enum=ShipmentState,
            uneven=True,
        ),
    },
    to_one={"order": ToOne("Order", "order_id"), "actor": ToOne("User", "by_id")},
    to_many={"lines": ToMany("ShipmentLine", "shipment_id", inverse="shipment")},
    token_scope=TokenScope.ORDERS_READ,
    sorts={"shipped_at": Sort("shipped_at", descending=True)},
    search=Search(
        parts={"trackingNumber": "tracking_number"}, wholes=("tracking_number",), ends={}, newest="shipped_at"
    ),
)

SHIPMENT_LINE = Entity(
    name="ShipmentLine",
    prefix="shl",
    table="shipment_line",
    scope=visibility.with_shipment,
    columns=columns_of(models.ShipmentLine, "quantity"),
    to_one={"shipment": ToOne("Shipment", "shipment_id"), "order_line": ToOne("OrderLine", "order_line_id")},
)
