"""Who works for the company, what each may do, and which orders they see."""

from typing import Any

from tests.lives.sums import Row

TEAMS = {"north": None, "leeds": "north", "south": None}
"""Each with the team above it."""
PEOPLE: dict[str, tuple[tuple[str, ...], str | None]] = {
    "ann": (("REP",), "leeds"),
    "bob": (("REP",), "south"),
    "rex": (("REP", "REVIEWER"), "south"),
    "mia": (("MANAGER",), "north"),
    "rita": (("REVIEWER",), "south"),
    "fred": (("FULFILMENT",), None),
    "sue": (("SERVICE",), None),
    "fay": (("FINANCE",), None),
    "ada": (("ADMIN",), None),
    "ned": ((), "leeds"),
}
"""Roles, which add up, and team."""
ACTIONS: dict[str, dict[str, set[str]]] = {
    "enter": {"own": {"REP"}, "team": {"MANAGER"}},
    "return": {"own": {"REP"}, "team": {"MANAGER"}, "all": {"SERVICE"}},
    "review": {"team": {"MANAGER"}, "all": {"REVIEWER"}},
    "fulfil": {"all": {"FULFILMENT"}},
    "serve": {"all": {"SERVICE"}},
    "pay": {"all": {"FINANCE"}},
    "keep stock": {"all": {"FULFILMENT"}},
    "assign": {"team": {"MANAGER"}},
    "override": {"team": {"MANAGER"}},
}
"""Who may do something with their own orders, with those of their teams, and with all; ADMIN may do everything."""
NOBODY = (None, None)
UNDER_REVIEW = {"PENDING_REVIEW", "NEEDS_INFO"}
RETURNING = {"REQUESTED", "AUTHORISED", "RECEIVED", "REFUNDED", "EXCHANGED", "DECLINED"}
APPROVED_ON = {"APPROVED", "PICKING", "BACKORDERED", "PACKED", "SHIPPED", "COMPLETED"} | RETURNING - {
    *("REQUESTED", "DECLINED")
}
SHIPPED_ON = {"SHIPPED", "COMPLETED"} | RETURNING


def roles(name: str) -> set[str]:
    return set(PEOPLE[name][0])


def team(name: str) -> str | None:
    return PEOPLE[name][1]


def teams(name: str) -> set[str]:
    """Somebody's team, and all below it."""
    return {each for each in TEAMS if team(name) and team(name) in _upwards(each)}


def _upwards(name: str | None) -> list[str]:
    return [name, *_upwards(TEAMS[name])] if name else []


def may(name: str, action: str, owner: str | None, of_team: str | None) -> bool:
    """Whether somebody may do this to what is that owner's and team's."""
    among, has = ACTIONS[action], roles(name)
    return (
        "ADMIN" in has
        or bool(has & among.get("all", set()))
        or (of_team in teams(name) and bool(has & among.get("team", set())))
        or (owner == name and bool(has & among.get("own", set())))
    )


def may_at_all(name: str, action: str) -> bool:
    """Whether there is anything to which somebody may do this."""
    return "ADMIN" in roles(name) or any(roles(name) & among for among in ACTIONS[action].values())


def may_with(name: str, action: str, order: Row) -> bool:
    return may(name, action, order["owner"], order["team"])


def sees(name: str, order: Row) -> bool:
    """Whether an order is there for somebody."""
    has, status = roles(name), order["status"]
    return (
        bool(has & {"ADMIN", "FINANCE"})
        or order["owner"] == name
        or name in order["shared"]
        or ("MANAGER" in has and order["team"] in teams(name))
        or ("REVIEWER" in has and (status in UNDER_REVIEW or order["reviewer"] == name))
        or ("FULFILMENT" in has and status in APPROVED_ON)
        or ("SERVICE" in has and status in SHIPPED_ON)
    )


def sees_customer(name: str, owner: str | None) -> bool:
    """Whether a customer of that owner is there for somebody."""
    has = roles(name)
    return (
        bool(has & {"ADMIN", "FINANCE", "SERVICE"})
        or owner == name
        or ("MANAGER" in has and owner is not None and team(owner) in teams(name))
    )


def owner_of_new(
    name: str, customers: str | None, wanted: str | None, original: Row | None
) -> tuple[Any, list[tuple[str, str]]]:
    """Whose a new order becomes, with the team, and why not: `customers` owns its customer, `wanted` was named.

    What comes back of an `original` goes with it, for whoever may enter it for them.
    """
    to, enter = wanted or name, "return" if original else "enter"
    if not wanted and original and original["team"] and may(name, enter, original["owner"], original["team"]):
        return (original["owner"], original["team"]), []
    if not wanted and customers and team(customers) and may(name, "assign", customers, team(customers)):
        return (customers, team(customers)), []
    if not wanted and original and may(name, enter, None, None):
        return NOBODY, []
    if not wanted and not team(name) and may(name, "assign", None, None):
        return NOBODY, []
    if not may(name, enter, to, team(to)):
        return NOBODY, [("input.ownerId", "NOT_PERMITTED")]
    return (to, team(to)), [] if team(to) else [("input.ownerId", "owner_without_team")]
