"""Stock: a ledger, balances that follow from it, and orders that reserve without taking what is not there."""

from contextlib import suppress
from decimal import Decimal

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import InvalidInput, NotFound, NotPermitted, Refused, StepNotPossible, StockShort
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.orders.transitions import Transition
from domain.people import Role
from domain.problems import Problem
from domain.stock.entry import Adjustment, ReorderPoint, ReturnedGoods, Transfer
from models import Order, OutboxEvent, Product, StockLevel, StockMovement, Warehouse
from models.connection import pool
from rows.viewer import Viewer
from services.orders.step import take_step
from services.stock.adjust import adjust_stock
from services.stock.reorder import set_reorder_point_of
from services.stock.take_back import take_back
from services.stock.transfer import transfer_stock
from tests.factories import make_order, make_product, make_user
from tests.integration.stocking import balance, fill, ledger_holds, make_warehouse, packer, stocked, take
from tests.integration.writes import COMPANY, race, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")
_S, _T = OrderStatus, Transition


@pytest.fixture
async def pat() -> Viewer:
    return await packer()


@pytest.fixture
async def main() -> Warehouse:
    return await make_warehouse()


@pytest.fixture
async def second() -> Warehouse:
    return await make_warehouse("second")


async def adjust(viewer: Viewer, place: Warehouse, product: Product, quantity: str) -> int:
    wanted = Adjustment(product_id=product.id, warehouse_id=place.id, quantity=Decimal(quantity), reason="counted")
    return await adjust_stock(viewer=viewer, adjustment=wanted)


async def transfer(viewer: Viewer, source: Warehouse, target: Warehouse, product: Product, quantity: str) -> int:
    places = {"from_warehouse_id": source.id, "to_warehouse_id": target.id}
    return await transfer_stock(
        viewer=viewer, goods=Transfer(product_id=product.id, quantity=Decimal(quantity), **places)
    )


async def reorder_at(viewer: Viewer, place: Warehouse, product: Product, point: str | None) -> int:
    of = {"product_id": product.id, "warehouse_id": place.id}
    wanted = ReorderPoint(**of, reorder_point=None if point is None else Decimal(point))
    return await set_reorder_point_of(viewer=viewer, wanted=wanted)


async def test_fifty_who_pick_at_once_reserve_what_there_is_and_no_more(pat: Viewer, main: Warehouse) -> None:
    products = [await stocked() for _ in range(25)]
    levels = [await fill(pat, main, product, "100") for product in products]
    lines = [(product, "4") for product in products]
    orders = [await make_order(_S.APPROVED, lines=lines[:: 1 - number % 2 * 2]) for number in range(50)]

    async def pick(order: Order) -> int:
        # Not repeated, so that a deadlock would be seen.
        return await take_step.__wrapped__(  # type: ignore[attr-defined, no-any-return]  # functools.wraps sets it
            viewer=pat,
            company=COMPANY,
            transition=_T.START_PICKING,
            order_id=order.id,
            expected_version=1,
            mutation="test",
        )

    outcomes = await race(*(lambda order=order: pick(order) for order in orders))
    short = [outcome for outcome in outcomes if isinstance(outcome, tuple)]
    assert len(short) == 25
    assert {type(error) for errors in short for error in errors} == {StockShort}
    assert [await balance(level) for level in levels] == [("100", "100")] * 25
    assert await Order.filter(status=_S.PICKING).count() == 25
    assert await ledger_holds()


async def test_what_is_picked_is_reserved_what_is_shipped_is_gone_and_what_is_called_off_is_free(
    pat: Viewer, main: Warehouse
) -> None:
    tea = await stocked()
    level = await fill(pat, main, tea, "10")
    sent, waiting, off = [await make_order(_S.APPROVED, lines=[(tea, "3")]) for _ in range(3)]
    for order in (sent, waiting, off):
        await take(pat, order, _T.START_PICKING)
    assert await balance(level) == ("10", "9")
    await take(pat, waiting, _T.BACKORDER, reason="short")
    assert await balance(level) == ("10", "6")
    await take(pat, off, _T.CANCEL, reason="no")
    for step in (_T.PACK, _T.SHIP):
        await take(pat, sent, step)
    assert await balance(level) == ("7", "0")
    await take(pat, waiting, _T.RESUME_PICKING)
    assert await balance(level) == ("7", "3")
    kinds = await StockMovement.filter(order_id=sent.id).order_by("id").values_list("kind", flat=True)
    assert kinds == ["RESERVATION", "ISSUE"]
    assert await ledger_holds()


async def test_a_shortage_names_each_line_and_changes_nothing(pat: Viewer, main: Warehouse) -> None:
    tea, milk, salt = [await stocked() for _ in range(3)]
    level = await fill(pat, main, tea, "2.5")
    order = await make_order(_S.APPROVED, lines=[(tea, "2"), (milk, "1"), (tea, "1"), (salt, "4")])
    found = await refusals(take(pat, order, _T.START_PICKING))
    assert [(error.path, error.requested, error.available) for error in found if isinstance(error, StockShort)] == [
        (("input", "id"), Decimal(1), Decimal(0)),
        (("input", "id"), Decimal(1), Decimal("0.5")),
        (("input", "id"), Decimal(4), Decimal(0)),
    ]
    assert await balance(level) == ("2.5", "0")
    assert (await Order.get(id=order.id)).status == _S.APPROVED


async def test_an_order_that_cannot_be_picked_waits_until_goods_come(pat: Viewer, main: Warehouse) -> None:
    tea = await stocked()
    order = await make_order(_S.APPROVED, lines=[(tea, "2")])
    await take(pat, order, _T.BACKORDER, reason="none there")
    assert [type(each) for each in await refusals(take(pat, order, _T.RESUME_PICKING))] == [StockShort]
    level = await fill(pat, main, tea, "2")
    await take(pat, order, _T.RESUME_PICKING)
    assert await balance(level) == ("2", "2")


async def test_what_no_stock_is_kept_of_needs_none(pat: Viewer) -> None:
    order = await make_order(_S.APPROVED, lines=[(await make_product(), "5")])
    for step in (_T.START_PICKING, _T.PACK, _T.SHIP):
        await take(pat, order, step)
    assert await StockMovement.all().count() == 0


async def test_an_inactive_warehouse_is_not_picked_from_but_what_is_reserved_there_is_sent(
    pat: Viewer, main: Warehouse
) -> None:
    tea = await stocked()
    level = await fill(pat, main, tea, "5")
    first, second = [await make_order(_S.APPROVED, lines=[(tea, "2")]) for _ in range(2)]
    await take(pat, first, _T.START_PICKING)
    await Warehouse.filter(id=main.id).update(active=False)
    assert [type(each) for each in await refusals(take(pat, second, _T.START_PICKING))] == [StockShort]
    assert await refusals(fill(pat, main, tea, "1")) == (
        InvalidInput(path=("input", "warehouseId"), problem=Problem.WAREHOUSE_INACTIVE),
    )
    for step in (_T.PACK, _T.SHIP):
        await take(pat, first, step)
    assert await balance(level) == ("3", "0")


async def test_an_exchange_takes_what_it_sends_and_nothing_of_what_comes_back(pat: Viewer, main: Warehouse) -> None:
    tea = await stocked()
    level = await fill(pat, main, tea, "5")
    order = await make_order(_S.RECEIVED, type=OrderType.EXCHANGE, lines=[(tea, "-2"), (tea, "2")])
    await take(pat, order, _T.EXCHANGE)
    assert await balance(level) == ("3", "0")


async def test_what_came_back_is_put_into_stock_or_scrapped_and_no_more_of_it_than_came(
    pat: Viewer, main: Warehouse
) -> None:
    tea = await stocked()
    order = await make_order(_S.AUTHORISED, type=OrderType.RETURN, lines=[(tea, "-5")])

    async def back(quantity: str, *, scrap: bool = False, line: int = 1) -> int:
        goods = ReturnedGoods(line_id=line, warehouse_id=main.id, quantity=Decimal(quantity), scrap=scrap)
        return await take_back(viewer=pat, goods=goods)

    assert [type(each) for each in await refusals(back("1"))] == [StepNotPossible]
    await take(pat, order, _T.RECEIVE)
    level = await back("3")
    await back("1.5", scrap=True)
    assert await balance(level) == ("3", "0")
    assert await refusals(back("1")) == (
        InvalidInput(path=("input", "quantity"), problem=Problem.RETURN_BEYOND_SOLD, limit="0.5"),
    )
    outcomes = await race(*(lambda: back("0.5") for _ in range(4)))
    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 3
    kinds = await StockMovement.filter(order_id=order.id).order_by("id").values_list("kind", flat=True)
    assert kinds == ["RETURN", "RETURN", "SCRAP", "RETURN"]
    assert await refusals(back("1", line=99)) == (NotFound(path=("input", "lineId")),)
    sold = await make_order(_S.RECEIVED, type=OrderType.EXCHANGE, lines=[(tea, "5"), (await make_product(), "-1")])
    assert await refusals(back("1", line=2)) == (InvalidInput(path=("input", "lineId"), problem=Problem.NOT_NEGATIVE),)
    assert await refusals(back("1", line=3)) == (
        InvalidInput(path=("input", "lineId"), problem=Problem.PRODUCT_NOT_STOCKED),
    )
    assert (sold.id, await ledger_holds()) == (2, True)


async def test_what_is_reserved_neither_leaves_nor_is_counted_away(
    pat: Viewer, main: Warehouse, second: Warehouse
) -> None:
    tea = await stocked()
    level = await fill(pat, main, tea, "5")
    await take(pat, await make_order(_S.APPROVED, lines=[(tea, "3")]), _T.START_PICKING)
    short = StockShort(
        path=("input", "quantity"), product_id=tea.id, sku=tea.sku, requested=Decimal(3), available=Decimal(2)
    )
    assert await refusals(transfer(pat, main, second, tea, "3")) == (short,)
    assert await refusals(adjust(pat, main, tea, "-3")) == (short,)
    other = await transfer(pat, main, second, tea, "2")
    assert [await balance(each) for each in (level, other)] == [("3", "3"), ("2", "0")]
    assert await ledger_holds()


async def test_one_who_takes_the_last_and_one_who_counts_it_away_do_not_both(pat: Viewer, main: Warehouse) -> None:
    tea = await stocked()
    level = await fill(pat, main, tea, "1")
    order = await make_order(_S.APPROVED, lines=[(tea, "1")])

    async def pick() -> int:
        await take(pat, order, _T.START_PICKING)
        return 0

    outcomes = await race(pick, lambda: adjust(pat, main, tea, "-1"))
    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 1
    assert await balance(level) in (("1", "1"), ("0", "0"))
    assert await ledger_holds()


async def test_transfers_both_ways_at_once_end_in_no_deadlock(pat: Viewer, main: Warehouse, second: Warehouse) -> None:
    tea = await stocked()
    levels = [await fill(pat, place, tea, "50") for place in (main, second)]

    async def go(source: Warehouse, target: Warehouse) -> int:
        goods = {"product_id": tea.id, "from_warehouse_id": source.id, "to_warehouse_id": target.id}
        once = transfer_stock.__wrapped__  # type: ignore[attr-defined]  # functools.wraps sets it
        return await once(viewer=pat, goods=Transfer(**goods, quantity=Decimal(1)))  # type: ignore[no-any-return]

    outcomes = await race(*([lambda: go(main, second), lambda: go(second, main)] * 8))
    assert not [outcome for outcome in outcomes if isinstance(outcome, tuple)]
    assert [await balance(level) for level in levels] == [("50", "0")] * 2


async def test_low_stock_is_told_once_until_there_was_enough_again(pat: Viewer, main: Warehouse) -> None:
    tea = await stocked()
    level = await fill(pat, main, tea, "10")
    await reorder_at(pat, main, tea, "5")

    async def alerts() -> list[object]:
        return [event.payload["available"] for event in await OutboxEvent.filter(type="stock.low").order_by("seq")]

    orders = [await make_order(_S.APPROVED, lines=[(tea, quantity)]) for quantity in ("5", "1", "1")]
    await take(pat, orders[0], _T.START_PICKING)
    assert await alerts() == [], "5 are available, and the point is 5"
    for order in orders[1:]:
        await take(pat, order, _T.START_PICKING)
    assert await alerts() == ["4"]
    for step in (_T.PACK, _T.SHIP):
        await take(pat, orders[0], step)
    assert await alerts() == ["4"]
    await fill(pat, main, tea, "2")
    assert (await StockLevel.get(id=level)).low is False
    await adjust(pat, main, tea, "-1")
    assert await alerts() == ["4", "4"]
    await reorder_at(pat, main, tea, None)
    await reorder_at(pat, main, tea, "9")
    assert await alerts() == ["4", "4", "4"]
    assert (await StockLevel.get(id=level)).last_seq == 3


async def test_stock_is_kept_by_those_whose_it_is_of_products_that_are_stocked(pat: Viewer, main: Warehouse) -> None:
    plain, tea = await make_product(), await stocked()
    assert await refusals(fill(pat, main, plain, "1")) == (
        InvalidInput(path=("input", "productId"), problem=Problem.PRODUCT_NOT_STOCKED),
    )
    rep = await viewing(await make_user(Role.REP, Role.MANAGER))
    assert await refusals(fill(rep, main, tea, "1")) == (NotPermitted(),)
    assert [each.path[-1] for each in await refusals(fill(pat, replace_id(main), tea, "-1"))] == [
        "quantity",
        "warehouseId",
    ]
    assert await StockLevel.all().count() == 0


def replace_id(place: Warehouse) -> Warehouse:
    """One that is not there."""
    return Warehouse(id=place.id + 99, code="none", name="none")


async def test_nobody_changes_the_ledger_or_a_balance_beyond_it(pat: Viewer, main: Warehouse) -> None:
    await fill(pat, main, await stocked(), "5")
    for statement in ("UPDATE stock_movement SET on_hand_change = 9", "DELETE FROM stock_movement"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool().execute(statement)
    for statement in ("on_hand = -1", "reserved = 6", "reserved = -1", "low = true"):
        with pytest.raises(asyncpg.CheckViolationError):
            await pool().execute(f"UPDATE stock_level SET {statement}")
    await pool().execute("UPDATE stock_level SET on_hand = 4")
    assert not await ledger_holds()


steps = st.lists(
    st.tuples(
        st.sampled_from(["fill", "adjust", "transfer", "pick", "ship", "backorder", "cancel"]), st.integers(1, 6)
    ),
    min_size=4,
    max_size=10,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=steps)
async def test_balances_are_what_the_ledger_adds_up_to_whatever_is_done(
    pat: Viewer, main: Warehouse, second: Warehouse, asked: list[tuple[str, int]]
) -> None:
    tea = await stocked()
    await fill(pat, main, tea, "7")
    orders: list[Order] = []
    for what, number in asked:
        with suppress(Refused):
            await _do(what, number, pat, main, second, tea, orders)
    assert await ledger_holds()


async def _do(
    what: str, number: int, pat: Viewer, main: Warehouse, second: Warehouse, tea: Product, orders: list[Order]
) -> None:
    match what:
        case "fill":
            await fill(pat, (main, second)[number % 2], tea, f"{number}.5")
        case "adjust":
            await adjust(pat, main, tea, str(3 - number or 1))
        case "transfer":
            await transfer(pat, *((main, second) if number % 2 else (second, main)), tea, str(number))
        case "pick":
            orders.append(await make_order(_S.APPROVED, lines=[(tea, str(number)), (tea, "1")]))
            await take(pat, orders[-1], _T.START_PICKING)
        case "ship" if orders:
            for step in (_T.PACK, _T.SHIP):
                await take(pat, orders[-1], step)
        case "backorder" if orders:
            await take(pat, orders[-1], _T.BACKORDER, reason="wait")
        case "cancel" if orders:
            await take(pat, orders[-1], _T.CANCEL, reason="no")
