"""Ways out of a shortage that change an order's lines: what is cancelled, and what is sent instead."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput, NotEditable, NotFound, NotPermitted, VersionConflict
from domain.money import part_of
from domain.orders.amounts import LineTerms, price_order
from domain.orders.life_cycle import LineKind, OrderStatus
from domain.orders.lines import OrderedLine
from domain.orders.short_lines import LineCancellation, Substitution, without_cancelled
from domain.orders.transitions import Transition
from domain.people import Role
from domain.problems import Problem
from models import AuditEntry, Order, OrderFinding, OrderLine, OrderStatusChange, OutboxEvent, StockMovement, Team
from rows.viewer import Viewer
from services.orders.short_lines import cancel_lines, substitute_line
from tests.factories import make_customer, make_order, make_product, make_team, make_user
from tests.integration.stocking import balance, fill, ledger_holds, make_warehouse, packer, stocked, take
from tests.integration.writes import COMPANY, race, refusals, viewing

_S, _T = OrderStatus, Transition
D = Decimal


@pytest.fixture
async def pat(database: str) -> Viewer:  # noqa: ARG001  # emptied before
    return await packer()


async def cancel(viewer: Viewer, order: Order, *gone: tuple[int, str | None], version: int = 1) -> int:
    lines = [LineCancellation(line_id=line, quantity=None if many is None else D(many)) for line, many in gone]
    of = {"order_id": order.id, "expected_version": version, "reason": "none there"}
    return await cancel_lines(viewer=viewer, company=COMPANY, lines=lines, **of)  # type: ignore[arg-type]  # of a dict


async def substitute(viewer: Viewer, order: Order, line: int, product: int, price: str | None = None) -> int:
    wanted = Substitution(line_id=line, product_id=product, unit_price=None if price is None else D(price))
    of = {"order_id": order.id, "expected_version": 1, "reason": "as agreed"}
    return await substitute_line(viewer=viewer, company=COMPANY, wanted=wanted, **of)  # type: ignore[arg-type]  # as above


async def lines_of(order: Order) -> list[tuple[Any, ...]]:
    rows = await OrderLine.filter(order_id=order.id).order_by("position")
    return [(row.id, row.position, row.sku, str(row.quantity), str(row.net)) for row in rows]


async def test_what_is_cancelled_takes_its_part_of_the_discount_along(pat: Viewer) -> None:
    tea, milk = await make_product("TEA", price="10.00"), await make_product("MILK", price="5.00")
    lines = [(tea, "4"), (milk, "2"), (milk, "10")]  # 40, 10 and 50
    order = await make_order(
        _S.APPROVED, lines=lines, discount=D("10.00"), net_total=D("90.00"), tax_total=D("18.00"), total=D("108.00")
    )
    await cancel(pat, order, (1, "3"), (3, None))
    assert await lines_of(order) == [(1, 1, "TEA", "1", "9.00"), (2, 2, "MILK", "2", "9.00")]
    after = await Order.get(id=order.id)
    assert [str(each) for each in (after.discount, after.net_total, after.total, after.base_total)] == [
        *("2.00", "18.00", "21.60", "21.60")
    ]
    assert (after.version, after.last_seq, after.status) == (2, 1, _S.APPROVED)
    told = await OrderStatusChange.get(order_id=order.id)
    assert (told.from_status, told.to_status, told.reason) == (_S.APPROVED, _S.APPROVED, "none there")
    assert told.kind == "LINES_CANCELLED"
    event = await OutboxEvent.get(aggregate="order")
    assert event.payload["changed"] == ["discount", "netTotal", "taxTotal", "total", "baseTotal", "lines"]


async def test_a_line_that_had_reserved_stock_can_go_and_the_ledger_keeps_what_was(pat: Viewer) -> None:
    tea, milk, place = await stocked(), await stocked(), await make_warehouse()
    level = await fill(pat, place, tea, "5")
    await fill(pat, place, milk, "5")
    order = await make_order(_S.APPROVED, lines=[(tea, "2"), (milk, "1")])
    for step in (_T.START_PICKING, _T.BACKORDER):
        await take(pat, order, step, reason="broken")
    await cancel(pat, order, (1, None), version=3)
    await take(pat, order, _T.RESUME_PICKING)
    assert await balance(level) == ("5", "0")
    assert await StockMovement.filter(order_line_id=1).count() == 2
    assert await ledger_holds()


async def test_another_product_is_sent_at_the_lines_price_or_at_another_one(pat: Viewer) -> None:
    tea, better = await make_product("TEA", price="10.00"), await make_product("BETTER", price="10.50")
    order = await make_order(_S.BACKORDERED, lines=[(tea, "2")])
    await substitute(pat, order, 1, better.id)
    assert await lines_of(order) == [(1, 1, "BETTER", "2", "20.00")]
    dearer = await make_order(_S.APPROVED, lines=[(tea, "2")])
    await substitute(pat, dearer, 2, better.id, "11")
    assert await lines_of(dearer) == [(2, 1, "BETTER", "2", "22.00")]
    assert str((await Order.get(id=dearer.id)).total) == "26.40"
    assert not await OrderFinding.exists()


async def test_a_substitute_off_the_list_or_beyond_the_credit_is_for_whoever_reviews_the_order(pat: Viewer) -> None:
    rep = await make_user(Role.REP, team=await make_team())
    manager = await viewing(await make_user(Role.MANAGER, team=await Team.get()))
    tea, best = await make_product("TEA", price="10.00"), await make_product("BEST", price="99.00")
    strained = await make_customer(owner=rep, credit_limit=D(100))
    order = await make_order(_S.APPROVED, owner=rep, customer=strained, lines=[(tea, "2")])
    price = InvalidInput(path=("input", "unitPrice"), problem=Problem.PRICE_DEVIATES, limit="99")
    assert await refusals(substitute(pat, order, 1, best.id)) == (price,)
    assert await refusals(substitute(pat, order, 1, best.id, "0")) == (price,)
    credit = InvalidInput(path=("input", "productId"), problem=Problem.CREDIT_EXCEEDED)
    assert await refusals(substitute(pat, order, 1, best.id, "99")) == (credit,)
    assert await lines_of(order) == [(1, 1, "TEA", "2", "20.00")]
    assert not await OrderFinding.exists()
    await substitute(manager, order, 1, best.id)
    assert await lines_of(order) == [(1, 1, "BEST", "2", "20.00")]
    [found] = await OrderFinding.all()
    assert (found.kind, found.line_id, found.overridden_by_id) == ("PRICE_DEVIATES", 1, manager.user_id)  # type: ignore[attr-defined]  # made by Tortoise
    assert (await AuditEntry.get()).facts == {"findings": ["PRICE_DEVIATES"]}
    elsewhere = await viewing(await make_user(Role.MANAGER, Role.FULFILMENT, team=await make_team("Other")))
    assert await refusals(substitute(elsewhere, await make_order(_S.APPROVED, lines=[(tea, "1")]), 2, best.id)) == (
        price,
    )


async def test_what_cannot_be_changed_so_is_refused_with_its_field(pat: Viewer) -> None:
    tea, gone = await make_product(), await make_product(active=False)
    order = await make_order(_S.APPROVED, lines=[(tea, "2")])
    path = ("input", "lines", "0")
    assert await refusals(cancel(pat, order, (1, None))) == (
        InvalidInput(path=("input", "lines"), problem=Problem.LINE_NEEDED),
    )
    assert await refusals(cancel(pat, order, (1, "3"))) == (
        InvalidInput(path=(*path, "quantity"), problem=Problem.TOO_LARGE, limit="2"),
    )
    assert await refusals(cancel(pat, order, (9, "1"))) == (NotFound(path=(*path, "lineId")),)
    assert await refusals(cancel(pat, order, (1, "1"), (1, "1"))) == (
        InvalidInput(path=("input", "lines", "1", "lineId"), problem=Problem.DUPLICATE),
    )
    assert await refusals(substitute(pat, order, 1, gone.id)) == (
        InvalidInput(path=("input", "productId"), problem=Problem.PRODUCT_INACTIVE),
    )
    assert [type(each) for each in await refusals(substitute(pat, order, 1, 99))] == [NotFound]
    assert await refusals(cancel(pat, order, (1, "1"), version=7)) == (
        VersionConflict(path=("input", "expectedVersion"), current_version=1),
    )
    picking = await make_order(_S.PICKING, lines=[(tea, "2")])
    assert await refusals(cancel(pat, picking, (2, "1"))) == (NotEditable(path=("input", "id"), status=_S.PICKING),)
    rep = await make_user(Role.REP)
    assert await refusals(cancel(await viewing(rep), order, (1, "1"))) == (NotFound(path=("input", "id")),)
    seller = await viewing(await make_user(Role.FINANCE))
    assert await refusals(cancel(seller, order, (1, "1"))) == (NotPermitted(path=("input", "id")),)
    assert (await Order.get(id=order.id)).version == 1


async def test_of_two_who_cancel_at_once_one_does(pat: Viewer) -> None:
    order = await make_order(_S.APPROVED, lines=[(await make_product(), "9")])
    outcomes = await race(*(lambda: cancel(pat, order, (1, "1")) for _ in range(4)))
    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 3
    assert (await OrderLine.get(id=1)).quantity == 8


def line(number: int, quantity: Decimal, price: Decimal, part: Decimal) -> OrderedLine:
    full = (quantity * price).quantize(D("0.01"))
    terms = LineTerms(
        quantity=quantity, unit_price=price, discount=part_of(full, part, D(10), "GBP"), tax_rate=D("0.2")
    )
    return OrderedLine(id=number, kind=LineKind.PRODUCT, product_id=number, sku=None, name="a", terms=terms)


prices = st.decimals(min_value=D(0), max_value=D(50), places=4)
pieces = st.decimals(min_value=D("0.001"), max_value=D(99), places=3)


@given(
    lines=st.lists(st.tuples(pieces, prices, st.integers(0, 9)), min_size=1, max_size=4),
    share=st.integers(0, 100),
    gone=st.fractions(min_value=0, max_value=1, max_denominator=7),
    included=st.booleans(),
)
def test_what_is_left_can_always_be_priced_and_its_discount_is_never_more_than_before(
    lines: list[tuple[Decimal, Decimal, int]], share: int, gone: Any, included: bool
) -> None:
    before = [line(n, quantity, price, D(part)) for n, (quantity, price, part) in enumerate(lines, start=1)]
    terms = [each.terms for each in before]
    whole = price_order(terms, discount=D("0.00"), tax_included=True, currency="GBP").total
    discount = part_of(whole, D(share), D(100), "GBP")
    priced = price_order(terms, discount=discount, tax_included=included, currency="GBP")
    cancelled = (before[0].terms.quantity * gone.numerator / gone.denominator).quantize(D("0.001"))
    cancellation = {1: cancelled} if cancelled else {}
    after, left = without_cancelled(before, priced, cancellation, currency="GBP")
    assert D(0) <= left <= discount
    again = price_order([each.terms for each in after], discount=left, tax_included=included, currency="GBP")
    assert again.total <= priced.total + D("0.02") * len(lines)
    if not cancellation:
        assert (after, left) == (before, discount)
