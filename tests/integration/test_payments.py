"""Payments: a ledger from which it follows what orders were paid, and of which no more goes back than came in."""

from contextlib import suppress
from decimal import Decimal

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import AlreadyExists, DomainError, InvalidInput, NotFound, NotPermitted, RefundExceedsPaid, Refused
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.orders.transitions import Transition
from domain.payments import MoneyMoved, PaymentKind, PaymentMethod, ReturnRefund, Reversal
from domain.people import Role
from domain.problems import Problem
from models import Order, Payment
from models.connection import pool
from rows.viewer import Viewer
from services.orders.step import take_step
from services.payments.record import record_money, reverse_payment
from services.payments.verify import payment_differences
from tests.factories import make_order, make_user
from tests.integration.writes import COMPANY, Outcome, events, race, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")
IN, OUT = PaymentKind.PAYMENT, PaymentKind.REFUND


@pytest.fixture
async def fay() -> Viewer:
    return await viewing(await make_user(Role.FINANCE))


async def worth(total: str, status: OrderStatus = OrderStatus.COMPLETED, **columns: object) -> Order:
    """An order that comes to `total`."""
    amount = Decimal(total)
    sums = {"net_total": amount, "tax_total": Decimal("0.00"), "total": amount, "base_total": amount}
    return await make_order(status, **sums, **columns)


async def back(original: Order | None, total: str, status: OrderStatus = OrderStatus.RECEIVED) -> Order:
    """A return that comes to `total`, below zero."""
    return await worth(total, status, type=OrderType.RETURN, original_order=original)


async def move(viewer: Viewer, kind: PaymentKind, order: Order, amount: str, reference: str | None = None) -> int:
    moved = MoneyMoved(
        order_id=order.id, amount=Decimal(amount), method=PaymentMethod.BANK_TRANSFER, reference=reference
    )
    return await record_money(viewer=viewer, kind=kind, moved=moved)


async def undo(viewer: Viewer, payment_id: int) -> int:
    return await reverse_payment(viewer=viewer, reversal=Reversal(payment_id=payment_id, reason="wrong order"))


async def pay_back(viewer: Viewer, order: Order, amount: str | None = None) -> int:
    return await take_step(
        viewer=viewer,
        company=COMPANY,
        transition=Transition.REFUND,
        order_id=order.id,
        expected_version=1,
        mutation="orderRefund",
        refund=ReturnRefund(amount=None if amount is None else Decimal(amount), method=PaymentMethod.CARD),
    )


async def sums(order: Order) -> tuple[str, str, str]:
    """What the order received, refunded, and refunded for its returns."""
    now = await Order.get(id=order.id)
    return str(now.received), str(now.refunded), str(now.returns_refunded)


async def holds() -> None:
    """The ledger adds up to what orders say."""
    async with pool().acquire() as connection:
        assert await payment_differences(connection) == []


def beyond(asked: str, paid: str, left: str, *, named: str = "amount") -> tuple[DomainError, ...]:
    amounts = {"asked": Decimal(asked), "paid": Decimal(paid), "left": Decimal(left)}
    return (RefundExceedsPaid(path=("input", named), currency="GBP", **amounts),)


async def test_what_was_paid_follows_from_the_ledger(fay: Viewer) -> None:
    order = await worth("100.00")
    first = await move(fay, IN, order, "60")
    await move(fay, IN, order, "60.5")
    await move(fay, OUT, order, "20.5")
    assert await sums(order) == ("120.50", "20.50", "0")
    await undo(fay, first)
    assert await sums(order) == ("60.50", "20.50", "0")
    await holds()
    kinds = ["payment.recorded", "payment.recorded", "refund.recorded", "payment.reversed"]
    assert await events("order", order.id) == list(enumerate(kinds, start=1))
    assert (await Order.get(id=order.id)).version == 1


async def test_of_twenty_returns_that_are_refunded_at_once_as_many_are_as_was_paid(fay: Viewer) -> None:
    order = await worth("200.00")
    await move(fay, IN, order, "75.00")
    returns = [await back(order, "-10.00") for _ in range(20)]
    outcomes: list[Outcome[int]] = await race(*(lambda each=each: pay_back(fay, each) for each in returns))
    assert sorted(map(type, outcomes), key=str) == [int] * 7 + [tuple] * 13
    assert {outcome for outcome in outcomes if isinstance(outcome, tuple)} == {beyond("10.00", "75.00", "5.00")}
    assert await sums(order) == ("75.00", "0", "70.00")
    assert await Order.filter(status=OrderStatus.REFUNDED).count() == 7
    await holds()


async def test_refunds_of_the_order_and_of_its_returns_share_what_was_paid(fay: Viewer) -> None:
    order = await worth("100.00")
    await move(fay, IN, order, "100")
    one, other = await back(order, "-60.00"), await back(order, "-60.00")
    await pay_back(fay, one)
    assert await refusals(pay_back(fay, other)) == beyond("60.00", "100.00", "40.00")
    assert await refusals(move(fay, OUT, other, "40.01")) == beyond("40.01", "100.00", "40.00")
    outcomes = await race(*[lambda: move(fay, OUT, order, "15")] * 3, *[lambda: move(fay, OUT, other, "15")] * 3)
    assert sum(isinstance(each, int) for each in outcomes) == 2
    await pay_back(fay, other, "10")
    assert await refusals(move(fay, OUT, order, "0.01")) == beyond("0.01", "100.00", "0.00")
    await holds()


async def test_a_payment_whose_money_went_back_is_not_reversed(fay: Viewer) -> None:
    order = await worth("100.00")
    first, second = await move(fay, IN, order, "70"), await move(fay, IN, order, "30")
    refund = await move(fay, OUT, await back(order, "-50.00"), "50")
    assert await refusals(undo(fay, first)) == beyond("70.00", "100.00", "50.00", named="paymentId")
    reversal = await undo(fay, second)
    assert await refusals(undo(fay, second)) == (AlreadyExists(path=("input", "paymentId")),)
    assert await refusals(undo(fay, reversal)) == (
        InvalidInput(path=("input", "paymentId"), problem=Problem.IS_REVERSAL),
    )
    await undo(fay, refund)
    await undo(fay, first)
    assert await sums(order) == ("0.00", "0", "0.00")


async def test_a_bank_line_is_booked_once_and_again_after_it_was_reversed(fay: Viewer) -> None:
    order, other = await worth("100.00"), await worth("10.00")
    outcomes = await race(*[lambda: move(fay, IN, order, "10", "line 7")] * 5)
    [entry] = [each for each in outcomes if isinstance(each, int)]
    assert outcomes.count((AlreadyExists(path=("input", "reference")),)) == 4
    await move(fay, IN, other, "5", "line 7")
    sent = await move(fay, OUT, order, "1", "line 7")
    await undo(fay, sent)
    await undo(fay, entry)
    await move(fay, IN, order, "11", "line 7")
    assert await refusals(move(fay, IN, order, "11", "line 7")) == (AlreadyExists(path=("input", "reference")),)
    await holds()


async def test_a_return_is_paid_back_with_its_last_step(fay: Viewer) -> None:
    order = await worth("100.00")
    await move(fay, IN, order, "100")
    kept = await back(order, "-40.00")
    await pay_back(fay, kept, "35.5")
    assert await sums(kept) == ("0", "35.50", "0")
    assert await events("order", kept.id) == [(1, "return.refunded")]
    assert (await events("order", order.id))[-1] == (2, "refund.recorded")
    before = await back(order, "-20.00")
    await move(fay, OUT, before, "20")
    await pay_back(fay, before)
    assert await Payment.filter(order_id=before.id).count() == 1


async def test_a_return_of_what_was_never_paid_ends_without_a_refund(fay: Viewer) -> None:
    order = await worth("100.00")
    returned = await back(order, "-40.00")
    assert await refusals(pay_back(fay, returned)) == beyond("40.00", "0.00", "0.00")
    await pay_back(fay, returned, "0")
    assert (await Order.get(id=returned.id)).status == OrderStatus.REFUNDED


async def test_a_return_without_an_original_has_no_limit(fay: Viewer) -> None:
    returned = await back(None, "-40.00")
    await pay_back(fay, returned)
    assert await sums(returned) == ("0", "40.00", "0")


async def test_who_may_not_book_or_does_not_see_changes_nothing(fay: Viewer) -> None:
    order = await worth("10.00")
    entry = await move(fay, IN, order, "10")
    clerk, stranger = await viewing(await make_user(Role.SERVICE)), await viewing(await make_user(Role.REP))
    assert await refusals(move(clerk, IN, order, "1")) == (NotPermitted(path=("input", "orderId")),)
    assert await refusals(move(stranger, IN, order, "1")) == (NotFound(path=("input", "orderId")),)
    assert await refusals(undo(stranger, entry)) == (NotFound(path=("input", "paymentId")),)
    assert await refusals(move(fay, IN, order, "1.001")) == (
        InvalidInput(path=("input", "amount"), problem=Problem.TOO_MANY_DECIMALS, limit="2"),
    )
    assert await refusals(move(fay, IN, order, "-1")) == (
        InvalidInput(path=("input", "amount"), problem=Problem.NEGATIVE),
    )
    assert await Payment.all().count() == 1


async def test_nobody_writes_past_the_rules(fay: Viewer) -> None:
    order, other = await worth("10.00"), await worth("10.00")
    entry = await move(fay, IN, order, "10")
    made = "INSERT INTO payment (order_id, kind, amount, method, turn, received_at, at, reverses_id) VALUES"
    for statement in (
        f"UPDATE payment SET amount = 1 WHERE id = {entry}",
        f"UPDATE payment SET reason = 'because' WHERE id = {entry}",
        f"DELETE FROM payment WHERE id = {entry}",
        "TRUNCATE payment",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool().execute(statement)
    for values in (
        f"({order.id}, 'REFUND', 10.01, 'CASH', 0, now(), now(), NULL)",
        f"({order.id}, 'REVERSAL', 9, 'BANK_TRANSFER', 0, now(), now(), {entry})",
        f"({other.id}, 'REVERSAL', 10, 'BANK_TRANSFER', 0, now(), now(), {entry})",
        f"({order.id}, 'PAYMENT', 0, 'CASH', 0, now(), now(), NULL)",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await pool().execute(f"{made} {values}")
    assert await sums(order) == ("10.00", "0", "0")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.sampled_from(["in", "out", "undo"]), st.integers(0, 2), st.integers(1, 9)), max_size=12)
)
async def test_however_money_moves_the_ledger_adds_up_and_no_more_goes_back_than_came(
    fay: Viewer, steps: list[tuple[str, int, int]]
) -> None:
    original = await worth("20.00")
    family = [original, await back(original, "-9.00"), await back(original, "-9.00")]
    booked: list[int] = []
    for what, place, amount in steps:
        with suppress(Refused):
            if what == "undo" and booked:
                await undo(fay, booked[place % len(booked)])
            elif what != "undo":
                booked.append(await move(fay, IN if what == "in" else OUT, family[place], f"{amount}"))
    await holds()
    came = went = Decimal(0)
    for entry in await Payment.filter(order_id__in=[each.id for each in family]).exclude(kind="REVERSAL"):
        if not await Payment.filter(reverses_id=entry.id).exists():
            came, went = came + entry.amount * (entry.kind is IN), went + entry.amount * (entry.kind is OUT)
    assert came >= went
    now = await Order.get(id=original.id)
    assert now.received - now.refunded - now.returns_refunded == came - went
