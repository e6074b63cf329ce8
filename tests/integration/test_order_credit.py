"""Orders of one customer are counted against its limit in turns, and against what was paid for them."""

from decimal import Decimal
from typing import Any

import pytest

from domain.orders.life_cycle import OrderStatus, OrderType
from domain.orders.transitions import Transition
from domain.payments import PaymentKind, PaymentMethod
from domain.people import Role
from models import Customer, Order, OrderFinding, OrderStatusChange, Payment
from models.connection import TransactionClient
from services.clock import now
from services.orders.step import take_step
from services.payments.owed import owed_by
from services.transaction import transaction
from tests.factories import make_customer, make_order, make_product, make_team, make_user
from tests.integration.writes import COMPANY, overtaken, viewing

SHARED = "SELECT FROM customer WHERE id = $1 FOR SHARE"


async def test_an_order_that_is_handed_in_waits_for_another_of_the_customer_and_counts_it(database: str) -> None:
    assert database  # emptied before
    rep, product = await make_user(Role.REP, team=await make_team()), await make_product(price="50.00")
    customer, viewer = await make_customer(owner=rep, credit_limit=Decimal("100.00")), await viewing(rep)
    address = {"ship_to": {"street": "1 Mill Lane", "country": "GB"}, "contact_phone": "1", "placed_at": now()}
    other, order = [
        await make_order(owner=rep, customer=customer, lines=[(product, quantity)], **address)
        for quantity in ("1", "1.5")
    ]

    async def hand_in() -> int:
        asked = {"transition": Transition.SUBMIT, "order_id": order.id, "expected_version": 1}
        return await take_step(viewer=viewer, company=COMPANY, mutation="orderSubmit", **asked)  # type: ignore[arg-type]  # as named

    async def come_first(client: TransactionClient) -> None:
        await client.connection.execute(SHARED, customer.id)
        await Order.filter(id=other.id).using_db(client).update(status=OrderStatus.APPROVED)

    assert await overtaken(hand_in, come_first) == order.id
    assert [finding.kind async for finding in OrderFinding.all()] == ["CREDIT_EXCEEDED"]


_S, _IN, _OUT = OrderStatus, PaymentKind.PAYMENT, PaymentKind.REFUND


async def worth(customer: Customer, status: OrderStatus, total: str, **columns: Any) -> Order:
    amount = Decimal(total)
    sums: dict[str, Any] = {"net_total": amount, "total": amount, "base_total": amount, "tax_total": Decimal("0.00")}
    return await make_order(status, customer=customer, **(sums | columns))


async def book(order: Order, amount: str, kind: PaymentKind = _IN) -> None:
    of: dict[str, Any] = {"kind": kind, "amount": Decimal(amount), "method": PaymentMethod.CARD}
    await Payment.create(order=order, **of, received_at=order.placed_at, at=order.placed_at)


async def owed(customer: Customer) -> str:
    async with transaction() as client:
        return str(await owed_by(client, COMPANY, customer.id))


@pytest.mark.usefixtures("database")
async def test_what_a_customer_owes_is_what_its_orders_come_to_less_what_was_paid_for_them() -> None:
    customer = await make_customer()
    await worth(await make_customer(), _S.SHIPPED, "999.00")
    assert await owed(customer) == "0"
    for status in (_S.DRAFT, _S.CANCELLED, _S.REJECTED):
        await worth(customer, status, "500.00")
    for status in (_S.PENDING_REVIEW, _S.NEEDS_INFO, _S.APPROVED, _S.PICKING, _S.BACKORDERED, _S.PACKED):
        await worth(customer, status, "1.00")
    assert await owed(customer) == "6.00"
    shipped = await worth(customer, _S.SHIPPED, "100.00")
    await book(shipped, "30.00")
    await book(shipped, "10.00", _OUT)
    assert await owed(customer) == "86.00"
    dollars = await worth(customer, _S.APPROVED, "30.00", currency="USD", base_total=Decimal("20.00"))
    await book(dollars, "10.00")
    assert await owed(customer) == "99.33", "6.67 of 20.00 are paid"
    # What was paid for an order that was called off, or too much, is to the customer's credit.
    off = await worth(customer, _S.CANCELLED, "50.00")
    await book(off, "50.00")
    assert await owed(customer) == "49.33"
    await book(off, "50.00", _OUT)
    assert await owed(customer) == "99.33"


@pytest.mark.usefixtures("database")
async def test_an_order_that_was_over_when_it_came_owes_nothing_until_something_is_booked() -> None:
    customer = await make_customer()
    old = await worth(customer, _S.COMPLETED, "70.00")
    await worth(customer, _S.RECEIVED, "-70.00", type=OrderType.RETURN, original_order=old)
    assert await owed(customer) == "0"
    await book(old, "60.00")
    assert await owed(customer) == "-60.00", "10.00 of the order are open, and 70.00 came back"
    here = await worth(customer, _S.COMPLETED, "40.00")
    await OrderStatusChange.create(order=here, from_status=_S.SHIPPED, to_status=_S.COMPLETED, at=here.placed_at)
    assert await owed(customer) == "-20.00"
    back = await worth(customer, _S.REQUESTED, "-15.00", type=OrderType.RETURN, original_order=here)
    assert await owed(customer) == "-20.00", "nothing came back yet"
    await Order.filter(id=back.id).update(status=_S.RECEIVED)
    assert await owed(customer) == "-35.00"
    await book(here, "40.00")
    await book(back, "15.00", _OUT)
    assert await owed(customer) == "-60.00"


@pytest.mark.usefixtures("database")
async def test_an_order_that_was_paid_ahead_is_within_the_limit() -> None:
    rep, product = await make_user(Role.REP, team=await make_team()), await make_product(price="50.00")
    customer = await make_customer(owner=rep, credit_limit=Decimal("10.00"))
    viewer = await viewing(rep)
    address: dict[str, Any] = {"ship_to": {"street": "1 Mill Lane", "country": "GB"}, "contact_phone": "1"}
    address |= {"placed_at": now()}
    order = await make_order(owner=rep, customer=customer, lines=[(product, "1")], **address)  # 60.00 with tax
    await book(order, "50.00")
    asked: dict[str, Any] = {"transition": Transition.SUBMIT, "order_id": order.id, "expected_version": 1}
    await take_step(viewer=viewer, company=COMPANY, mutation="orderSubmit", **asked)
    assert (await Order.get(id=order.id)).status is _S.APPROVED
