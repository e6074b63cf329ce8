"""What the company knows of orders, stock and money, in dicts; and what follows from it."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from tests.lives.company import CUSTOMERS, RULES, SHUT_IN
from tests.lives.sums import NOTHING, F, Row, rounded

Faults = list[tuple[str, str]]
"""Why something is refused: each the path in the input, and the problem with it or else the error's code."""
CALLED_OFF = {"CANCELLED", "REJECTED", "DECLINED"}
OVER = {"COMPLETED", "REFUNDED", "EXCHANGED"} | CALLED_OFF
OWED_FOR = {
    *("PENDING_REVIEW", "NEEDS_INFO", "APPROVED", "PICKING", "BACKORDERED", "PACKED", "SHIPPED", "COMPLETED"),
    *("RECEIVED", "REFUNDED", "EXCHANGED"),
}
"""Where an order's total counts as owed: from when it was handed in, of a return from when the goods are back."""
SENT = {"SHIPPED", "COMPLETED", "EXCHANGED"}
SALES = {"NEW", "RENEWAL"}
Place = tuple[str, str]
"""A warehouse and a product."""


class Model:
    """All that is. `orders` by their numbers; `on_hand` by place; `reserved` by order, line and place.

    `seen` is what the database holds after the command that is told now: new numbers are found there.
    """

    def __init__(self) -> None:
        self.orders: dict[int, Row] = {}
        self.on_hand: dict[Place, F] = {place: F(many) for place, many in SHUT_IN.items()}
        self.reserved: dict[tuple[int, int, Place], F] = {}
        self.returned: dict[int, F] = {}
        self.keys: dict[tuple[str, str, str], tuple[Any, Faults]] = {}
        self.seen: Row = {}
        self.levels: list[Place] = []
        self.stale: dict[str, datetime] = {}

    def copy(self) -> "Model":
        return deepcopy(self)

    def order_of_line(self, line_id: int) -> Row | None:
        return next((o for o in self.orders.values() if any(line["id"] == line_id for line in o["lines"])), None)

    def entry(self, payment_id: int) -> tuple[Row, Row] | None:
        """An entry of the ledger, with its order."""
        return next(((p, o) for o in self.orders.values() for p in o["payments"] if p["id"] == payment_id), None)

    def parcel(self, shipment_id: int) -> tuple[Row, Row] | None:
        """A shipment, with its order."""
        return next(((s, o) for o in self.orders.values() for s in o["shipments"] if s["id"] == shipment_id), None)

    def number_of_new(self, kind: str, order: Row | None = None) -> int:
        """The number that the database gave to the newest order, or to the newest row of this kind of an order."""
        if order is None:
            return max(self.seen["orders"], default=0)
        there = self.seen["orders"].get(order["id"])
        return max((each["id"] for each in there[kind]), default=0) if there else 0

    def number_lines(self, order: Row) -> None:
        """Give lines without a number the one that the database has at their place."""
        there = self.seen["orders"].get(order["id"], {"lines": []})["lines"]
        for place, line in enumerate(order["lines"]):
            if line["id"] is None:
                line["id"] = there[place]["id"] if place < len(there) else 0

    def wrote(self, order: Row, event: str) -> None:
        """An order was changed: its version grows, an event tells of it, and it is classified again."""
        order["version"] += 1
        order["events"].append(event)
        self.classify(order)
        self.others_may_change(order)

    def noted(self, order: Row, was: str | None, by: str | None, reason: str | None) -> None:
        """A row of the order's history."""
        order["history"].append([was, order["status"], by, reason])

    def told(self, order: Row, event: str) -> None:
        """An event that is about money or an override alone, which changes no version."""
        order["events"].append(event)

    def classify(self, order: Row) -> bool:
        """By the first rule that holds, unless somebody has overridden it; whether anything moved."""
        if order["override"]:
            return False
        rule = next((rule for rule in RULES if rule["holds"](order, lambda days: self.frequency(order, days))), None)
        before = (order["rule"], order["tier"], order["priority"])
        order["rule"], order["tier"], order["priority"] = (
            (rule["name"], rule["tier"], rule["priority"]) if rule else (None, None, None)
        )
        order["minutes"] = rule["minutes"] if rule else None
        return before != (order["rule"], order["tier"], order["priority"])

    def frequency(self, order: Row, days: int) -> int:
        """Sales of the customer in so many days up to the order, itself among them: what was handed in, and not split
        off another."""
        begin, end = order["placed"] - timedelta(days=days), order["placed"]
        return sum(
            other["customer"] == order["customer"]
            and (begin < other["placed"] <= end or other is order)
            and other["type"] in SALES
            and other["status"] not in {"DRAFT", "CANCELLED", "REJECTED"}
            and other["split"] is None
            for other in self.orders.values()
        )

    def others_may_change(self, order: Row) -> None:
        """The customer's other orders are looked at once more."""
        if (customer := order["customer"]) is not None:
            self.stale[customer] = min(self.stale.get(customer, order["placed"]), order["placed"])

    def settle(self) -> None:
        """What workers do within seconds: those orders are classified that are open, or were placed since."""
        for order in self.orders.values():
            since = self.stale.get(order["customer"])
            if since and (order["status"] not in OVER or order["placed"] >= since) and self.classify(order):
                order["events"].append("order.classified")
        self.stale = {}

    def received(self, order: Row) -> F:
        return _sum(order, "PAYMENT") + _sum(order, "TRANSFER_IN") - _sum(order, "TRANSFER_OUT")

    def refunded(self, order: Row) -> F:
        return _sum(order, "REFUND")

    def back_for_returns(self, order: Row) -> F:
        """What went back for the order's returns, less what came in for them."""
        returns = [other for other in self.orders.values() if other["original"] == order["id"]]
        return sum((self.refunded(other) - self.received(other) for other in returns), NOTHING)

    def left(self, order: Row) -> tuple[F, F]:
        """What was paid for the order, or for its original, and how much of it has not gone back.

        A return that was called off gives back what came in for itself alone.
        """
        payer = self.orders[order["original"]] if order["original"] else order
        left = self.paid(payer) - self.back_for_returns(payer)
        if order["original"] and order["status"] in CALLED_OFF:
            return self.received(order), min(self.paid(order), left)
        return self.received(payer), left

    def paid(self, order: Row) -> F:
        return self.received(order) - self.refunded(order)

    def owed(self, order: Row) -> F:
        """What the order comes to, as long as it is not called off."""
        return NOTHING if order["status"] in CALLED_OFF else order["total"]

    def due(self, order: Row) -> F:
        return self.owed(order) - self.paid(order)

    def payment_state(self, order: Row) -> str:
        """The table of docs/payments.md."""
        came, went, owed = self.received(order), self.refunded(order), self.owed(order)
        for_returns = self.back_for_returns(order)
        if came == went == for_returns == 0:
            return "UNPAID" if order["total"] else "PAID"
        if owed < 0:
            if went - came >= -owed:
                return "REFUNDED"
            return "PARTLY_REFUNDED" if went > came else "UNPAID" if went == came else "OVERPAID"
        back = went + max(for_returns, NOTHING)
        if 0 < back >= came:
            return "REFUNDED"
        if back > max(came - owed, NOTHING):
            return "PARTLY_REFUNDED"
        rest = came - back
        return "OVERPAID" if rest > owed else "PAID" if rest == owed else "PARTLY_PAID" if came else "UNPAID"

    def shipped(self, order: Row, line: Row) -> F:
        return sum((each["lines"].get(line["id"], NOTHING) for each in order["shipments"]), NOTHING)

    def is_goods(self, line: Row) -> bool:
        return line["kind"] == "PRODUCT" and line["quantity"] > 0

    def to_send(self, order: Row) -> dict[int, F]:
        """How many pieces of each line of goods are still to be sent, by the line's number."""
        return {
            line["id"]: line["quantity"] - self.shipped(order, line) for line in order["lines"] if self.is_goods(line)
        }

    def fulfilment(self, order: Row) -> str:
        if order["status"] in SENT:
            return "FULL"
        return "PARTIAL" if order["status"] == "PACKED" and order["shipments"] else "NONE"

    def available(self, place: Place) -> F:
        held = sum((many for (_, _, at), many in self.reserved.items() if at == place), NOTHING)
        return self.on_hand.get(place, NOTHING) - held

    def owes(self, customer: str, *, instead: Row | None = None) -> F:
        """What the orders that count come to, less what was paid for any; each at its own rate. One is `instead`."""
        owed = NOTHING
        for order in (self.orders | ({instead["id"]: instead} if instead else {})).values():
            if order["customer"] == customer:
                amount = (order["total"] if order["status"] in OWED_FOR else NOTHING) - self.paid(order)
                rate = order["base"] / order["total"] if order["total"] else NOTHING
                owed += amount if order["currency"] == "GBP" else rounded(amount * rate, "GBP")
        return owed

    def view(self) -> Row:
        """What can be compared with the database."""
        left_out = ("level", "addressed", "reachable")
        return {
            "orders": {
                number: {name: value for name, value in order.items() if name not in left_out}
                for number, order in self.orders.items()
            },
            "stock": {place: (many, many - self.available(place)) for place, many in self.on_hand.items()},
            "reserved": {key: many for key, many in self.reserved.items() if many},
            "returned": {line: many for line, many in self.returned.items() if many},
        }


def _sum(order: Row, kind: str) -> F:
    undone = {each["reverses"] for each in order["payments"]}
    return sum((p["amount"] for p in order["payments"] if p["kind"] == kind and p["id"] not in undone), NOTHING)


def new_order(number: int, **facts: Any) -> Row:
    """An order as it begins, but for what is given."""
    customer = facts.get("customer")
    return {
        "id": number,
        "version": 1,
        "events": ["order.created"],
        "history": [],
        "owners": [],
        "reviewer": None,
        "shared": [],
        "payments": [],
        "shipments": [],
        "findings": [],
        "delivered": False,
        "expected": None,
        "override": None,
        "overrides": 0,
        "rule": None,
        "tier": None,
        "priority": None,
        "split": None,
        "level": CUSTOMERS[customer]["level"] if customer else None,
        "original": None,
        "minutes": None,
        **facts,
    }
