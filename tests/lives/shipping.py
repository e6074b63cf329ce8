"""Shipments: what goes to the carrier, and when it arrives."""

from tests.lives.model import Faults, Model
from tests.lives.people import may_with, sees
from tests.lives.steps import add_shipment, move_on, step_faults
from tests.lives.sums import Row
from tests.lives.ways_out import lines_faults


def ship(model: Model, by: str, given: Row) -> Faults:
    """shipmentCreate: the order is sent with the last piece."""
    order = model.orders.get(given["orderId"])
    if not order or not sees(by, order):
        return [("input.orderId", "NOT_FOUND")]
    if order["version"] != given["expectedVersion"]:
        return [("input.expectedVersion", "VERSION_CONFLICT")]
    if faults := step_faults(order, "orderShip", by, {}, named="input.orderId"):
        return faults
    left, lines = model.to_send(order), given.get("lines")
    if lines is not None and (faults := lines_faults(lines, left)):
        return faults
    pieces = left if lines is None else {each["lineId"]: each.get("quantity") or left[each["lineId"]] for each in lines}
    add_shipment(model, order, pieces)
    if any(model.to_send(order).values()):
        model.wrote(order, "order.partly_shipped")
    else:
        move_on(model, order, "orderShip", by, None)
    return []


def deliver(model: Model, by: str, given: Row) -> Faults:
    """shipmentDeliver: the order is delivered when it is wholly sent and all of it has arrived."""
    found = model.parcel(given["id"])
    if not found or not sees(by, found[1]):
        return [("input.id", "NOT_FOUND")]
    shipment, order = found
    if not (may_with(by, "fulfil", order) or may_with(by, "serve", order)):
        return [("input.id", "NOT_PERMITTED")]
    if shipment["version"] != given["expectedVersion"]:
        return [("input.expectedVersion", "VERSION_CONFLICT")]
    if "deliveredAt" in given:  # long before anything was sent
        return [("input.deliveredAt", "too_early")]
    shipment["version"] += 1
    shipment["delivered"] = True
    if order["status"] != "PACKED":
        order["delivered"] = all(each["delivered"] for each in order["shipments"])
    model.wrote(order, "order.delivered")
    return []


def correct(model: Model, by: str, given: Row) -> Faults:
    """shipmentUpdate: who carries it, until it has arrived; what is there already is no change."""
    found = model.parcel(given["id"])
    if not found or not sees(by, found[1]):
        return [("input.id", "NOT_FOUND")]
    shipment, order = found
    if not may_with(by, "fulfil", order):
        return [("input.id", "NOT_PERMITTED")]
    if shipment["version"] != given["expectedVersion"]:
        return [("input.expectedVersion", "VERSION_CONFLICT")]
    changed = {name: given[name] for name in ("carrier", "trackingNumber") if name in given}
    faults = [("input.id", "delivered")] * shipment["delivered"]
    faults += [(f"input.{name}", "blank") for name, value in changed.items() if value == ""]
    if not faults and changed != {name: shipment[name] for name in changed}:
        shipment |= changed
        shipment["version"] += 1
        model.wrote(order, "order.updated")
    return faults
