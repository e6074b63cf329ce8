"""The next command, by chance: mostly one that leads on, by somebody who may; often enough one that is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.lives.chance import any_order, somebody, version_of
from tests.lives.choosing_entries import create, return_, update
from tests.lives.commands import Command
from tests.lives.company import PRODUCTS, TIERS, WAREHOUSES
from tests.lives.model import Model
from tests.lives.money import same_money
from tests.lives.people import PEOPLE, TEAMS, sees
from tests.lives.steps import STEPS, allowed, possible
from tests.lives.sums import NOTHING, F, Row, text

METHODS = ("CARD", "CASH", "BANK_TRANSFER", "OFFSET")
REASON = "as agreed"
_RARE = {"orderCancel": 0.1, "orderReject": 0.2, "orderRequestInfo": 0.3, "orderBackorder": 0.15, "orderDecline": 0.6}
"""Steps that lead off the way."""
Choice = Callable[[Model, Random], Command | None]


def next_command(model: Model, by_chance: Random) -> Command:
    """What is asked next; one in some is a command that was asked before, under its key."""
    if model.keys and by_chance.random() < 0.06:
        return _again(model, by_chance)
    command = None
    while command is None:
        [choose] = by_chance.choices([each for each, _ in CHOICES], [weight for _, weight in CHOICES])
        command = choose(model, by_chance)
    if by_chance.random() < 0.2:
        command = Command(command.mutation, command.by, command.given, key=f"key-{by_chance.randrange(10**6)}")
    return command


def _again(model: Model, by_chance: Random) -> Command:
    """A command once more, or another one under its key."""
    asked: Command = by_chance.choice([given for given, _ in model.keys.values()])
    if by_chance.random() < 0.7:
        return asked
    other = {"quantity": F(7), "amount": F(7), "reason": "another one", "notes": "another one"}
    name = next((name for name in other if name in asked.given), None)
    return asked.but(**{name: other[name]}) if name else asked


def _step(model: Model, by_chance: Random) -> Command | None:
    order = any_order(model, by_chance)
    if order is None:
        return None
    steps = [name for name in STEPS if possible(order, name)]
    among = steps if steps and by_chance.random() < 0.93 else [*STEPS]
    [name] = by_chance.choices(among, [_RARE.get(name, 1) for name in among])
    may = [by for by in PEOPLE if name in steps and sees(by, order) and allowed(order, name, by)]
    given: Row = {"id": order["id"], "expectedVersion": version_of(order, by_chance)}
    if STEPS[name].get("reason"):
        given["reason"] = by_chance.choice([REASON] * 12 + ["", " "])
    if name == "orderBackorder" and by_chance.random() < 0.5:
        given["expectedOn"] = (datetime.now(UTC) + timedelta(days=9)).date()
    if name == "orderRefund":
        given |= _refund(model, order, by_chance)
    return Command(name, somebody(by_chance, may), given)


def _refund(model: Model, order: Row, by_chance: Random) -> Row:
    given: Row = {"method": by_chance.choice(METHODS)} if by_chance.random() < 0.9 else {}
    if by_chance.random() < 0.5:
        given["amount"] = _amount(by_chance, model.left(order)[1], -model.due(order))
    return given


def _ways_out(model: Model, by_chance: Random) -> Command | None:
    order = any_order(model, by_chance, {"APPROVED", "BACKORDERED", "PACKED"})
    if order is None or not order["lines"]:
        return None
    mutation = by_chance.choice(["orderLinesCancel", "orderSplit", "orderLineSubstitute"])
    if order["status"] == "PACKED" and by_chance.random() < 0.9:
        mutation = "orderLinesCancel"
    given: Row = {"id": order["id"], "expectedVersion": version_of(order, by_chance), "reason": REASON}
    if by_chance.random() < 0.04:
        given["reason"] = " "
    if mutation == "orderLineSubstitute":
        given |= {"lineId": _line_of(order, by_chance), "productId": by_chance.choice([*PRODUCTS])}
        if by_chance.random() < 0.6:
            listed = F(PRODUCTS[given["productId"]]["price"])
            given["unitPrice"] = by_chance.choice([listed, listed, F(1, 4), F(12), NOTHING])
        return Command(mutation, somebody(by_chance, ["fred", "ada", "mia"]), given)
    given["lines"] = _pieces(order, model.to_send(order), by_chance)
    return Command(mutation, somebody(by_chance, ["fred", "ada"]), given)


def _ship(model: Model, by_chance: Random) -> Command | None:
    order = any_order(model, by_chance, {"PACKED"})
    if order is None or (order["status"] != "PACKED" and by_chance.random() < 0.8):
        return None
    given: Row = {"orderId": order["id"], "expectedVersion": version_of(order, by_chance)}
    if by_chance.random() < 0.85:
        given["lines"] = _pieces(order, model.to_send(order), by_chance)
    return Command("shipmentCreate", somebody(by_chance, ["fred", "ada"]), given)


def _deliver(model: Model, by_chance: Random) -> Command | None:
    parcels = [parcel for order in model.orders.values() for parcel in order["shipments"]]
    if not parcels:
        return None
    parcel = by_chance.choice(parcels)
    given: Row = {"id": parcel["id"], "expectedVersion": version_of(parcel, by_chance)}
    if by_chance.random() < 0.4:
        for name in by_chance.choice([["carrier"], ["trackingNumber"], ["carrier", "trackingNumber"]]):
            given[name] = by_chance.choice(["DPD", "RM-77", None, None, ""])
        return Command("shipmentUpdate", somebody(by_chance, ["fred", "ada"]), given)
    if by_chance.random() < 0.05:
        given["deliveredAt"] = datetime(2020, 1, 1, tzinfo=UTC)
    return Command("shipmentDeliver", somebody(by_chance, ["fred", "sue", "ada"]), given)


def _pay(model: Model, by_chance: Random) -> Command | None:
    order = any_order(model, by_chance, {"DECLINED"} if by_chance.random() < 0.15 else frozenset())
    if order is None:
        return None
    entries = [entry["id"] for entry in order["payments"]]
    if entries and by_chance.random() < 0.2:
        given = {"paymentId": by_chance.choice(entries), "reason": by_chance.choice([REASON] * 9 + ["", " "])}
        return Command("paymentReverse", somebody(by_chance, ["fay", "ada"]), given)
    back = by_chance.random() < 0.35
    likely = [model.left(order)[1], -model.due(order)] if back else [model.due(order), order["total"]]
    given = {"orderId": order["id"], "amount": _amount(by_chance, *likely), "method": by_chance.choice(METHODS)}
    if by_chance.random() < 0.3:
        given["reference"] = by_chance.choice(["line-1", "line-2"])
    return Command("refundRecord" if back else "paymentRecord", somebody(by_chance, ["fay", "ada"]), given)


def _transfer(model: Model, by_chance: Random) -> Command | None:
    paid = [order for order in model.orders.values() if model.left(order)[1] > 0]
    source = by_chance.choice(paid) if paid and by_chance.random() < 0.9 else any_order(model, by_chance)
    if source is None:
        return None
    likely = [each for each in model.orders.values() if each is not source and same_money(source, each)]
    target = by_chance.choice(likely if likely and by_chance.random() < 0.8 else [*model.orders.values()])
    given = {"fromOrderId": source["id"], "toOrderId": target["id"], "reason": by_chance.choice([REASON] * 9 + [" "])}
    given["amount"] = _amount(by_chance, model.left(source)[1], model.due(target))
    return Command("paymentTransfer", somebody(by_chance, ["fay", "ada"]), given)


def _keep_stock(_model: Model, by_chance: Random) -> Command | None:
    mutation = by_chance.choices(["stockReceive", "stockAdjust", "stockTransfer"], [6, 2, 2])[0]
    given: Row = {"productId": by_chance.choice([*PRODUCTS] * 3 + ["tea", "jam", "pot", "mug"] * 9)}
    places = ["near", "far"] * 8 + [*WAREHOUSES]
    if mutation == "stockTransfer":
        given |= {"fromWarehouseId": by_chance.choice(places), "toWarehouseId": by_chance.choice(places)}
    else:
        given["warehouseId"] = by_chance.choice(places)
    given["quantity"] = by_chance.choice([F(1), F(5), F(12), F(40), F(60), F(5, 2)])
    if by_chance.random() < 0.05:
        given["quantity"] = by_chance.choice([NOTHING, F(-2), F(10**10)])
    if mutation == "stockAdjust":
        given |= {"quantity": given["quantity"] * by_chance.choice([1, -1, -1]), "reason": REASON}
    return Command(mutation, somebody(by_chance, ["fred", "ada"]), given)


def _take_back(model: Model, by_chance: Random) -> Command | None:
    came = [
        line
        for order in model.orders.values()
        if order["status"] in {"RECEIVED", "REFUNDED", "EXCHANGED"} or by_chance.random() < 0.02
        for line in order["lines"]
        if line["quantity"] < 0 or by_chance.random() < 0.05
    ]
    if not came:
        return None
    line = by_chance.choice(came)
    many = by_chance.choice([abs(line["quantity"]), F(1), F(1, 2)])
    given = {"lineId": line["id"], "warehouseId": by_chance.choice(["near", "far", "far", "near", "shut"])}
    given |= {"quantity": many, "scrap": by_chance.random() < 0.4}
    return Command("stockReturn", somebody(by_chance, ["fred", "ada"]), given)


def _assign(model: Model, by_chance: Random) -> Command | None:
    order = any_order(model, by_chance)
    if order is None:
        return None
    given: Row = {"id": order["id"], "expectedVersion": version_of(order, by_chance)}
    if by_chance.random() < 0.8:
        given["toUserId"] = by_chance.choice([*PEOPLE])
    if by_chance.random() < 0.3:
        given["toTeamId"] = by_chance.choice([*TEAMS])
    return Command("orderAssign", somebody(by_chance, ["mia", "ada"]), given)


def _override(model: Model, by_chance: Random) -> Command | None:
    order = any_order(model, by_chance)
    if order is None:
        return None
    given: Row = {"id": order["id"]}
    by = somebody(by_chance, ["mia", "ada"])
    if by_chance.random() < (0.6 if order["override"] else 0.05):
        return Command("orderTierOverrideEnd", by, given)
    given |= {"tierId": by_chance.choice(TIERS), "reason": by_chance.choice([REASON] * 9 + [" "])}
    given["expiresAt"] = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
    if by_chance.random() < 0.5:
        given["priority"] = by_chance.choice([1, 5, 9, 10])
    return Command("orderTierOverride", by, given)


CHOICES: list[tuple[Choice, float]] = [
    *((_step, 40), (create, 14), (return_, 7), (update, 7), (_ways_out, 9), (_ship, 8), (_deliver, 5)),
    *((_pay, 12), (_transfer, 5), (_keep_stock, 14), (_take_back, 5), (_assign, 3), (_override, 3)),
]


def _line_of(order: Row, by_chance: Random) -> int:
    return by_chance.choice(order["lines"])["id"] if by_chance.random() < 0.96 else 10**9


def _pieces(order: Row, left: dict[int, F], by_chance: Random) -> list[Row]:
    pieces: list[Row] = []
    among = [line for line in order["lines"] if left.get(line["id"])] or order["lines"]
    if by_chance.random() < 0.1:
        among = order["lines"]
    for line in by_chance.sample(among, k=by_chance.randint(1, len(among))):
        pieces.append({"lineId": line["id"]})
        if by_chance.random() < 0.6:
            many = by_chance.choice([F(1), left.get(line["id"], F(1)), line["quantity"], F(1, 2), F(2)])
            pieces[-1]["quantity"] = many
    if by_chance.random() < 0.03:
        pieces = by_chance.choice([[], [*pieces, pieces[0]], [{"lineId": 10**9}]])
    return pieces


def _amount(by_chance: Random, *likely: F) -> F:
    among = [each for each in likely if each > 0] or [F(10)]
    amount = by_chance.choice(among)
    chance = by_chance.random()
    if chance < 0.25:
        amount = F(by_chance.randrange(1, 40))
    elif chance < 0.35:
        amount += F(1)
    elif chance < 0.42:
        amount = by_chance.choice([NOTHING, F(-5), F(1, 1000), F(123456)])
    return amount


def describe(command: Command) -> str:
    """A command in a line, for who looks for what went wrong."""
    given: Any = {name: text(value) if isinstance(value, F) else value for name, value in command.given.items()}
    return f"{command.by}: {command.mutation} {given}" + (f" under {command.key}" if command.key else "")
