"""What can still come back of orders, and be refunded, and which stock their lines find: counted piece by piece."""

from decimal import Decimal, localcontext

from tests.oracle.visibility import Viewer
from tests.oracle.world import Row, World

NOTHING = Decimal(0)
CALLED_OFF = {"CANCELLED", "REJECTED", "DECLINED"}
SENT_AWAY = {"SHIPPED", "COMPLETED"}
RETURNS = {"RETURN", "EXCHANGE"}


def returnable(world: World, line: Row) -> Decimal | None:
    """How many of a line can come back: what did so came off the first lines of its product."""
    of = line.columns
    if of["product_id"] is None or of["quantity"] < 0:
        return None
    with localcontext(prec=200):
        back = sum((each.columns["quantity"] for each in _back(world, of["order_id"], of["product_id"])), NOTHING)
        for other in _lines(world, of["order_id"]):
            if other.columns["product_id"] != of["product_id"] or other.columns["quantity"] < 0:
                continue
            left = min(max(other.columns["quantity"] + back, NOTHING), other.columns["quantity"])
            back = min(back + other.columns["quantity"], NOTHING)
            if other.id == line.id:
                return left if _is_sent(world, of["order_id"]) else NOTHING
    raise AssertionError(line)


def refundable(viewer: Viewer, order: Row) -> Decimal | None:
    """What can still be refunded of an order; None where nobody knows, or the original is not seen."""
    of, world = order.columns, viewer.world
    if of["type"] not in RETURNS:
        return max(of["kept"], NOTHING)
    source = world.get("Order", of["original_order_id"])
    known = source is not None and viewer.sees(source) and source.columns["type"] not in RETURNS
    left = source.columns["kept"] if source and known else None
    if of["status"] in CALLED_OFF:
        left = of["paid"] if left is None else min(of["paid"], left)
    return None if left is None else max(left, NOTHING)


def anything_back(world: World, order: Row) -> tuple[bool, bool]:
    """Whether pieces of a product are left that can come back, and whether any worth is."""
    if order.columns["status"] not in SENT_AWAY:
        return False, False
    with localcontext(prec=200):
        gone = [each.columns["net"] + each.columns["tax"] for each in _back(world, order.id, None)]
        worth = order.columns["total"] + sum(gone, NOTHING)
    return any(returnable(world, line) for line in _lines(world, order.id)), worth > 0


def short(world: World, order: Row) -> list[tuple[Row, Decimal]]:
    """The lines for which too little is there, with how much, when they are reserved one after the other."""
    needs = []
    for line in _lines(world, order.id):
        product = world.get("Product", line.columns["product_id"])
        if (
            line.columns["kind"] == "PRODUCT"
            and line.columns["quantity"] > 0
            and product
            and product.columns["stocked"]
        ):
            needs.append(line)
    houses = [house.id for house in world.of("Warehouse") if house.columns["active"]]
    with localcontext(prec=200):
        if any(not _lacking(world, needs, [house]) for house in houses):
            return []
        return _lacking(world, needs, houses)


def _lacking(world: World, needs: list[Row], houses: list[int]) -> list[tuple[Row, Decimal]]:
    there: dict[int, Decimal] = {}
    for level in world.of("StockLevel"):
        if level.columns["warehouse_id"] in houses:
            of = level.columns["product_id"]
            there[of] = there.get(of, NOTHING) + level.columns["available"]
    lacking = []
    for line in needs:
        product, asked = line.columns["product_id"], line.columns["quantity"]
        if there.get(product, NOTHING) < asked:
            lacking.append((line, there.get(product, NOTHING)))
        else:
            there[product] -= asked
    return lacking


def _lines(world: World, order_id: int) -> list[Row]:
    lines = world.having("OrderLine", "order_id", order_id)
    return sorted(lines, key=lambda line: (line.columns["position"], line.id))


def _back(world: World, order_id: int, product_id: int | None) -> list[Row]:
    """Lines of returns that were not called off, of one product or of all and none."""
    return [
        line
        for back in world.having("Order", "original_order_id", order_id)
        for line in world.having("OrderLine", "order_id", back.id)
        if back.columns["status"] not in CALLED_OFF
        and line.columns["quantity"] < 0
        and product_id in {None, line.columns["product_id"]}
    ]


def _is_sent(world: World, order_id: int) -> bool:
    return world.rows["Order"][order_id].columns["status"] in SENT_AWAY
