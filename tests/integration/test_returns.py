"""Returns and exchanges: what they take from the order that they are of, and what is left of it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.orders.entry import NewLine, NewOrder
from domain.orders.life_cycle import LineKind, OrderStatus, OrderType
from domain.orders.review import FindingKind
from domain.people import Role
from models import Customer, Order, OrderFinding, OrderLine, Product, User
from models.connection import TransactionClient
from services.orders.create import create_order
from tests.factories import make_channel, make_customer, make_order, make_product, make_region, make_team, make_user
from tests.integration.order_entry import enter, refused
from tests.integration.writes import COMPANY, line, overtaken, race, viewing

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def rep() -> User:
    return await make_user(Role.REP, team=await make_team())


@pytest.fixture
async def tea() -> Product:
    return await make_product("TEA", price="2.50")


@pytest.fixture
async def customer(rep: User) -> Customer:
    return await make_customer(owner=rep, name="Acme")


@pytest.fixture
async def original(rep: User, tea: Product, customer: Customer) -> Order:
    """Four teas for 12.00, tax and all."""
    return await make_order(OrderStatus.COMPLETED, owner=rep, customer=customer, lines=[(tea, "4")])


def back(of: Order, lines: Sequence[NewLine], **changes: Any) -> NewOrder:
    """A return of `of`, but for `changes`."""
    typed = NewOrder(currency="GBP", lines=lines, type=OrderType.RETURN, original_order_id=of.id)
    return replace(typed, **changes)


async def test_no_more_comes_back_than_was_sold(rep: User, tea: Product, original: Order) -> None:
    cup = await make_product("CUP")
    assert await refused(rep, back(original, [line(tea, "-9999"), line(cup, "-1")])) == [
        ("input.lines.0.quantity", "return_beyond_sold"),
        ("input.lines.1.productId", "not_in_original"),
    ]
    await enter(rep, back(original, [line(tea, "-3")]))
    assert await refused(rep, back(original, [line(tea, "-2")])) == [("input.lines.0.quantity", "return_beyond_sold")]
    await enter(rep, back(original, [line(tea, "-1")]))


async def test_exchanges_count_with_what_they_bring_back(rep: User, tea: Product, original: Order) -> None:
    exchange = back(original, [line(tea, "-3"), line(tea, "3")], type=OrderType.EXCHANGE)
    assert str((await enter(rep, exchange)).total) == "0.00"
    for order_type in (OrderType.EXCHANGE, OrderType.RETURN):
        found = await refused(rep, back(original, [line(tea, "-2")], type=order_type))
        assert found == [("input.lines.0.quantity", "return_beyond_sold")]


@pytest.mark.parametrize("status", [OrderStatus.DECLINED, OrderStatus.CANCELLED, OrderStatus.REJECTED])
async def test_a_return_that_was_called_off_takes_nothing(
    status: OrderStatus, rep: User, tea: Product, original: Order
) -> None:
    first = await enter(rep, back(original, [line(tea, "-4")]))
    await Order.filter(id=first.id).update(status=status)
    await enter(rep, back(original, [line(tea, "-4")]))


async def test_no_more_is_refunded_than_was_paid(rep: User, tea: Product, original: Order) -> None:
    dear = line(tea, "-1", unit_price=Decimal("2.51"))
    assert await refused(rep, back(original, [dear])) == [("input.lines.0.unitPrice", "return_beyond_paid")]
    taxed = line(tea, "-1", tax_rate=Decimal("0.21"))
    assert await refused(rep, back(original, [taxed])) == [("input.lines.0.taxRate", "return_beyond_paid")]
    post = NewLine(kind=LineKind.SHIPPING, quantity=Decimal(-1), name="Post", unit_price=Decimal("1.20"))
    assert await refused(rep, back(original, [post])) == [("input.lines.0.unitPrice", "return_beyond_paid")]
    await enter(rep, back(original, [line(tea, "-3")]))


async def test_half_of_a_discounted_order_comes_back_for_half_of_what_was_paid(
    rep: User, tea: Product, customer: Customer
) -> None:
    facts = {"discount": Decimal("4.00"), "net_total": Decimal("6.00"), "tax_total": Decimal("1.20")}
    sold = await make_order(OrderStatus.COMPLETED, owner=rep, customer=customer, lines=[(tea, "4")])
    await Order.filter(id=sold.id).update(**facts, total=Decimal("7.20"))
    await OrderLine.filter(order_id=sold.id).update(net=Decimal("6.00"), tax=Decimal("1.20"), gross=Decimal("7.20"))
    declined = await enter(rep, back(sold, [line(tea, "-3")]))
    assert declined.total == Decimal("-5.40")
    await Order.filter(id=declined.id).update(status=OrderStatus.DECLINED)
    totals = [str((await enter(rep, back(sold, [line(tea, "-1")]))).total) for _ in range(4)]
    assert totals == ["-1.80"] * 4
    [stored] = await OrderLine.filter(order_id=declined.id).values("unit_price", "discount", "net", "tax", "gross")
    assert {name: str(value) for name, value in stored.items()} == {
        "unit_price": "2.5",
        "discount": "-3.00",
        "net": "-4.50",
        "tax": "-0.90",
        "gross": "-5.40",
    }


async def test_what_a_partner_sends_keeps_its_figures_and_gets_findings(tea: Product, original: Order) -> None:
    machine = await make_user(Role.INTEGRATION)
    sent = back(original, [line(tea, "-1", unit_price=Decimal(5))], total=Decimal("-7.00"))
    order = await enter(machine, sent)
    found = await OrderFinding.filter(order_id=order.id).order_by("id").values("kind", "facts", "line_id")
    [row] = await OrderLine.filter(order_id=order.id)
    assert (str(order.total), str(order.stated_total)) == ("-6.00", "-7.00")
    assert [(each["kind"], each["line_id"]) for each in found] == [
        (FindingKind.TOTAL_MISMATCH, None),
        (FindingKind.RETURN_BEYOND_PAID, row.id),
    ]
    assert found[1]["facts"] == {"what": "TEA", "amount": "5", "most": "2.5", "currency": "GBP"}


async def test_of_racing_returns_one_takes_the_last_unit(rep: User, tea: Product, original: Order) -> None:
    viewer = await viewing(rep)
    last = back(original, [line(tea, "-4")])
    outcomes = await race(*[lambda: create_order(viewer=viewer, company=COMPANY, order=last)] * 6)
    beyond = InvalidInput(path=("input", "lines", "0", "quantity"), problem="return_beyond_sold", limit="0")
    assert outcomes.count((beyond,)) == 5
    assert await Order.filter(original_order_id=original.id).count() == 1


async def test_a_return_sees_what_was_taken_while_it_waited(rep: User, tea: Product, original: Order) -> None:
    viewer = await viewing(rep)

    async def come_first(client: TransactionClient) -> None:
        await client.connection.execute("SELECT FROM sales_order WHERE id = $1 FOR NO KEY UPDATE", original.id)
        amounts = {name: Decimal("0.00") for name in ("discount", "net_total", "tax_total", "total", "base_total")}
        rival = await Order.create(
            using_db=client,
            type=OrderType.RETURN,
            status=OrderStatus.REQUESTED,
            original_order_id=original.id,
            currency="GBP",
            placed_at=original.placed_at,
            **amounts,
        )
        terms = {"unit_price": Decimal(0), "discount": Decimal(0), "tax_rate": Decimal(0)}
        sums = {"net": Decimal(0), "tax": Decimal(0), "gross": Decimal(0)}
        facts = {"order_id": rival.id, "position": 1, "product_id": tea.id, "name": "Tea", "quantity": Decimal(-3)}
        await OrderLine.create(using_db=client, **facts, **terms, **sums)

    two = back(original, [line(tea, "-2")])
    outcome = await overtaken(lambda: create_order(viewer=viewer, company=COMPANY, order=two), come_first)
    assert outcome == (InvalidInput(path=("input", "lines", "0", "quantity"), problem="return_beyond_sold", limit="1"),)


async def test_a_return_is_of_the_originals_customer(rep: User, tea: Product, original: Order) -> None:
    other = await make_customer(owner=rep)
    found = await refused(rep, back(original, [line(tea, "-1")], customer_id=other.id))
    assert found == [("input.customerId", "original_customer_differs")]


async def test_a_return_has_from_its_original_what_it_leaves_out(rep: User, tea: Product, customer: Customer) -> None:
    channel, region = await make_channel(), await make_region()
    original = await make_order(
        OrderStatus.SHIPPED,
        owner=rep,
        customer=customer,
        lines=[(tea, "4")],
        customer_name="Acme of old",
        channel=channel,
        external_id="7",
        region=region,
        tax_included=True,
    )
    await Product.filter(id=tea.id).update(price=Decimal("9.00"), tax_rate=None)
    row = await Order.get(id=(await enter(rep, back(original, [line(tea, "-2")]))).id).values()
    inherited = {
        "customer_id": customer.id,
        "customer_name": "Acme of old",
        "channel_id": channel.id,
        "external_id": None,
        "region_id": region.id,
        "owner_id": rep.id,
        "tax_included": True,
        "total": Decimal("-6.00"),  # half of what its line came to
        "tax_total": Decimal("-1.00"),
    }
    assert row | inherited == row


async def test_who_sees_the_order_but_not_its_customer_enters_its_return(tea: Product, customer: Customer) -> None:
    other = await make_user(Role.REP, team=await make_team())
    original = await make_order(OrderStatus.SHIPPED, owner=other, customer=customer, lines=[(tea, "1")])
    order = await Order.get(id=(await enter(other, back(original, [line(tea, "-1")]))).id).values()
    assert (order["customer_id"], order["owner_id"]) == (customer.id, other.id)
