"""Somebody gives an order another tier: rules leave it alone, until it ends."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.customers import CustomerLevel
from domain.orders.editing import OrderChanges
from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from domain.tiers import NewOverride
from models import AuditEntry, Order, OrderTierOverride, OutboxEvent, Tier, User
from models.connection import TransactionClient
from services.clock import clock_set_to, now
from services.orders.update import update_order
from services.tiers.override import end_expired, end_override, override_tier
from services.tiers.reclassify import reclassify_orders
from services.tiers.stale import classify_stale
from tests.factories import make_customer, make_order, make_product, make_team, make_user
from tests.integration.order_entry import enter, simple
from tests.integration.test_tiers import RULES, change_level, no_progress, publish, tiers_of
from tests.integration.writes import COMPANY, overtaken, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


@pytest.fixture
async def mia() -> User:
    """A manager, in a company with its usual tiers."""
    for rank, code in enumerate(("strategic", "key", "standard", "tail")):
        await Tier.create(code=code, labels={"en": code}, rank=rank)
    return await make_user(Role.MANAGER, name="Mia", team=await make_team())


@pytest.fixture
async def ada(mia: User) -> User:
    """An administrator of the same team."""
    return await make_user(Role.ADMIN, name="Ada", team_id=mia.team_id)  # type: ignore[attr-defined]  # Tortoise adds it


async def give(by: User, order: Order, tier: str = "strategic", **changes: Any) -> int:
    """Override the order's tier for a day, or as `changes` say."""
    given = {"tier_id": (await Tier.get(code=tier)).id, "reason": "A promise", "expires_at": now() + DAY, **changes}
    return await override_tier(viewer=await viewing(by), order_id=order.id, override=NewOverride(**given))


async def what_rules_gave(order: Order) -> tuple[Any, ...]:
    found = await Order.get(id=order.id)
    return (found.tier_id, found.priority, found.respond_by, found.tier_rule_id, found.tier_version)  # type: ignore[attr-defined]  # as above


async def test_an_override_stays_whatever_is_written_until_somebody_ends_it(ada: User, mia: User) -> None:
    await publish(ada)
    customer = await make_customer()
    product = await make_product(price="10.00", tax_rate=Decimal(0))
    order = await enter(ada, simple(product, customer_id=customer.id))
    before = await what_rules_gave(order)
    await give(mia, order, "key", priority=9)
    changes = OrderChanges(notes="read me")
    await update_order(
        viewer=await viewing(ada), company=COMPANY, order_id=order.id, expected_version=1, changes=changes
    )
    await change_level(ada, customer, CustomerLevel.KEY_ACCOUNT)
    await classify_stale()
    await publish(ada, {"standard": {}})
    assert await reclassify_orders(progress=no_progress) == (0, 0)
    found = await Order.get(id=order.id)
    assert await tiers_of(order) == ["key"]
    assert (found.priority, found.respond_by, found.tier_rule_id) == (9, before[2], None)
    await end_override(viewer=await viewing(ada), order_id=order.id)
    found = await Order.get(id=order.id)
    assert await tiers_of(order) == ["standard"]
    assert (found.priority, found.tier_version, found.tier_override_id) == (1, 2, None)
    override = await OrderTierOverride.get(order_id=order.id)
    assert (override.by_id, override.ended_by_id, override.reason) == (mia.id, ada.id, "A promise")  # type: ignore[attr-defined]  # as above
    await end_override(viewer=await viewing(ada), order_id=order.id)  # there is none
    events = await OutboxEvent.filter(aggregate_id=order.id, aggregate="order").order_by("seq")
    assert [event.seq for event in events] == list(range(1, found.last_seq + 1))
    told = [(event.type, event.payload.get("by")) for event in events if "tier" in event.type]
    assert told == [("order.tier_overridden", mia.id), ("order.tier_override_ended", ada.id)]
    audited = await AuditEntry.all().order_by("id").values_list("action", "actor_id")
    assert [entry for entry in audited if entry[0].startswith("OVERRIDE")] == [
        ("OVERRIDE_SET", mia.id),
        ("OVERRIDE_WITHDRAWN", ada.id),
    ]


async def test_an_override_ends_by_itself_once_however_many_workers_look(ada: User, mia: User) -> None:
    await publish(ada, {"tail": {}})
    first, later, over = [await make_order(team_id=mia.team_id) for _ in range(3)]  # type: ignore[attr-defined]  # as above
    await give(mia, first)
    await give(mia, later, expires_at=now() + 2 * DAY)
    await give(mia, over)
    await Order.filter(id=over.id).update(status=OrderStatus.COMPLETED)
    assert await end_expired() == 0
    with clock_set_to(now() + DAY + timedelta(seconds=1)):
        await asyncio.gather(end_expired(), end_expired(), end_expired())
        assert await end_expired() == 0
    assert await tiers_of(first, later, over) == ["tail", "strategic", "strategic"]
    for order, ends in ((first, 1), (later, 0), (over, 1)):
        of = {"aggregate": "order", "aggregate_id": order.id}
        assert await OutboxEvent.filter(type="order.tier_override_ended", **of).count() == ends
    assert await AuditEntry.filter(action="OVERRIDE_WITHDRAWN", actor_id=None).count() == 2
    assert await OrderTierOverride.filter(ended_at=None).count() == 1


async def test_an_override_that_is_prolonged_while_it_is_about_to_end_does_not_end(mia: User) -> None:
    order = await make_order(team_id=mia.team_id)  # type: ignore[attr-defined]  # as above
    await give(mia, order)

    async def prolong(client: TransactionClient) -> None:
        await client.connection.execute("UPDATE order_tier_override SET expires_at = expires_at + interval '9 days'")

    with clock_set_to(now() + DAY + timedelta(seconds=1)):
        await overtaken(end_expired, prolong)
    assert await tiers_of(order) == ["strategic"]
    assert await OrderTierOverride.filter(ended_at=None).count() == 1


async def test_a_second_override_takes_the_place_of_the_first(mia: User) -> None:
    order = await make_order(team_id=mia.team_id, priority=4)  # type: ignore[attr-defined]  # as above
    await give(mia, order, "key", expires_at=now() + timedelta(hours=1))
    await give(mia, order, "tail")
    assert await tiers_of(order) == ["tail"]
    assert (await Order.get(id=order.id)).priority == 4
    ended = await OrderTierOverride.filter(order_id=order.id).order_by("id").values_list("ended_at", flat=True)
    assert [each is None for each in ended] == [False, True]
    with clock_set_to(now() + timedelta(hours=2)):
        assert await end_expired() == 0
    await end_override(viewer=await viewing(mia), order_id=order.id)
    assert await what_rules_gave(order) == (None,) * 5  # there are no rules


async def test_whoever_classifies_waits_for_an_override_and_leaves_it_alone(ada: User) -> None:
    order = await make_order()
    await publish(ada, RULES)
    tier = await Tier.get(code="key")

    async def rival(client: TransactionClient) -> None:
        written = "UPDATE sales_order SET tier_override_id = 1, tier_id = $2 WHERE id = $1"
        await client.connection.execute(written, order.id, tier.id)

    await overtaken(lambda: reclassify_orders(progress=no_progress), rival)
    assert await tiers_of(order) == ["key"]


async def test_what_an_override_may_not_be_is_told_by_its_path(ada: User, mia: User) -> None:
    order, theirs = await make_order(team_id=mia.team_id), await make_order()  # type: ignore[attr-defined]  # as above
    over = await make_order(OrderStatus.CANCELLED, team_id=mia.team_id)  # type: ignore[attr-defined]  # as above
    rep = await make_user(Role.REP, team_id=mia.team_id)  # type: ignore[attr-defined]  # as above
    own = await make_order(owner=rep)
    await Tier.filter(code="tail").update(active=False)

    async def told(by: User, order: Order, **changes: Any) -> list[tuple[str, str]]:
        found = await refusals(give(by, order, **changes))
        return [(error.path[-1], getattr(error, "problem", error.code.value)) for error in found]

    assert await told(mia, theirs) == [("id", "NOT_FOUND")]
    assert await told(rep, own) == [("id", "NOT_PERMITTED")]
    assert await told(mia, over) == [("id", "NOT_EDITABLE")]
    assert await told(mia, order, tier="tail") == [("tierId", "tier_inactive")]
    wrong = {"priority": 10, "reason": " ", "expires_at": now() - DAY, "tier_id": 99}
    assert await told(mia, order, **wrong) == [
        *(("priority", "out_of_range"), ("reason", "blank"), ("expiresAt", "too_early"), ("tierId", "NOT_FOUND")),
    ]
    assert await told(mia, order, expires_at=now() + 367 * DAY) == [("expiresAt", "too_late")]
    refused = await refusals(end_override(viewer=await viewing(rep), order_id=own.id))
    assert [error.code for error in refused] == ["NOT_PERMITTED"]
    assert await OrderTierOverride.all().count() == 0
    assert await give(ada, theirs) == theirs.id
