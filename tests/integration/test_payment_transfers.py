"""Money that was booked with one order goes to another: explicitly, in balance, and never more than there is."""

from decimal import Decimal

import asyncpg
import pytest

from domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, RefundExceedsPaid
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.orders.splitting import LinePart
from domain.payments import MoneyMoved, PaymentKind, PaymentMethod, PaymentTransfer, Reversal
from domain.people import Role
from domain.problems import Problem
from models import Order, OrderLine, Payment
from models.connection import pool
from rows.viewer import Viewer
from services.orders.split import split_order
from services.payments.record import record_money, reverse_payment
from services.payments.transfer import transfer_payment
from services.payments.verify import payment_differences
from tests.factories import make_customer, make_order, make_product, make_user
from tests.integration.writes import COMPANY, Outcome, events, race, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")
D, _S = Decimal, OrderStatus
ALL_STATES = """
SELECT id, order_payment_state(status, total, received, refunded, returns_refunded) AS state,
       order_due(status, total, received, refunded)::text AS due FROM sales_order ORDER BY id
"""


@pytest.fixture
async def fay() -> Viewer:
    return await viewing(await make_user(Role.FINANCE))


@pytest.fixture
async def order() -> Order:
    """A walk-in's order of ten pieces, 120.00 with tax."""
    return await make_order(_S.APPROVED, lines=[(await make_product(), "10")])


async def pay(viewer: Viewer, order_id: int, amount: str, kind: PaymentKind = PaymentKind.PAYMENT) -> int:
    moved = MoneyMoved(order_id=order_id, amount=D(amount), method=PaymentMethod.CARD)
    return await record_money(viewer=viewer, kind=kind, moved=moved)


async def give(viewer: Viewer, source: int, target: int, amount: str, reason: str = "of the split") -> int:
    transfer = PaymentTransfer(from_order_id=source, to_order_id=target, amount=D(amount), reason=reason)
    return await transfer_payment(viewer=viewer, transfer=transfer)


async def split(order: Order, quantity: str) -> int:
    line = await OrderLine.get(order_id=order.id)
    return await split_order(
        viewer=await viewing(await make_user(Role.FULFILMENT)),
        company=COMPANY,
        order_id=order.id,
        expected_version=1,
        lines=[LinePart(line_id=line.id, quantity=D(quantity))],
        reason="short",
    )


async def states() -> list[tuple[str, str]]:
    """What is told of each order: how far it is paid, and what is due."""
    async with pool().acquire() as connection:
        assert await payment_differences(connection) == []
        return [(row["state"], row["due"]) for row in await connection.fetch(ALL_STATES)]


def beyond(asked: str, paid: str, left: str) -> tuple[DomainError, ...]:
    amounts = {"asked": D(asked), "paid": D(paid), "left": D(left)}
    return (RefundExceedsPaid(path=("input", "amount"), currency="GBP", **amounts),)


async def test_a_split_moves_no_money_and_finance_does(fay: Viewer, order: Order) -> None:
    await pay(fay, order.id, "120")
    new = await split(order, "4")
    assert await states() == [("OVERPAID", "-48.00"), ("UNPAID", "48.00")]
    # Nothing was paid for the new one yet, so that nothing goes back for it.
    assert await refusals(pay(fay, new, "1", PaymentKind.REFUND)) == beyond("1", "0.00", "0.00")
    entry = await Payment.get(id=await give(fay, order.id, new, "48"))
    assert await states() == [("PAID", "0.00"), ("PAID", "0.00")]
    other = await Payment.get(id=entry.counterpart_id)  # type: ignore[attr-defined]  # Tortoise adds it
    assert (entry.kind, entry.order_id, entry.amount) == (PaymentKind.TRANSFER_IN, new, D("48.00"))
    assert (other.kind, other.order_id, other.reason) == (PaymentKind.TRANSFER_OUT, order.id, "of the split")
    assert [(await events("order", each))[-1][1] for each in (order.id, new)] == ["payment.transferred"] * 2
    # Refunds are within what each has now, and 120.00 over both.
    assert await refusals(pay(fay, order.id, "72.01", PaymentKind.REFUND)) == beyond("72.01", "72.00", "72.00")
    await pay(fay, order.id, "72", PaymentKind.REFUND)
    assert await refusals(give(fay, order.id, new, "0.01")) == beyond("0.01", "72.00", "0.00")
    # What was transferred is transferred back, not undone.
    transferred = InvalidInput(path=("input", "paymentId"), problem=Problem.IS_TRANSFER)
    undoing = reverse_payment(viewer=fay, reversal=Reversal(payment_id=entry.id, reason="wrong"))
    assert await refusals(undoing) == (transferred,)
    await give(fay, new, order.id, "8")
    assert await states() == [("PARTLY_REFUNDED", "64.00"), ("PARTLY_PAID", "8.00")]


async def test_money_of_one_customer_goes_to_no_other_order_than_one_of_theirs(fay: Viewer, order: Order) -> None:
    customer = await make_customer()
    mine, too, dollars, back = [
        await make_order(customer=customer, **columns)  # type: ignore[arg-type]  # columns of it
        for columns in ({}, {}, {"currency": "USD"}, {"type": OrderType.RETURN})
    ]
    others = await make_order(customer=await make_customer())
    await pay(fay, mine.id, "10")
    await pay(fay, order.id, "10")

    def wrong(problem: Problem, name: str = "toOrderId", limit: str = "") -> tuple[InvalidInput, ...]:
        return (InvalidInput(path=("input", name), problem=problem, limit=limit),)

    for source, target, found in (
        (mine, mine, wrong(Problem.DUPLICATE)),
        (mine, others, wrong(Problem.OTHER_CUSTOMER)),
        (mine, order, wrong(Problem.OTHER_CUSTOMER)),
        (order, await make_order(), wrong(Problem.OTHER_CUSTOMER)),
        (mine, dollars, wrong(Problem.OTHER_CURRENCY, limit="GBP")),
        (mine, back, wrong(Problem.IS_RETURN)),
        (back, mine, wrong(Problem.IS_RETURN, "fromOrderId")),
    ):
        assert await refusals(give(fay, source.id, target.id, "1")) == found
    assert await refusals(give(fay, mine.id, too.id, "0", "")) == (
        InvalidInput(path=("input", "amount"), problem=Problem.ZERO),
        InvalidInput(path=("input", "reason"), problem=Problem.BLANK),
    )
    clerk, stranger = await viewing(await make_user(Role.FULFILMENT)), await viewing(await make_user(Role.REP))
    assert await refusals(give(clerk, order.id, order.id, "1")) == (NotPermitted(path=("input", "fromOrderId")),)
    assert await refusals(give(stranger, mine.id, order.id, "1")) == (
        NotFound(path=("input", "fromOrderId")),
        NotFound(path=("input", "toOrderId")),
    )
    assert await Payment.all().count() == 2
    await give(fay, mine.id, too.id, "4")
    assert (await Order.get(id=too.id)).received == D("4.00")


async def test_money_that_came_in_for_a_return_goes_back_once_and_from_its_own_ledger(
    fay: Viewer, order: Order
) -> None:
    sibling = await make_order(_S.APPROVED, split_from=order)
    back = await make_order(_S.REQUESTED, type=OrderType.EXCHANGE, original_order=order)
    await pay(fay, back.id, "10")
    assert await refusals(give(fay, order.id, sibling.id, "10")) == beyond("10", "0.00", "0.00")
    await pay(fay, order.id, "4", PaymentKind.REFUND)
    await Order.filter(id=back.id).update(status=_S.DECLINED)
    assert await refusals(pay(fay, back.id, "10", PaymentKind.REFUND)) == beyond("10", "10.00", "6.00")
    await pay(fay, back.id, "6", PaymentKind.REFUND)
    assert await refusals(pay(fay, order.id, "0.01", PaymentKind.REFUND)) == beyond("0.01", "0.00", "0.00")


async def test_refunds_transfers_and_a_split_at_once_never_move_more_than_came_in(fay: Viewer, order: Order) -> None:
    await pay(fay, order.id, "100")
    sibling = await make_order(_S.APPROVED, split_from=order)
    contestants = [lambda: pay(fay, order.id, "30", PaymentKind.REFUND)] * 3
    contestants += [lambda: give(fay, order.id, sibling.id, "25")] * 4
    contestants += [lambda: give(fay, sibling.id, order.id, "10")] * 2
    outcomes: list[Outcome[int]] = await race(lambda: split(order, "4"), *contestants)
    assert isinstance(outcomes[0], int), "a split stands in nobody's way"
    one, other = await Order.get(id=order.id), await Order.get(id=sibling.id)
    assert one.received + other.received == D("100.00")
    assert one.received >= one.refunded
    assert other.received >= 0
    refunded = sum(isinstance(each, int) for each in outcomes[1:4]) * 30
    assert one.refunded == refunded
    given = [isinstance(each, int) for each in outcomes[4:]]
    assert other.received == sum(given[:4]) * 25 - sum(given[4:]) * 10
    assert 100 - refunded - other.received < 30 or refunded == 90, "who was refused was so for want of money"
    await states()


async def test_nobody_writes_half_a_transfer(fay: Viewer, order: Order) -> None:
    other = await make_order(split_from=order)
    dollars = await make_order(split_from=order, currency="USD")
    entry = await pay(fay, order.id, "10")
    made = "INSERT INTO payment (id, order_id, kind, amount, method, turn, received_at, at, counterpart_id) VALUES"
    of = "'OFFSET', 0, now(), now()"
    for values in (
        f"(90, {order.id}, 'TRANSFER_OUT', 5, {of}, NULL)",
        f"(90, {order.id}, 'TRANSFER_IN', 5, {of}, {entry})",
        f"(90, {order.id}, 'TRANSFER_OUT', 5, {of}, 91), (91, {other.id}, 'TRANSFER_IN', 6, {of}, 90)",
        f"(90, {order.id}, 'TRANSFER_IN', 5, {of}, 91), (91, {other.id}, 'TRANSFER_IN', 5, {of}, 90)",
        f"(90, {order.id}, 'TRANSFER_OUT', 5, {of}, 91), (91, {order.id}, 'TRANSFER_IN', 5, {of}, 90)",
        f"(90, {order.id}, 'TRANSFER_OUT', 5, {of}, 91), (91, {dollars.id}, 'TRANSFER_IN', 5, {of}, 90)",
        f"(90, {order.id}, 'TRANSFER_OUT', 11, {of}, 91), (91, {other.id}, 'TRANSFER_IN', 11, {of}, 90)",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await pool().execute(f"{made} {values}")
    assert await states() == [("PARTLY_PAID", "110.00"), ("PAID", "0.00"), ("PAID", "0.00")]
