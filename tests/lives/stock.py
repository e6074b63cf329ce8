"""What is where: reserved for orders, sent, taken back, received, put right and moved."""

from tests.lives.company import PRODUCTS, WAREHOUSES
from tests.lives.model import Faults, Model, Place
from tests.lives.people import may_at_all, sees
from tests.lives.sums import NOTHING, F, Row

_BACK = {"RECEIVED", "REFUNDED", "EXCHANGED"}
MOST = F(10**9)


def is_active(warehouse: str) -> bool:
    return bool(WAREHOUSES[warehouse].get("active", True))


def reserve(model: Model, order: Row) -> Faults:
    """Reserve all that the lines ask for: in the first warehouse that has everything, else line by line; or nothing."""
    taken, short = _found(model, order)
    if short:
        return [("input.id", "STOCK_SHORT")] * short
    for key, many in taken.items():
        model.reserved[key] = model.reserved.get(key, NOTHING) + many
    return []


def lacking(model: Model, order: Row) -> int:
    """For how many lines there is too little."""
    return _found(model, order)[1]


def _found(model: Model, order: Row) -> tuple[dict[tuple[int, int, Place], F], int]:
    needs = [line for line in order["lines"] if model.is_goods(line) and PRODUCTS[line["product"]]["stocked"]]
    ranked = sorted(filter(is_active, WAREHOUSES), key=lambda name: WAREHOUSES[name]["position"])
    for among in [*([each] for each in ranked), ranked]:
        taken, short = _take(model, order, needs, among)
        if not short:
            break
    return taken, short


def _take(model: Model, order: Row, needs: list[Row], among: list[str]) -> tuple[dict[tuple[int, int, Place], F], int]:
    left: dict[Place, F] = {}
    taken, short = {}, 0
    for line in needs:
        places = [(name, line["product"]) for name in among]
        for place in places:
            left.setdefault(place, model.available(place))
        wanted = line["quantity"]
        if sum((left[place] for place in places), NOTHING) < wanted:
            short += 1
            continue
        for place in places:
            if portion := min(wanted, max(left[place], NOTHING)):
                taken[order["id"], line["id"], place] = portion
                left[place] -= portion
                wanted -= portion
    return taken, short


def release(model: Model, order: Row, pieces: dict[int, F] | None = None) -> None:
    """Let go of what the order has reserved: all, or so many pieces of lines."""
    _undo(model, order, pieces, gone=False)


def send(model: Model, order: Row, pieces: dict[int, F] | None) -> None:
    """Take away what the order has reserved: all, or so many pieces of lines."""
    _undo(model, order, pieces, gone=True)


def _undo(model: Model, order: Row, pieces: dict[int, F] | None, *, gone: bool) -> None:
    left = None if pieces is None else dict(pieces)
    for key in sorted(model.reserved, key=lambda key: (model.levels.index(key[2]), key[1])):
        number, line, place = key
        if number != order["id"]:
            continue
        held = model.reserved[key]
        portion = held if left is None else min(held, left.get(line, NOTHING))
        model.reserved[key] = held - portion
        if left is not None and line in left:
            left[line] -= portion
        if gone:
            model.on_hand[place] -= portion


def keep(model: Model, by: str, mutation: str, given: Row) -> Faults:
    """stockReceive, stockAdjust and stockTransfer."""
    if not may_at_all(by, "keep stock"):
        return [("", "NOT_PERMITTED")]
    many, product = given["quantity"], given["productId"]
    faults = _piece_faults(many, signed=mutation == "stockAdjust")
    if not PRODUCTS[product]["stocked"]:
        faults.append(("input.productId", "product_not_stocked"))
    into = {"stockReceive": "warehouseId", "stockTransfer": "toWarehouseId"}.get(mutation)
    if into and not is_active(given[into]):
        faults.append((f"input.{into}", "warehouse_inactive"))
    if mutation == "stockTransfer":
        return _transfer(model, given, faults)
    place = (given["warehouseId"], product)
    if not faults and many < 0 and -many > model.available(place):
        faults.append(("input.quantity", "STOCK_SHORT"))
    if not faults:
        _add(model, place, many)
    return faults


def _transfer(model: Model, given: Row, faults: Faults) -> Faults:
    source, target = ((given[name], given["productId"]) for name in ("fromWarehouseId", "toWarehouseId"))
    if source == target:
        faults.append(("input.toWarehouseId", "duplicate"))
    if faults:
        return faults
    if given["quantity"] > model.available(source):
        return [("input.quantity", "STOCK_SHORT")]
    _add(model, source, -given["quantity"])
    _add(model, target, given["quantity"])
    return []


def take_back(model: Model, by: str, given: Row) -> Faults:
    """stockReturn: what came back goes into stock, or is scrapped there."""
    order = model.order_of_line(given["lineId"])
    if not order or not sees(by, order):
        return [("input.lineId", "NOT_FOUND")]
    if not may_at_all(by, "keep stock"):
        return [("input.lineId", "NOT_PERMITTED")]
    line = next(each for each in order["lines"] if each["id"] == given["lineId"])
    faults = _piece_faults(given["quantity"])
    done = model.returned.get(line["id"], NOTHING)
    if line["quantity"] > 0:
        faults.append(("input.lineId", "not_negative"))
    elif order["status"] not in _BACK:
        faults.append(("input.lineId", "STEP_NOT_POSSIBLE"))
    elif given["quantity"] > -line["quantity"] - done:
        faults.append(("input.quantity", "return_beyond_sold"))
    if not is_active(given["warehouseId"]):
        faults.append(("input.warehouseId", "warehouse_inactive"))
    if not line["product"]:
        faults.append(("input.lineId", "NOT_FOUND"))
    elif not PRODUCTS[line["product"]]["stocked"]:
        faults.append(("input.lineId", "product_not_stocked"))
    if not faults:
        model.returned[line["id"]] = done + given["quantity"]
        _add(model, (given["warehouseId"], line["product"]), NOTHING if given.get("scrap") else given["quantity"])
    return faults


def _piece_faults(many: F, *, signed: bool = False) -> Faults:
    if not many:
        return [("input.quantity", "zero")]
    if abs(many) > MOST:
        return [("input.quantity", "too_large")]
    return [("input.quantity", "negative")] if many < 0 and not signed else []


def _add(model: Model, place: Place, many: F) -> None:
    model.on_hand[place] = model.on_hand.get(place, NOTHING) + many
