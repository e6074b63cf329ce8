"""Whose orders are, and tiers that somebody promises."""

from tests.lives.model import OVER, Faults, Model
from tests.lives.people import may, may_with, sees, team
from tests.lives.sums import Row


def assign(model: Model, by: str, given: Row) -> Faults:
    """orderAssign: to a person, to a team where it waits for one, or to a person on behalf of another team."""
    order = model.orders.get(given["id"])
    if not order or not sees(by, order):
        return [("input.id", "NOT_FOUND")]
    if not may_with(by, "assign", order):
        return [("input.id", "NOT_PERMITTED")]
    if order["version"] != given["expectedVersion"]:
        return [("input.expectedVersion", "VERSION_CONFLICT")]
    to, to_team = given.get("toUserId"), given.get("toTeamId")
    if not to and not to_team:
        return [("input.toUserId", "missing")]
    of_team = to_team or team(to)
    if of_team is None:
        return [("input.toUserId", "owner_without_team")]
    if not may(by, "assign", None, of_team):
        return [("input.toTeamId" if to_team else "input.toUserId", "NOT_PERMITTED")]
    before, after = [order["owner"], order["team"]], [to, of_team]
    if before != after:
        order["owner"], order["team"] = after
        order["owners"].append([*before, *after, by])
        model.wrote(order, "order.assigned")
    return []


def override(model: Model, by: str, given: Row) -> Faults:
    """orderTierOverride: no rule moves the order while it holds."""
    order = model.orders.get(given["id"])
    if not order or not sees(by, order):
        return [("input.id", "NOT_FOUND")]
    if not may_with(by, "override", order):
        return [("input.id", "NOT_PERMITTED")]
    if order["status"] in OVER:
        return [("input.id", "NOT_EDITABLE")]
    faults = [("input.reason", "blank")] * (not given["reason"].strip())
    if not 1 <= given.get("priority", 1) <= 9:
        faults.append(("input.priority", "out_of_range"))
    if faults:
        return faults
    order["overrides"] += 1
    order["override"] = {"tier": given["tierId"], "holds": True}
    order["rule"], order["tier"] = None, given["tierId"]
    order["priority"] = given.get("priority", order["priority"])
    model.told(order, "order.tier_overridden")
    return []


def end_override(model: Model, by: str, given: Row) -> Faults:
    """orderTierOverrideEnd: rules give the tier again, but to an order that is over."""
    order = model.orders.get(given["id"])
    if not order or not sees(by, order):
        return [("input.id", "NOT_FOUND")]
    if not may_with(by, "override", order):
        return [("input.id", "NOT_PERMITTED")]
    if not order["override"] or not order["override"]["holds"]:
        return []
    order["override"] = order["override"] | {"holds": False} if order["status"] in OVER else None
    model.classify(order)
    model.told(order, "order.tier_override_ended")
    return []
