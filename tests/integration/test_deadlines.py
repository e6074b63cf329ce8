"""By when an order has to be seen to: in the company's working time, while nobody waits for the customer."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.calendars import BusinessCalendarEntry, DayHours, Weekday
from domain.job_messages import JobMessageCode
from domain.labels import Labels
from domain.orders.life_cycle import OrderStatus
from domain.orders.splitting import LinePart
from domain.orders.transitions import Transition
from domain.people import Role
from domain.tiers import NewOverride
from models import Order, OrderLine, OutboxEvent, Tier, User
from services.calendars.deadlines import make_open_deadlines
from services.calendars.upsert import upsert_calendar
from services.clock import clock_set_to
from services.orders.split import split_order
from services.orders.step import take_step
from services.tiers.classify import classify_moved, classify_new
from services.tiers.edit import edit_draft
from services.tiers.override import override_tier
from services.tiers.publish import publish_rules
from services.transaction import transaction
from tests.factories import make_order, make_product, make_team, make_user
from tests.integration.order_entry import enter, simple
from tests.integration.test_calendars import run
from tests.integration.test_tiers import rules_of
from tests.integration.writes import COMPANY, viewing
from tests.waiting import within

pytestmark = pytest.mark.usefixtures("database")

WORKDAYS = list(Weekday)[:5]
FRIDAY = datetime(2026, 5, 8, 15, 30, tzinfo=UTC)  # half past four in London
MONDAY = datetime(2026, 5, 11, 8, tzinfo=UTC)  # nine o'clock
HOUR = timedelta(hours=1)


async def no_progress(**_: Any) -> None:
    """Nobody watches."""


@pytest.fixture
async def ada() -> User:
    """An administrator of a company that works nine to five, and whose one rule gives an hour."""
    await Tier.create(code="standard", labels={"en": "standard"}, rank=1)
    ada = await make_user(Role.ADMIN, name="Ada", team=await make_team())
    viewer = await viewing(ada)
    await keep(ada, ("09:00-17:00",))
    draft = await edit_draft(viewer=viewer, rules=await rules_of({"standard": {}}), expected_version=None)
    await publish_rules(viewer=viewer, rule_set_id=draft, expected_version=1)
    return ada


async def keep(ada: User, hours: tuple[str, ...], version: int | None = None) -> int:
    values: dict[str, Any] = {"weekly_hours": [DayHours(weekday=day, hours=hours) for day in WORKDAYS]}
    if version is None:
        values |= {"labels": Labels(en="UK"), "time_zone": "Europe/London", "company_default": True}
    entry = BusinessCalendarEntry(code="uk", **values)
    return await upsert_calendar(viewer=await viewing(ada), calendar=entry, expected_version=version)


async def step(ada: User, order: Order, transition: Transition, at: datetime) -> datetime | None:
    """By when the order has to be seen to after it took a step."""
    with clock_set_to(at):
        await take_step(
            viewer=await viewing(ada),
            company=COMPANY,
            transition=transition,
            order_id=order.id,
            expected_version=(await Order.get(id=order.id)).version,
            mutation="step",
            reason="which colour?",
        )
    return await due(order)


async def due(order: Order) -> datetime | None:
    found: datetime | None = (await Order.get(id=order.id)).respond_by
    return found


async def reviewed(ada: User, at: datetime = FRIDAY) -> Order:
    """An order that waits for review."""
    order = await make_order(OrderStatus.PENDING_REVIEW, team_id=ada.team_id, placed_at=at)  # type: ignore[attr-defined]  # Tortoise adds it
    async with transaction() as client:
        await classify_moved(client, [order.id])
    return order


async def test_an_hour_from_friday_evening_is_over_on_monday(ada: User) -> None:
    product = await make_product(price="10.00", tax_rate=Decimal(0))
    with clock_set_to(FRIDAY):
        entered = await enter(ada, simple(product))
    written = await reviewed(ada)
    assert await due(entered) == await due(written) == MONDAY + HOUR / 2


async def test_it_stands_still_while_the_customer_is_asked_whoever_gave_the_tier(ada: User) -> None:
    by_rule, promised, late = await reviewed(ada), await reviewed(ada), await reviewed(ada, FRIDAY - 3 * HOUR)
    gold = NewOverride(tier_id=(await Tier.first()).id, reason="A promise", expires_at=MONDAY + timedelta(days=9))  # type: ignore[union-attr]  # there is one
    with clock_set_to(FRIDAY):
        await override_tier(viewer=await viewing(ada), order_id=promised.id, override=gold)
    tuesday = MONDAY + timedelta(days=1)
    for order in (by_rule, promised):
        assert await step(ada, order, Transition.REQUEST_INFO, MONDAY) is None
        # Half an hour was left when the customer was asked, and is left on Tuesday at ten.
        assert await step(ada, order, Transition.SUBMIT, tuesday + HOUR) == tuesday + 1.5 * HOUR
    # What was late when the customer was asked stays late, and what takes no time moves nothing.
    before = await due(late)
    assert await step(ada, late, Transition.REQUEST_INFO, MONDAY) == before == FRIDAY - 2 * HOUR
    assert await step(ada, late, Transition.CANCEL, tuesday) == before


async def test_what_is_split_off_has_been_waited_for_too(ada: User) -> None:
    tea = await make_product()
    order = await make_order(OrderStatus.PENDING_REVIEW, lines=[(tea, "3")], placed_at=FRIDAY)
    await step(ada, order, Transition.REQUEST_INFO, FRIDAY)
    await step(ada, order, Transition.SUBMIT, MONDAY)
    await Order.filter(id=order.id).update(status=OrderStatus.APPROVED)
    [part] = await OrderLine.filter(order_id=order.id)
    version = (await Order.get(id=order.id)).version
    goes = [LinePart(line_id=part.id, quantity=Decimal(1))]
    new = await split_order(
        viewer=await viewing(ada), company=COMPANY, order_id=order.id, expected_version=version, lines=goes, reason="x"
    )
    assert (await Order.get(id=new)).respond_by == await due(order) == MONDAY + HOUR


async def test_a_change_of_the_calendar_moves_what_is_open_and_tells_of_it(ada: User) -> None:
    first, promised, asked, over = [await reviewed(ada) for _ in range(4)]
    gold = NewOverride(tier_id=(await Tier.first()).id, reason="A promise", expires_at=MONDAY + timedelta(days=9))  # type: ignore[union-attr]  # there is one
    with clock_set_to(FRIDAY):
        await override_tier(viewer=await viewing(ada), order_id=promised.id, override=gold)
    await step(ada, asked, Transition.REQUEST_INFO, FRIDAY)
    await Order.filter(id=over.id).update(status=OrderStatus.COMPLETED)
    without = await make_order(respond_by=MONDAY)  # written by an earlier version, which kept no minutes
    seqs = {row.id: row.last_seq for row in await Order.all()}
    calendar = await keep(ada, ("08:00-16:45",), 1)
    outcome = await run(calendar)
    assert outcome.message is not None
    assert (outcome.message.code, outcome.message.facts) == (
        JobMessageCode.DEADLINES_MADE,
        {"deadlines": 3, "moved": 2},
    )
    moved = MONDAY - HOUR / 4  # a quarter of an hour on Friday, three on Monday from eight o'clock on
    assert [await due(order) for order in (first, promised, asked, over, without)] == [
        *(moved, moved, None, MONDAY + HOUR / 2, MONDAY)
    ]
    told = await OutboxEvent.filter(type="order.classified").order_by("aggregate_id")
    assert [(event.aggregate_id, event.seq) for event in told] == [
        (each.id, seqs[each.id] + 1) for each in (first, promised)
    ]
    assert (await run(calendar)).message.facts == {"deadlines": 3, "moved": 0}


async def test_no_order_that_is_entered_meanwhile_keeps_the_calendar_as_it_was(ada: User) -> None:
    entered, end, waiting = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def enter_slowly() -> int:
        async with transaction() as client:
            order = Order(currency="GBP", placed_at=FRIDAY, discount=0, net_total=0, tax_total=0, total=0, base_total=0)
            await classify_new(client, order)
            await order.save(using_db=client)
            entered.set()
            await end.wait()
        return int(order.id)

    async def progress(**_: Any) -> None:
        waiting.set()

    entering = asyncio.create_task(enter_slowly())
    await entered.wait()
    await keep(ada, ("08:00-16:45",), 1)
    making = asyncio.create_task(make_open_deadlines(progress))
    await within(5, waiting.is_set)
    end.set()
    order = await Order.get(id=await entering)
    assert order.respond_by == MONDAY + HOUR / 2
    await making
    assert await due(order) == MONDAY - HOUR / 4
