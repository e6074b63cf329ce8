"""Customers are measured by their completed orders, however those are written, and scored by fifths."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.orders.life_cycle import OrderStatus, OrderType
from domain.orders.transitions import Transition
from domain.people import Role
from models import Customer, Order, RfmScale, StaleCustomer
from models.connection import TransactionClient, pool
from services.clock import clock_set_to
from services.orders.step import take_step
from services.rfm.measure import measure, measure_stale
from services.rfm.scale import cut_scores, move_window
from services.rfm.verify import rfm_differences
from services.transaction import transaction
from tests.factories import make_customer, make_order, make_team, make_user
from tests.integration.writes import COMPANY, overtaken, viewing

pytestmark = pytest.mark.usefixtures("database")

_S = OrderStatus
TODAY = datetime(2026, 6, 30, 12, tzinfo=UTC)
SCORES = ("recency_score", "frequency_score", "monetary_score")


async def bought(customer: Customer, days: int, total: str, status: OrderStatus = _S.COMPLETED, **more: Any) -> Order:
    """An order of the customer, placed so many days before TODAY."""
    amount = Decimal(total)
    money = {"net_total": amount, "tax_total": Decimal("0.00"), "total": amount, "base_total": amount}
    at = TODAY - timedelta(days=days)
    return await make_order(status, customer=customer, placed_at=at, created_at=at, **money, **more)


async def measured(day: datetime = TODAY, *, days: int = 365) -> None:
    """As a worker does on this day, until nothing is left."""
    with clock_set_to(day):
        await move_window(COMPANY, days=days)
        while await measure_stale(COMPANY) or await cut_scores(COMPANY):
            pass
    assert await rfm_differences(await _connection()) == []


async def _connection() -> Any:
    return pool()


async def figures(customer: Customer) -> tuple[Any, ...]:
    """How many days ago, how often, how much."""
    found = await Customer.get(id=customer.id)
    ago = found.last_order_at and (TODAY - found.last_order_at).days
    return ago, found.frequency, found.monetary


async def scores(customers: Sequence[Customer], *columns: str) -> list[Any]:
    found = {row["id"]: row for row in await Customer.all().values("id", *SCORES)}
    return [tuple(found[customer.id][name] for name in columns or SCORES) for customer in customers]


async def test_completed_orders_of_the_window_count_and_what_was_returned_is_taken_off() -> None:
    customer, nobody = await make_customer(), await make_customer()
    await bought(customer, 3, "10.00", _S.SHIPPED)
    await bought(customer, 10, "100.00")
    await bought(customer, 365, "50.00", type=OrderType.RENEWAL)
    await bought(customer, 366, "1000.00")
    await bought(customer, 5, "-30.00", _S.REFUNDED, type=OrderType.RETURN)
    await bought(customer, 4, "-7.00", _S.AUTHORISED, type=OrderType.RETURN)
    await bought(customer, 2, "5.00", _S.EXCHANGED, type=OrderType.EXCHANGE)
    await bought(customer, 1, "70.00", _S.CANCELLED)
    await measured()
    assert await figures(customer) == (10, 2, Decimal("125.00"))
    assert await figures(nobody) == (None, 0, 0)
    assert await scores([nobody]) == [(None, None, None)]


async def test_every_write_of_a_completed_order_has_its_customer_measured_and_no_other_write() -> None:
    customer, other = await make_customer(), await make_customer()
    order = await bought(customer, 9, "10.00", _S.SHIPPED)
    await measured()
    service = await viewing(await make_user(Role.ADMIN, team=await make_team()))
    await take_step(
        viewer=service,
        company=COMPANY,
        transition=Transition.COMPLETE,
        order_id=order.id,
        expected_version=1,
        mutation="orderComplete",
    )
    await measured()
    assert await figures(customer) == (9, 1, Decimal("10.00"))
    assert (await Customer.get(id=customer.id)).version == 1
    writes: list[tuple[dict[str, Any], list[tuple[Any, ...]]]] = [
        ({"base_total": Decimal("12.00"), "total": 12, "net_total": 12}, [(9, 1, Decimal("12.00")), (None, 0, 0)]),
        ({"placed_at": TODAY - timedelta(days=8)}, [(8, 1, Decimal("12.00")), (None, 0, 0)]),
        ({"customer_id": other.id}, [(None, 0, 0), (8, 1, Decimal("12.00"))]),
        ({"status": _S.CANCELLED}, [(None, 0, 0), (None, 0, 0)]),
    ]
    for written, expected in writes:
        await Order.filter(id=order.id).update(**written)
        await measured()
        assert [await figures(customer), await figures(other)] == expected
    completed = await bought(other, 7, "3.00")
    await measured()
    await Order.filter(id=completed.id).update(notes="kept", customer_level="VIP", last_seq=7)
    assert await StaleCustomer.all().count() == 0
    await completed.delete()
    await measured()
    assert await figures(other) == (None, 0, 0)


async def test_orders_leave_the_window_as_days_pass_and_come_back_where_it_becomes_longer() -> None:
    customer, old = await make_customer(), await make_customer()
    await bought(customer, 20, "20.00")
    await bought(customer, 30, "30.00")
    await bought(old, 400, "9.00")
    await measured(days=30)
    assert await figures(customer) == (20, 2, Decimal("50.00"))
    with clock_set_to(TODAY + timedelta(hours=11)):  # past midnight in London
        await move_window(COMPANY, days=30)
    assert await StaleCustomer.all().values_list("customer_id", flat=True) == [customer.id]
    await measured(TODAY + timedelta(days=1), days=30)
    assert await figures(customer) == (20, 1, Decimal("20.00"))
    await measured(TODAY + timedelta(days=1), days=500)
    assert [await figures(customer), await figures(old)] == [(20, 2, 50), (400, 1, 9)]


async def test_scores_are_fifths_equal_customers_have_equal_ones_and_who_has_lapsed_the_lowest() -> None:
    customers = [await make_customer() for _ in range(10)]
    lapsed, returned = await make_customer(), await make_customer()
    for place, customer in enumerate(customers):
        for _ in range(1 if place < 7 else place):
            await bought(customer, 100 - place, f"{place + 1}.00")
    await bought(lapsed, 900, "5000.00")
    await bought(returned, 901, "1.00")
    await bought(returned, 1, "-1.00", _S.REFUNDED, type=OrderType.RETURN)
    await measured()
    assert await scores(customers, "recency_score") == [(1,), (1,), (2,), (2,), (3,), (3,), (4,), (4,), (5,), (5,)]
    assert await scores(customers, "monetary_score") == [(1,), (1,), (2,), (2,), (3,), (3,), (4,), (4,), (5,), (5,)]
    # Seven have bought once: what a fifth of all, two, three fifths have at the most is 1.
    assert await scores(customers, "frequency_score") == [(1,)] * 7 + [(4,), (5,), (5,)]
    assert await scores([lapsed, returned]) == [(1, 1, 1), (1, 1, 1)]


async def test_cuts_are_made_anew_each_day_and_when_a_twentieth_of_customers_have_moved() -> None:
    customers = [await make_customer() for _ in range(45)]
    for customer in customers:
        await bought(customer, 5, "10.00")
    await measured()
    cut = (await RfmScale.get(id=1)).cut_at
    for customer, moved in ((customers[0], False), (customers[1], False), (customers[2], True)):
        await bought(customer, 4, "10.00")
        await measured(TODAY + timedelta(minutes=5))
        assert ((await RfmScale.get(id=1)).cut_at != cut) is moved
    cut = (await RfmScale.get(id=1)).cut_at
    await measured(TODAY + timedelta(days=1))
    assert (await RfmScale.get(id=1)).cut_at != cut


async def test_verify_finds_a_customer_that_was_changed_past_the_orders() -> None:
    customer = await make_customer()
    await bought(customer, 5, "10.00")
    assert await rfm_differences(await _connection()) == []  # it waits
    await measured()
    await Customer.filter(id=customer.id).update(frequency=7, monetary_score=None)
    [found] = await rfm_differences(await _connection())
    assert (found.customer_id, found.told["frequency"], found.exact["frequency"]) == (customer.id, "7", "1")
    await RfmScale.all().delete()
    assert [found.exact["frequency"] for found in await rfm_differences(await _connection())] == ["0"]


async def test_an_order_that_is_written_while_its_customer_is_measured_is_not_forgotten() -> None:
    customer = await make_customer()
    await bought(customer, 5, "10.00")
    with clock_set_to(TODAY):
        await move_window(COMPANY, days=365)

    async def complete(client: TransactionClient) -> None:
        await client.connection.execute("SELECT FROM customer WHERE id = $1 FOR SHARE", customer.id)
        await bought(customer, 4, "20.00")

    # It waits for the writer, and sees what that has committed; the writer's mark stays for another look.
    assert await overtaken(lambda: measure_stale(COMPANY), complete) == 3
    assert await figures(customer) == (4, 2, Decimal("30.00"))
    assert await measure_stale(COMPANY) == 1
    assert await measure_stale(COMPANY) == 0


async def test_who_dies_while_measuring_leaves_everything_to_the_next() -> None:
    customer = await make_customer()
    await bought(customer, 5, "10.00")
    await measured()
    await bought(customer, 4, "20.00")

    class Killed(Exception):
        """As a worker is."""

    async def die() -> None:
        async with transaction() as client:
            await client.connection.execute("DELETE FROM stale_customer")
            await measure(client, [customer.id])
            raise Killed

    with pytest.raises(Killed):
        await die()
    assert (await figures(customer))[1] == 1
    await measured()
    assert (await figures(customer))[1] == 2


async def test_days_are_those_of_the_companys_zone() -> None:
    with clock_set_to(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)):  # the first of July in London
        await move_window(COMPANY, days=1)
    starts = (await RfmScale.get(id=1)).starts_at
    assert starts.astimezone(COMPANY.zone).date() == date(2026, 6, 30)
