"""Orders, returns and changes by chance."""

from datetime import UTC, datetime
from random import Random

from tests.lives.chance import any_order, discount, somebody, version_of
from tests.lives.commands import Command
from tests.lives.company import CUSTOMERS, PRODUCTS, days_ago
from tests.lives.entering import ADDRESS, CONTACT
from tests.lives.model import Model
from tests.lives.people import PEOPLE, may_with, sees, sees_customer
from tests.lives.sums import NOTHING, RATES, F, Row

MOST_ORDERS = 30


def create(model: Model, by_chance: Random) -> Command | None:
    if by_chance.random() < len(model.orders) / MOST_ORDERS:
        return None
    yen = by_chance.random() < 0.15
    given: Row = {
        "currency": "JPY" if yen else "GBP",
        "lines": [_line(by_chance, yen=yen) for _ in range(by_chance.choice([1, 1, 2, 2, 3, 4]))],
    }
    sold_to = by_chance.choice([*CUSTOMERS, "strained", "strained", None])
    if sold_to:
        given["customerId"] = sold_to
    if by_chance.random() < 0.8:
        given |= {"shipTo": ADDRESS, "contact": CONTACT}
    extras = {
        "taxIncluded": True,
        "type": "RENEWAL",
        "urgency": "HIGH",
        "notes": "mind the step",
        "tags": ["gift"],
        "discount": discount(by_chance),
        "placedAt": days_ago(datetime.now(UTC), F(by_chance.randrange(1, 900), 20)),
    }
    given |= {name: value for name, value in extras.items() if by_chance.random() < 0.25}
    if by_chance.random() < 0.1:
        given["ownerId"] = by_chance.choice([*PEOPLE])
    may = [
        by
        for by in ("ann", "bob", "rex", "mia", "ada")
        if not sold_to or sees_customer(by, CUSTOMERS[sold_to]["owner"])
    ]
    return Command("orderCreate", somebody(by_chance, may), given)


def _line(by_chance: Random, *, yen: bool = False) -> Row:
    if by_chance.random() < 0.12:
        freight = {"kind": "SHIPPING", "name": "Freight", "quantity": F(1)}
        return freight | {"unitPrice": F(5), "taxRate": by_chance.choice([NOTHING, F(1, 5)])}
    product = by_chance.choices([*PRODUCTS], [6, 6, 3, 5, 2, 0.4])[0]
    line: Row = {"productId": product, "quantity": by_chance.choice([F(1), F(2), F(3), F(4), F(7), F(5, 2)])}
    if by_chance.random() < 0.03:
        line["quantity"] = by_chance.choice([NOTHING, F(-1)])
    if yen and by_chance.random() < 0.97:
        listed = round(F(PRODUCTS[product]["price"]) / RATES["JPY"])
        line["unitPrice"] = by_chance.choice([F(listed), F(by_chance.randrange(100, 90_000), by_chance.choice([1, 4]))])
    elif by_chance.random() < 0.1:
        line["unitPrice"] = F(by_chance.randrange(1, 9_000_000), 100_000)
    if by_chance.random() < 0.15:
        line["discount"] = F(by_chance.randrange(1, 300 if not yen else 3), 100 if not yen else 1)
    return line


def return_(model: Model, by_chance: Random) -> Command | None:
    originals = [o for o in model.orders.values() if o["status"] in {"SHIPPED", "COMPLETED"}]
    if by_chance.random() < 0.1:
        originals = [*model.orders.values()]
    before = {o["original"] for o in model.orders.values()}
    if by_chance.random() < 0.5:  # what came back before counts, unless it was called off
        originals = [o for o in originals if o["id"] in before] or originals
    if not originals:
        return None
    original = by_chance.choice(originals)
    kind = by_chance.choice(["RETURN", "RETURN", "EXCHANGE"])
    sold = [line for line in original["lines"] if line["product"]]
    lines: list[Row] = []
    for line in by_chance.sample(sold, k=min(len(sold), by_chance.choice([1, 1, 2]))):
        many = by_chance.choice([F(1), line["quantity"], line["quantity"] + 1, F(1, 2)])
        lines.append({"productId": line["product"], "quantity": -abs(many)})
        if by_chance.random() < 0.2:
            lines[-1]["unitPrice"] = line["price"] * by_chance.choice([F(2), F(1), F(1, 2)])
        if by_chance.random() < 0.05:
            lines[-1]["taxRate"] = by_chance.choice([NOTHING, F(1)])
    if kind == "RETURN" and by_chance.random() < 0.1:
        lines.append(
            {"kind": "SHIPPING", "name": "Freight", "quantity": F(-1), "unitPrice": by_chance.choice([F(5), F(6)])}
        )
    if kind == "EXCHANGE" or by_chance.random() < 0.03:
        lines.append(_line(by_chance, yen=original["currency"] == "JPY"))
    given: Row = {"type": kind, "originalOrderId": original["id"], "currency": original["currency"], "lines": lines}
    if by_chance.random() < 0.05:
        given["customerId"] = by_chance.choice([*CUSTOMERS])
    may = [by for by in ("ann", "bob", "rex", "mia", "sue", "ada") if sees(by, original)]
    return Command("orderCreate", somebody(by_chance, may), given)


def update(model: Model, by_chance: Random) -> Command | None:
    order = any_order(model, by_chance, {"DRAFT", "NEEDS_INFO"})
    if order is None:
        return None
    given: Row = {"id": order["id"], "expectedVersion": version_of(order, by_chance)}
    choices: Row = {
        "notes": by_chance.choice(["mind the step", "ring twice"]),
        "tags": ["gift"],
        "urgency": by_chance.choice(["LOW", "CRITICAL"]),
        "shipTo": ADDRESS,
        "contact": CONTACT,
        "discount": discount(by_chance),
        "lines": _edited_lines(order, by_chance),
    }
    given |= {name: value for name, value in choices.items() if by_chance.random() < 0.3}
    may = [by for by in PEOPLE if sees(by, order) and may_with(by, "enter", order)]
    return Command("orderUpdate", somebody(by_chance, may), given)


def _edited_lines(order: Row, by_chance: Random) -> list[Row]:
    lines: list[Row] = []
    for line in order["lines"]:
        if by_chance.random() < 0.85:
            lines.append({"id": line["id"]})
            if by_chance.random() < 0.5:
                lines[-1]["quantity"] = by_chance.choice([F(1), F(2), F(6), line["quantity"]])
    if not lines or by_chance.random() < 0.3:
        lines.append(_line(by_chance, yen=order["currency"] == "JPY"))
    return lines
