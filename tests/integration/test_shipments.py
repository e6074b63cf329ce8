"""Shipments: an order is sent at once or in parts, which add up, take their stock along, and arrive."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput, NotFound, NotPermitted, StepNotPossible, VersionConflict
from domain.orders.life_cycle import OrderStatus
from domain.orders.shipments import NewShipment, OpenLine, Parcel, ShippedPieces, is_last, pieces_of, pieces_problems
from domain.orders.short_lines import LineCancellation
from domain.orders.transitions import Transition
from domain.people import Role
from domain.problems import Problem
from domain.stock.reserving import Taking, taken_from
from models import Order, OrderStatusChange, OutboxEvent, Shipment, ShipmentLine, StockMovement
from rows.viewer import Viewer
from services.clock import clock_set_to
from services.orders.shipments import create_shipment, deliver_shipment
from services.orders.short_lines import cancel_lines
from services.orders.step import take_step
from tests.factories import PLACED_AT, make_order, make_product, make_user
from tests.integration.stocking import balance, fill, ledger_holds, make_warehouse, packer, stocked, take
from tests.integration.writes import COMPANY, race, refusals, viewing

_S, _T = OrderStatus, Transition
D = Decimal
NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)


@pytest.fixture
async def pat(database: str) -> Viewer:  # noqa: ARG001  # emptied before
    return await packer()


async def ship(viewer: Viewer, order: Order, *lines: tuple[int, str | None], **more: Any) -> int:
    """Send these lines, or all that is left."""
    version = more.pop("version", None) or (await Order.get(id=order.id)).version
    pieces = [ShippedPieces(line_id=line, quantity=None if many is None else D(many)) for line, many in lines]
    wanted = NewShipment(lines=more.pop("exactly", pieces or None), **more)
    return await create_shipment(viewer=viewer, order_id=order.id, expected_version=version, shipment=wanted)


async def cancel(viewer: Viewer, order: Order, *gone: tuple[int, str | None]) -> None:
    version = (await Order.get(id=order.id)).version
    lines = [LineCancellation(line_id=line, quantity=None if many is None else D(many)) for line, many in gone]
    of = {"order_id": order.id, "expected_version": version, "reason": "no more of it"}
    await cancel_lines(viewer=viewer, company=COMPANY, lines=lines, **of)  # type: ignore[arg-type]  # of a dict


async def sent(order: Order) -> list[list[tuple[int, str]]]:
    """What is in each shipment."""
    found = await Shipment.filter(order_id=order.id).order_by("id").prefetch_related("lines")
    return [[(part.order_line_id, str(part.quantity)) for part in one.lines] for one in found]  # type: ignore[attr-defined]  # Tortoise adds it


async def packed(pat: Viewer, *lines: tuple[Any, str]) -> Order:
    order = await make_order(_S.APPROVED, lines=list(lines))
    for step in (_T.START_PICKING, _T.PACK):
        await take(pat, order, step)
    return order


async def test_parts_add_up_take_their_stock_along_and_the_last_one_ships_the_order(pat: Viewer) -> None:
    tea, milk, near, far = await stocked(), await stocked(), await make_warehouse("a"), await make_warehouse("b")
    here, there = await fill(pat, near, tea, "2"), await fill(pat, far, tea, "5")
    other = await fill(pat, near, milk, "9")
    order = await packed(pat, (tea, "6"), (milk, "1.5"))
    assert [await balance(level) for level in (here, there, other)] == [("2", "2"), ("5", "4"), ("9", "1.5")]
    await ship(pat, order, (1, "3"))
    assert [await balance(level) for level in (here, there, other)] == [("0", "0"), ("4", "3"), ("9", "1.5")]
    await ship(pat, order, (1, "1"), (2, None), carrier="Post", tracking_number="RR 1")
    now = await Order.get(id=order.id)
    assert (now.status, now.version, now.last_seq) == (_S.PACKED, 5, 4)
    await ship(pat, order)
    assert [await balance(level) for level in (here, there, other)] == [("0", "0"), ("1", "0"), ("7.5", "0")]
    assert await sent(order) == [[(1, "3")], [(1, "1"), (2, "1.5")], [(1, "2")]]
    assert (await Order.get(id=order.id)).status == _S.SHIPPED
    assert await OrderStatusChange.filter(order_id=order.id).order_by("id").values_list("to_status", flat=True) == [
        *(_S.PICKING, _S.PACKED, _S.SHIPPED)
    ]
    events = await OutboxEvent.filter(aggregate="order").order_by("seq").values_list("type", flat=True)
    assert events[2:] == ["order.partly_shipped", "order.partly_shipped", "order.shipped"]
    assert await ledger_holds()


async def test_to_ship_an_order_is_one_shipment_of_all_that_is_left(pat: Viewer) -> None:
    tea = await make_product()  # of which no stock is kept
    order = await make_order(_S.PACKED, lines=[(tea, "3"), (tea, "1")])
    await ship(pat, order, (1, "1"))
    await take_step(
        viewer=pat,
        company=COMPANY,
        transition=_T.SHIP,
        order_id=order.id,
        expected_version=2,
        mutation="test",
        parcel=Parcel(carrier="Post", tracking_number="RR2"),
    )
    assert await sent(order) == [[(1, "1")], [(1, "2"), (2, "1")]]
    last = await Shipment.get(id=2)
    assert (last.carrier, last.tracking_number, last.version) == ("Post", "RR2", 1)
    assert await StockMovement.all().count() == 0


async def test_what_is_left_of_a_partly_sent_order_can_be_cancelled_and_the_order_not(pat: Viewer) -> None:
    tea, place = await stocked(), await make_warehouse()
    level = await fill(pat, place, tea, "10")
    order = await packed(pat, (tea, "4"), (tea, "3"))
    await ship(pat, order, (1, "1"))
    assert await refusals(take(pat, order, _T.CANCEL, reason="no")) == (
        InvalidInput(path=("input", "id"), problem=Problem.PARTLY_SHIPPED),
    )
    assert await refusals(cancel(pat, order, (1, "4"))) == (
        InvalidInput(path=("input", "lines", "0", "quantity"), problem=Problem.TOO_LARGE, limit="3"),
    )
    await cancel(pat, order, (1, "1"), (2, None))
    assert await balance(level) == ("9", "2")
    assert (await Order.get(id=order.id)).status == _S.PACKED
    await cancel(pat, order, (1, None))
    done = await Order.get(id=order.id)
    assert (done.status, str(done.net_total), await balance(level)) == (_S.SHIPPED, "10.00", ("9", "0"))
    change = await OrderStatusChange.filter(order_id=order.id).order_by("-id").first()
    assert change
    assert (change.from_status, change.to_status, change.reason) == (_S.PACKED, _S.SHIPPED, "no more of it")
    event = await OutboxEvent.filter(aggregate="order").order_by("-seq").first()
    assert event
    assert (event.type, event.payload["to"]) == ("order.shipped", "SHIPPED")
    assert await ledger_holds()


async def test_an_order_is_delivered_when_the_last_of_it_has_arrived(pat: Viewer) -> None:
    order = await make_order(_S.PACKED, lines=[(await make_product(), "3")])
    with clock_set_to(NOW):
        first, second = await ship(pat, order, (1, "1")), await ship(pat, order)
        late = NOW + timedelta(hours=3)
        for shipment, version, at, all_by in (
            (first, 1, late, None),
            (second, 1, NOW, late),
            (first, 2, None, NOW),  # it was no later than now
        ):
            await deliver_shipment(viewer=pat, shipment_id=shipment, expected_version=version, delivered_at=at)
            assert (await Order.get(id=order.id)).delivered_at == all_by
    assert (await Order.get(id=order.id)).status == _S.SHIPPED
    assert await OutboxEvent.filter(type="order.delivered").count() == 3


async def test_what_cannot_be_sent_is_refused_with_its_field(pat: Viewer) -> None:
    tea = await make_product()
    order = await make_order(_S.PACKED, lines=[(tea, "2"), (tea, "1")])
    await ship(pat, order, (1, "0.5"))
    quantity = ("input", "lines", "0", "quantity")
    too_large = InvalidInput(path=quantity, problem=Problem.TOO_LARGE, limit="1.5")
    assert await refusals(ship(pat, order, (1, "2"))) == (too_large,)
    assert await refusals(ship(pat, order, (1, "0"))) == (InvalidInput(path=quantity, problem=Problem.ZERO),)
    assert await refusals(ship(pat, order, (1, "-1"))) == (InvalidInput(path=quantity, problem=Problem.NEGATIVE),)
    assert await refusals(ship(pat, order, (9, None))) == (NotFound(path=("input", "lines", "0", "lineId")),)
    assert await refusals(ship(pat, order, (1, "1"), (1, "0.1"))) == (
        InvalidInput(path=("input", "lines", "1", "lineId"), problem=Problem.DUPLICATE),
    )
    assert await refusals(ship(pat, order, exactly=[])) == (
        InvalidInput(path=("input", "lines"), problem=Problem.LINE_NEEDED),
    )
    assert await refusals(ship(pat, order, shipped_at=PLACED_AT - timedelta(seconds=1), tracking_number=" a")) == (
        InvalidInput(path=("input", "trackingNumber"), problem=Problem.SURROUNDED_BY_SPACE),
        InvalidInput(path=("input", "shippedAt"), problem=Problem.TOO_EARLY, limit="2026-03-02T09:30:00.000Z"),
    )
    assert await refusals(ship(pat, order, version=7)) == (
        VersionConflict(path=("input", "expectedVersion"), current_version=2),
    )
    picking = await make_order(_S.PICKING, lines=[(tea, "2")])
    assert await refusals(ship(pat, picking)) == (
        StepNotPossible(path=("input", "orderId"), status=_S.PICKING, allowed_from=(_S.PACKED,)),
    )
    money, rep = [await viewing(await make_user(role)) for role in (Role.FINANCE, Role.REP)]
    assert await refusals(ship(money, order)) == (NotPermitted(path=("input", "orderId")),)
    assert await refusals(ship(rep, order)) == (NotFound(path=("input", "orderId")),)
    for viewer, error in ((money, NotPermitted), (rep, NotFound)):
        found = await refusals(deliver_shipment(viewer=viewer, shipment_id=1, expected_version=1))
        assert found == (error(path=("input", "id")),)
    assert await refusals(deliver_shipment(viewer=pat, shipment_id=1, expected_version=2)) == (
        VersionConflict(path=("input", "expectedVersion"), current_version=1),
    )
    early = deliver_shipment(viewer=pat, shipment_id=1, expected_version=1, delivered_at=PLACED_AT)
    assert [(each.path, each.problem) for each in await refusals(early) if isinstance(each, InvalidInput)] == [
        (("input", "deliveredAt"), Problem.TOO_EARLY)
    ]
    assert await Shipment.all().count() == 1


async def test_of_packers_at_once_no_two_send_the_same_piece(pat: Viewer) -> None:
    tea, place = await stocked(), await make_warehouse()
    level = await fill(pat, place, tea, "5")
    order = await packed(pat, (tea, "5"))
    version = (await Order.get(id=order.id)).version
    outcomes = await race(*(lambda: ship(pat, order, (1, "3"), version=version) for _ in range(4)))
    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 3
    assert (await balance(level), await ShipmentLine.all().count()) == (("2", "2"), 1)
    assert await ledger_holds()


amounts = st.decimals(min_value=D("0.001"), max_value=D(9), places=3)


@given(ordered=st.lists(amounts, min_size=1, max_size=4), parts=st.lists(amounts, max_size=6), data=st.data())
def test_whatever_the_parts_all_pieces_are_sent_once_and_so_is_what_was_reserved(
    ordered: list[Decimal], parts: list[Decimal], data: st.DataObject
) -> None:
    lines = {n: OpenLine(id=n, quantity=each, shipped=D(0)) for n, each in enumerate(ordered, start=1)}
    reserved = [
        Taking(level_id=level, line_id=n, quantity=each / 2)
        for n, each in enumerate(ordered, start=1)
        for level in (1, 2)
    ]
    for part in [*parts, None]:
        chosen = data.draw(st.sampled_from(sorted(lines)))
        wanted = NewShipment(lines=None if part is None else [ShippedPieces(line_id=chosen, quantity=part)])
        refused = bool(list(pieces_problems(wanted, lines)))
        assert refused == (part is not None and part > lines[chosen].left)
        if refused:
            continue
        pieces = pieces_of(wanted, lines)
        taken = taken_from(reserved, pieces)
        assert sum(each.quantity for each in taken) == sum(pieces.values())
        gone = {(each.level_id, each.line_id): each.quantity for each in taken}
        reserved = [
            Taking(level_id=one.level_id, line_id=one.line_id, quantity=left)
            for one in reserved
            if (left := one.quantity - gone.get((one.level_id, one.line_id), D(0)))
        ]
        last = is_last(pieces, lines)
        lines = {
            n: OpenLine(id=n, quantity=line.quantity, shipped=line.shipped + pieces.get(n, D(0)))
            for n, line in lines.items()
        }
        assert last == (not any(line.left for line in lines.values()))
    assert not reserved
