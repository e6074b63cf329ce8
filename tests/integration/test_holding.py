"""Whoever may not see something, or not act on it, holds nothing of it up, and learns nothing by waiting."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.customers import CustomerLevel
from domain.errors import DomainError, NotFound, NotPermitted
from domain.orders.editing import OrderChanges
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.orders.transitions import Transition
from domain.payments import MoneyMoved, PaymentKind, PaymentMethod
from domain.people import Role
from domain.tiers import NewOverride
from models import Order, Team
from models.connection import pool
from rows.access import Lock, hold_behind
from rows.entities import ORDER
from rows.viewer import Viewer
from services.clock import now
from services.orders.create import create_order
from services.orders.step import take_step
from services.orders.update import update_order
from services.payments.record import record_money
from services.tiers.override import override_tier
from services.transaction import transaction
from tests.factories import make_customer, make_order, make_product, make_team, make_user, share_order
from tests.integration.order_entry import simple
from tests.integration.writes import COMPANY, line, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")


async def refused_at_once(works: Sequence[Awaitable[object]], *held: str) -> list[type[DomainError]]:
    """What each is refused with, while somebody else has locked what these statements name."""
    async with pool().acquire() as rival, rival.transaction():
        for each in held:
            await rival.execute(each)
        async with asyncio.timeout(5):
            return [type(error) for work in works for error in await refusals(work)]


def step(viewer: Viewer, order: Order, transition: Transition) -> Awaitable[int]:
    of = {"viewer": viewer, "company": COMPANY, "transition": transition, "mutation": "step"}
    return take_step(**of, order_id=order.id, expected_version=1, reason="why")  # type: ignore[arg-type]  # as named


async def test_what_is_hidden_from_somebody_keeps_them_waiting_in_nothing() -> None:
    rep, product = await make_user(Role.REP, team=await make_team()), await make_product(price="50.00")
    customer = await make_customer(owner=rep, credit_limit=Decimal(100))
    draft, sold = [
        await make_order(status, owner=rep, customer=customer, lines=[(product, "1")])
        for status in (OrderStatus.DRAFT, OrderStatus.COMPLETED)
    ]
    back = await make_order(OrderStatus.RECEIVED, type=OrderType.RETURN, original_order=sold, owner=rep)
    stranger = await make_user(Role.REP, Role.MANAGER, team=await make_team("Other"))
    viewer, own = await viewing(stranger), await make_order(owner=stranger, lines=[(product, "1")])
    returned = {"type": OrderType.RETURN, "original_order_id": sold.id, "lines": [line(product, "-1")]}
    changes, of = OrderChanges(customer_id=customer.id), {"viewer": viewer, "company": COMPANY}
    works = [
        create_order(**of, order=simple(product, customer_id=customer.id)),
        create_order(**of, order=simple(product, **returned)),
        update_order(**of, order_id=draft.id, expected_version=1, changes=OrderChanges(notes="seen")),
        step(viewer, draft, Transition.SUBMIT),
        step(viewer, back, Transition.REFUND),
        override_tier(
            viewer=viewer,
            order_id=draft.id,
            override=NewOverride(tier_id=1, reason="mine", expires_at=now() + timedelta(days=1)),
        ),
        record_money(
            viewer=viewer,
            kind=PaymentKind.REFUND,
            moved=MoneyMoved(order_id=back.id, amount=Decimal(1), method=PaymentMethod.CARD),
        ),
    ]
    everything = ("SELECT FROM customer FOR UPDATE", f"SELECT FROM sales_order WHERE id <> {own.id} FOR UPDATE")
    assert await refused_at_once(works, *everything) == [NotFound] * len(works)
    hidden = update_order(**of, order_id=own.id, expected_version=1, changes=changes)
    assert await refused_at_once([hidden], *everything) == [NotFound]


async def test_who_sees_an_order_on_any_ground_holds_its_customer_and_copies_what_it_is() -> None:
    rep, team, product = await make_user(Role.REP, team=await make_team()), await Team.get(), await make_product()
    important = await make_customer(owner=rep, level=CustomerLevel.KEY_ACCOUNT)
    reader, manager = await make_user(Role.REP, team=await make_team("Other")), await make_user(Role.MANAGER, team=team)
    await make_order(OrderStatus.COMPLETED)  # so that a share has another number than its order
    for user in (reader, manager, rep, await make_user(Role.SERVICE)):
        sold = await make_order(OrderStatus.COMPLETED, owner=rep, customer=important, lines=[(product, "1")])
        if user is reader:
            await share_order(sold, user)
        viewer = await viewing(user)
        async with transaction() as client:
            held = await hold_behind(client, ORDER, viewer, sold.id, "customer", Lock.SHARE, columns=("id", "level"))
        assert held == [{"id": important.id, "level": CustomerLevel.KEY_ACCOUNT}], user.roles


async def test_who_may_not_take_a_step_is_not_in_the_way_of_those_who_may() -> None:
    team = await make_team()
    rep = await make_user(Role.REP, team=team)
    customer = await make_customer(owner=rep, credit_limit=Decimal(100))
    draft, sold = [
        await make_order(status, owner=rep, customer=customer) for status in (OrderStatus.DRAFT, OrderStatus.COMPLETED)
    ]
    reader = await make_user(Role.REP, team=team)
    await share_order(draft, reader)
    handing_in = step(await viewing(reader), draft, Transition.SUBMIT)
    assert await refused_at_once([handing_in], "SELECT FROM customer FOR SHARE") == [NotPermitted]
    back = await make_order(OrderStatus.RECEIVED, type=OrderType.RETURN, original_order=sold)
    servant = await viewing(await make_user(Role.SERVICE))
    works = [
        step(servant, back, Transition.REFUND),
        record_money(
            viewer=servant,
            kind=PaymentKind.REFUND,
            moved=MoneyMoved(order_id=back.id, amount=Decimal(1), method=PaymentMethod.CARD),
        ),
    ]
    original = f"SELECT FROM sales_order WHERE id = {sold.id} FOR UPDATE"  # a number
    assert await refused_at_once(works, original) == [NotPermitted, NotPermitted]
