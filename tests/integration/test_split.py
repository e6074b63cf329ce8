"""Splitting an order: lines go to a new one, and no penny is made or lost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput, NotEditable, NotFound
from domain.orders.amounts import LineTerms, price_order
from domain.orders.life_cycle import LineKind, OrderStatus
from domain.orders.lines import OrderedLine
from domain.orders.splitting import LinePart, Valued, base_parts, divided, split_problems, totals
from domain.orders.transitions import Transition
from domain.problems import Problem
from models import Order, OrderLine, OrderShare, OrderStatusChange, OutboxEvent
from rows.viewer import Viewer
from services.orders.split import split_order
from tests.factories import make_customer, make_order, make_product, make_user, share_order
from tests.integration.stocking import balance, fill, ledger_holds, make_warehouse, packer, stocked, take
from tests.integration.writes import COMPANY, race, refusals

_S, _T = OrderStatus, Transition
D = Decimal


@pytest.fixture
async def pat(database: str) -> Viewer:  # noqa: ARG001  # emptied before
    return await packer()


async def split(viewer: Viewer, order: Order, *parts: tuple[int, str | None], version: int = 1) -> int:
    lines = [LinePart(line_id=line, quantity=None if many is None else D(many)) for line, many in parts]
    of = {"order_id": order.id, "expected_version": version, "reason": "short"}
    return await split_order(viewer=viewer, company=COMPANY, lines=lines, **of)  # type: ignore[arg-type]  # of a dict


async def lines_of(order_id: int) -> list[tuple[object, ...]]:
    rows = await OrderLine.filter(order_id=order_id).order_by("position")
    return [(row.position, row.sku, str(row.quantity), str(row.net), str(row.gross)) for row in rows]


async def test_what_is_short_goes_to_an_order_of_its_own_and_the_rest_is_picked(pat: Viewer) -> None:
    tea, milk, place = await stocked(sku="TEA"), await stocked(sku="MILK"), await make_warehouse()
    level = await fill(pat, place, tea, "2")
    customer = await make_customer(name="Ada")
    order = await make_order(
        _S.APPROVED,
        customer=customer,
        lines=[(tea, "3"), (milk, "1")],
        discount=D("4.00"),
        net_total=D("36.00"),
        tax_total=D("7.20"),
        total=D("43.20"),
        base_total=D("43.20"),
        notes="ring twice",
        external_id=None,
    )
    await OrderLine.filter(id=1).update(net="27.00", tax="5.40", gross="32.40")
    await OrderLine.filter(id=2).update(net="9.00", tax="1.80", gross="10.80")
    friend = await make_user()
    await share_order(order, friend)
    new = await split(pat, order, (1, "1"), (2, None))
    assert await lines_of(order.id) == [(1, "TEA", "2", "18.00", "21.60")]
    assert await lines_of(new) == [(1, "TEA", "1", "9.00", "10.80"), (2, "MILK", "1", "9.00", "10.80")]
    first, second = await Order.get(id=order.id), await Order.get(id=new)
    for each, discount in ((first, "2.00"), (second, "2.00")):
        assert [str(each.discount), str(each.total), str(each.base_total)] == [discount, "21.60", "21.60"]
    assert (first.version, first.last_seq, second.version, second.last_seq) == (2, 1, 1, 1)
    assert (second.status, second.notes, second.customer_name) == (_S.APPROVED, "ring twice", "Ada")
    assert second.split_from_id == order.id  # type: ignore[attr-defined]  # Tortoise adds it
    assert second.number != first.number
    assert await OrderShare.filter(order_id=new, user_id=friend.id).exists()
    made = await OrderStatusChange.get(order_id=new)
    assert (made.from_status, made.to_status, made.reason) == (None, _S.APPROVED, "short")
    kept = await OrderStatusChange.get(order_id=order.id)
    assert (made.kind, made.other_order_id, kept.kind, kept.other_order_id) == ("SPLIT_OFF", order.id, "SPLIT", new)
    events = await OutboxEvent.filter(aggregate="order").order_by("id").values_list("aggregate_id", "type")
    assert events == [(new, "order.created"), (order.id, "order.updated")]
    await take(pat, order, _T.START_PICKING)
    await take(pat, second, _T.BACKORDER, reason="short")
    assert await balance(level) == ("2", "2")
    assert await ledger_holds()


async def test_what_cannot_be_split_is_refused_with_its_field(pat: Viewer) -> None:
    tea = await make_product()
    order = await make_order(_S.BACKORDERED, lines=[(tea, "2"), (tea, "1"), (tea, "1")])
    await OrderLine.filter(id=3).update(kind=LineKind.SHIPPING)
    lines = ("input", "lines")
    needed = (InvalidInput(path=lines, problem=Problem.LINE_NEEDED),)
    assert await refusals(split(pat, order)) == needed
    assert await refusals(split(pat, order, (1, None), (2, "1"))) == needed, "no goods would be left"
    assert await refusals(split(pat, order, (3, None), (9, None), (1, "1"), (1, "1"))) == (
        InvalidInput(path=(*lines, "0", "lineId"), problem=Problem.PRODUCT_NEEDED),
        NotFound(path=(*lines, "1", "lineId")),
        InvalidInput(path=(*lines, "3", "lineId"), problem=Problem.DUPLICATE),
    )
    assert await refusals(split(pat, order, (1, "3"))) == (
        InvalidInput(path=(*lines, "0", "quantity"), problem=Problem.TOO_LARGE, limit="2"),
    )
    packed = await make_order(_S.PACKED, lines=[(tea, "2")])
    assert await refusals(split(pat, packed, (4, "1"))) == (NotEditable(path=("input", "id"), status=_S.PACKED),)
    assert await Order.all().count() == 2


async def test_of_two_who_split_at_once_one_does(pat: Viewer) -> None:
    order = await make_order(_S.APPROVED, lines=[(await make_product(), "9")])
    outcomes = await race(*(lambda: split(pat, order, (1, "1")) for _ in range(4)))
    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 3
    assert (await OrderLine.get(id=1)).quantity == 8
    assert await Order.all().count() == 2


prices = st.decimals(min_value=D(0), max_value=D(50), places=4)
pieces = st.decimals(min_value=D("0.001"), max_value=D(99), places=3)


@given(
    lines=st.lists(st.tuples(pieces, prices, st.integers(0, 10)), min_size=2, max_size=4),
    share=st.integers(0, 100),
    gone=st.fractions(min_value=0, max_value=1, max_denominator=7),
    included=st.booleans(),
)
def test_the_two_add_up_to_what_there_was_and_can_be_priced_again(
    lines: list[tuple[Decimal, Decimal, int]], share: int, gone: object, included: bool
) -> None:
    before = [_line(n, *each) for n, each in enumerate(lines, start=1)]
    terms = [each.terms for each in before]
    whole = price_order(terms, discount=D("0.00"), tax_included=True, currency="GBP").total
    discount = (whole * share / 100).quantize(D("0.01"), "ROUND_DOWN")
    priced = price_order(terms, discount=discount, tax_included=included, currency="GBP")
    quantity = (terms[0].quantity * gone.numerator / gone.denominator).quantize(D("0.001"))  # type: ignore[attr-defined]  # a Fraction
    parts = [LinePart(line_id=2), *([LinePart(line_id=1, quantity=quantity)] if quantity else [])]
    if list(split_problems(parts, before)):
        assert len(before) == 2
        assert quantity == terms[0].quantity
        return
    valued = [Valued(one, amounts) for one, amounts in zip(before, priced.lines, strict=True)]
    stays, goes = divided(valued, parts, currency="GBP")
    first, second = totals(stays, currency="GBP"), totals(goes, currency="GBP")
    assert first["net_total"] + second["net_total"] == priced.net_total
    assert first["tax_total"] + second["tax_total"] == priced.tax_total
    assert first["total"] + second["total"] == priced.total
    assert D(0) <= discount - first["discount"] - second["discount"] <= D("0.02")
    assert sum((one.line.terms.quantity for one in (*stays, *goes)), D(0)) == sum((one.quantity for one in terms), D(0))
    assert sum(base_parts(D("77.77"), priced.total, second["total"], "GBP")) == D("77.77")
    for side, sums in ((stays, first), (goes, second)):
        again = price_order(
            [one.line.terms for one in side], discount=sums["discount"], tax_included=included, currency="GBP"
        )
        assert abs(again.total - sums["total"]) <= D("0.03") * len(lines)


def _line(number: int, quantity: Decimal, price: Decimal, tenths: int) -> OrderedLine:
    discount = (quantity * price * tenths / 10).quantize(D("0.01"), "ROUND_DOWN")
    terms = LineTerms(quantity=quantity, unit_price=price, discount=discount, tax_rate=D("0.2"))
    return OrderedLine(id=number, kind=LineKind.PRODUCT, product_id=number, sku=None, name="a", terms=terms)
