"""Late orders: which are, in the database as in the rule, and why."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from domain.errors import InvalidInput, NotFound, NotPermitted, VersionConflict
from domain.orders.lateness import Promise, is_late
from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from domain.problems import Problem
from models import Order, OutboxEvent, Reason, User
from models.connection import pool
from rows.declarations.orders import ORDER
from rows.parameters import Context, Parameters, fill
from rows.sql import Compiler, ViewerShape
from services.clock import clock_set_to
from services.orders.delays import set_delay_reason
from tests.factories import make_order, make_user
from tests.integration.writes import COMPANY, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2026, 6, 15)
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


async def test_the_database_says_of_every_order_what_the_rule_says() -> None:
    came = (None, NOON, datetime(2026, 6, 15, 23, 30, tzinfo=UTC))  # the last is the 16th in London
    days = (None, DAY - timedelta(days=1), DAY, DAY + timedelta(days=1))
    for status, moment, day in product(OrderStatus, came, days):
        await make_order(status, delivered_at=moment, required_by=day)
    compiler = Compiler(ViewerShape(frozenset({Role.ADMIN}), 0), Parameters())
    said = compiler.column(ORDER.columns["late"], "t")
    context = Context(await viewing(await make_user(Role.ADMIN)), "GBP", 2, COMPANY.zone.key, DAY)
    values = fill(compiler.parameters.sources, context, [])
    rows = await pool().fetch(f"SELECT id, {said} AS late FROM sales_order t", *values)  # compiled
    orders = {order.id: order for order in await Order.all()}
    assert {row["late"] for row in rows} == {True, False}
    for row in rows:
        order = orders[row["id"]]
        day = COMPANY.day_of(order.delivered_at) if order.delivered_at else None
        promise = Promise(status=order.status, required_by=order.required_by, delivered_on=day)
        assert is_late(promise, today=DAY) == row["late"], promise


async def test_a_late_order_has_a_reason_of_the_list_and_loses_it_again() -> None:
    fog = await Reason.create(kind="DELAY", code="fog", labels={"en": "Fog"})
    pat, order = await make_user(Role.FULFILMENT), await late_order()
    await explain(pat, order, fog.id)
    assert ((await Order.get(id=order.id)).delay_reason_id, (await Order.get(id=order.id)).version) == (fog.id, 2)
    await explain(pat, order, fog.id, version=2)
    assert (await Order.get(id=order.id)).version == 2, "nothing changed"
    await explain(pat, order, None, version=2)
    assert (await Order.get(id=order.id)).delay_reason_id is None
    events = await OutboxEvent.filter(type="order.updated").values_list("payload", flat=True)
    assert [event["changed"] for event in events] == [["delayReason"]] * 2


async def test_what_explains_nothing_is_refused_with_its_field() -> None:
    fog = await Reason.create(kind="DELAY", code="fog", labels={"en": "Fog"})
    old = await Reason.create(kind="DELAY", code="old", labels={"en": "Old"}, active=False)
    loss = await Reason.create(kind="LOSS", code="fog", labels={"en": "Fog"})
    pat, order = await make_user(Role.FULFILMENT), await late_order()
    path = ("input", "reasonId")
    for each in (old, loss):
        assert await refusals(explain(pat, order, each.id)) == (InvalidInput(path=path, problem=Problem.NOT_A_CHOICE),)
    assert await refusals(explain(pat, order, 99)) == (NotFound(path=path),)
    punctual = await make_order(OrderStatus.PICKING, required_by=DAY)
    assert await refusals(explain(pat, punctual, fog.id)) == (
        InvalidInput(path=("input", "id"), problem=Problem.NOT_LATE),
    )
    assert await refusals(explain(pat, order, fog.id, version=4)) == (
        VersionConflict(path=("input", "expectedVersion"), current_version=1),
    )
    for role, error in ((Role.FINANCE, NotPermitted), (Role.SERVICE, NotFound)):
        assert await refusals(explain(await make_user(role), order, fog.id)) == (error(path=("input", "id")),)


async def late_order() -> Order:
    return await make_order(OrderStatus.PICKING, required_by=DAY - timedelta(days=1))


async def explain(user: User, order: Order, reason: int | None, version: int = 1) -> int:
    of = {"viewer": await viewing(user), "order_id": order.id, "expected_version": version}
    with clock_set_to(NOON):
        return await set_delay_reason(company=COMPANY, reason_id=reason, **of)  # type: ignore[arg-type]  # of a dict
