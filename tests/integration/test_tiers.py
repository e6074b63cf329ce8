"""Orders are classified by tier rules, however they are written, and whoever is in the way."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.customer_entry import CustomerChanges
from domain.customers import CustomerLevel
from domain.jobs import JobKind
from domain.orders.editing import EditedLine, OrderChanges
from domain.orders.life_cycle import OrderStatus
from domain.orders.short_lines import LineCancellation
from domain.orders.splitting import LinePart
from domain.orders.transitions import Transition
from domain.organisation import TeamChanges
from domain.people import Role
from domain.tiers import NewTierRule
from domain.users import Transfer
from models import (
    AuditEntry,
    Customer,
    Job,
    Order,
    OrderLine,
    OrderTierOverride,
    OutboxEvent,
    Product,
    StaleTiers,
    Tier,
    TierRuleSet,
    User,
)
from models.connection import TransactionClient, pool
from services.clock import now
from services.customers.update import update_customer
from services.orders.short_lines import cancel_lines
from services.orders.split import split_order
from services.orders.step import take_step
from services.orders.update import update_order
from services.organisation.branches import REGION_TREE, TEAM_TREE, Branch
from services.organisation.update import update_node
from services.records.transfer import transfer_records
from services.tiers.classify import classify_again, customers_changed
from services.tiers.edit import edit_draft
from services.tiers.publish import publish_rules, roll_back_rules
from services.tiers.reclassify import Below, reclassify_orders
from services.tiers.rules import known_rules
from services.tiers.stale import classify_stale
from services.transaction import transaction
from tests.factories import PLACED_AT, make_customer, make_order, make_product, make_region, make_team, make_user
from tests.integration.order_entry import enter, simple
from tests.integration.writes import COMPANY, line, overtaken, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")

STRATEGIC = {"or": [{"baseTotal": {"gte": "5000"}}, {"customer": {"level": {"eq": "KEY_ACCOUNT"}}}]}
KEY = {"or": [{"baseTotal": {"gte": "1000"}}, {"frequency": {"days": 90, "gte": 3}}]}
_APPROVED = OrderStatus.APPROVED
RULES = {"strategic": STRATEGIC, "key": KEY, "tail": {"baseTotal": {"lt": "50"}}, "standard": {}}


async def no_progress(**_: Any) -> None:
    """Nobody watches."""


@pytest.fixture
async def ada() -> User:
    """An administrator, of a company with its usual tiers."""
    for rank, code in enumerate(("strategic", "key", "standard", "tail")):
        await Tier.create(code=code, labels={"en": code}, rank=rank)
    return await make_user(Role.ADMIN, name="Ada", team=await make_team())


@pytest.fixture
async def product() -> Product:
    return await make_product("TEA", price="10.00", tax_rate=Decimal(0))


async def rules_of(rules: Mapping[str, Mapping[str, Any]]) -> list[NewTierRule]:
    """Rules by the codes of the tiers that they give, the first with priority 1 and an hour, and so on."""
    tiers = {tier.code: tier.id for tier in await Tier.all()}
    return [
        NewTierRule(name=code, tier_id=tiers[code], priority=place, response_minutes=60 * place, filter=raw)
        for place, (code, raw) in enumerate(rules.items(), start=1)
    ]


async def publish(ada: User, rules: Mapping[str, Mapping[str, Any]] = RULES) -> int:
    """Put the rules into force; the number of their set. Nothing is classified by a job yet."""
    viewer = await viewing(ada)
    draft = await edit_draft(viewer=viewer, rules=await rules_of(rules), expected_version=None)
    return await publish_rules(viewer=viewer, rule_set_id=draft, expected_version=1)


async def tiers_of(*orders: Order) -> list[str | None]:
    """The codes of the orders' tiers."""
    codes = {tier.id: tier.code for tier in await Tier.all()}
    found = {row["id"]: row["tier_id"] for row in await Order.all().values("id", "tier_id")}
    return [codes.get(found[order.id]) for order in orders]


async def test_a_new_order_has_what_the_first_rule_that_it_meets_gives(ada: User, product: Product) -> None:
    await publish(ada)
    customer = await make_customer(level=CustomerLevel.KEY_ACCOUNT)
    entered = [
        await enter(ada, simple(product, lines=[line(product, quantity)], **given))
        for quantity, given in (("4", {}), ("5", {}), ("100", {}), ("1", {"customer_id": customer.id}))
    ]
    assert await tiers_of(*entered) == ["tail", "standard", "key", "strategic"]
    found = await Order.get(id=entered[1].id)
    assert (found.priority, found.tier_version) == (4, 1)
    assert found.respond_by == found.placed_at + timedelta(hours=4)


async def test_where_no_rule_holds_there_is_no_tier_but_the_version(ada: User, product: Product) -> None:
    await publish(ada, {"tail": {"baseTotal": {"lt": "1"}}})
    order = await enter(ada, simple(product))
    assert (order.tier_rule_id, order.priority, order.respond_by, order.tier_version) == (None, None, None, 1)


async def test_an_order_that_is_split_and_one_that_gets_smaller_are_classified(ada: User, product: Product) -> None:
    await publish(ada, {"tail": {"baseTotal": {"lt": "50"}}, "standard": {}})
    order, of = await make_order(OrderStatus.APPROVED, lines=[(product, "12")]), {"viewer": await viewing(ada)}
    [part] = await OrderLine.filter(order_id=order.id)
    new = await split_order(
        **of,
        company=COMPANY,
        order_id=order.id,
        expected_version=1,
        lines=[LinePart(line_id=part.id, quantity=Decimal(8))],
        reason="short",
    )
    made = await Order.get(id=new)
    assert await tiers_of(order, made) == ["tail", "standard"]
    [part] = await OrderLine.filter(order_id=new)
    gone = [LineCancellation(line_id=part.id, quantity=Decimal(4))]
    await cancel_lines(**of, company=COMPANY, order_id=new, expected_version=1, lines=gone, reason="short")
    assert await tiers_of(made) == ["tail"]


async def test_a_change_a_step_and_a_transfer_classify(ada: User, product: Product) -> None:
    other = await make_user(Role.REP, team=await make_team("Other"))
    rules = {"strategic": {"team": {"id": {"eq": f"tem_{other.team_id}"}}}, "key": {"status": {"eq": "PENDING_REVIEW"}}}  # type: ignore[attr-defined]  # Tortoise adds it
    await publish(ada, rules | {"tail": {"baseTotal": {"lt": "50"}}, "standard": {}})
    order, viewer = await enter(ada, simple(product)), await viewing(ada)
    assert await tiers_of(order) == ["tail"]
    changes = OrderChanges(lines=[EditedLine(product_id=product.id, quantity=Decimal(7))])
    await update_order(viewer=viewer, company=COMPANY, order_id=order.id, expected_version=1, changes=changes)
    assert await tiers_of(order) == ["standard"]
    await take_step(
        viewer=viewer,
        company=COMPANY,
        transition=Transition.SUBMIT,
        order_id=order.id,
        expected_version=2,
        mutation="orderSubmit",
    )
    assert await tiers_of(order) == ["key"]
    owner = {"from_user_id": ada.id, "to_user_id": other.id}
    await transfer_records(viewer=viewer, transfer=Transfer(order_ids=[order.id], **owner))
    assert await tiers_of(order) == ["strategic"]
    events = await OutboxEvent.filter(aggregate_id=order.id).order_by("seq").values_list("type", flat=True)
    assert "order.classified" not in events


async def test_a_frequency_counts_back_from_the_placement_and_reaches_later_orders(ada: User, product: Product) -> None:
    await publish(ada)
    customer = await make_customer()

    async def placed(days: int) -> Order:
        lines = [line(product, "10")]
        at = PLACED_AT + timedelta(days=days)
        return await enter(ada, simple(product, lines=lines, customer_id=customer.id, placed_at=at))

    async def take(order: Order, transition: Transition) -> None:
        of = {"viewer": await viewing(ada), "company": COMPANY, "order_id": order.id, "mutation": "step"}
        version = (await Order.get(id=order.id)).version
        await take_step(**of, transition=transition, expected_version=version, reason="why")

    first, second, far, between = await placed(0), await placed(80), await placed(91), await placed(40)
    await classify_stale()
    assert await tiers_of(first, between, second, far) == ["standard"] * 4, "drafts do not count"
    for order in (first, second, far, between):
        await take(order, Transition.SUBMIT)
    assert await tiers_of(between, second) == ["standard", "standard"], "before the one between was handed in"
    await classify_stale()
    assert await tiers_of(first, between, second, far) == ["standard", "standard", "key", "key"]
    assert await StaleTiers.all().count() == 0
    await take(between, Transition.CANCEL)
    await classify_stale()
    assert await tiers_of(second, far) == ["standard", "standard"]


async def test_an_order_that_is_split_stays_one_purchase(ada: User, product: Product) -> None:
    await publish(ada, {"key": {"frequency": {"days": 90, "gte": 2}}, "standard": {"frequency": {"days": 90, "eq": 1}}})
    customer, viewer = await make_customer(), await viewing(ada)
    order = await make_order(OrderStatus.APPROVED, customer_id=customer.id, lines=[(product, "12")])
    [part] = await OrderLine.filter(order_id=order.id)
    split = {"lines": [LinePart(line_id=part.id, quantity=Decimal(8))], "reason": "short", "expected_version": 1}
    new = await split_order(viewer=viewer, company=COMPANY, order_id=order.id, **split)
    await classify_stale()
    assert await tiers_of(order, await Order.get(id=new)) == ["standard", "standard"]
    later = await make_order(
        OrderStatus.APPROVED, customer_id=customer.id, placed_at=PLACED_AT + timedelta(days=1), lines=[(product, "1")]
    )
    async with transaction() as client:
        await classify_again(client, [later.id])
    assert await tiers_of(later) == ["key"]


async def change_level(ada: User, customer: Customer, level: CustomerLevel) -> None:
    found = await Customer.get(id=customer.id)
    changes = CustomerChanges(level=level)
    await update_customer(
        viewer=await viewing(ada), customer_id=customer.id, expected_version=found.version, changes=changes
    )


async def test_windows_of_several_widths_are_counted_for_each_order_by_itself(ada: User, product: Product) -> None:
    def bought(days: int, **sizes: int) -> dict[str, Any]:
        return {"frequency": {"days": days, **sizes}}

    strategic = {"and": [bought(30, gte=2), bought(365, gte=4)]}
    await publish(ada, {"strategic": strategic, "key": bought(365, gte=3), "standard": {"not": bought(30, eq=1)}})
    customer, other = await make_customer(), await make_customer()
    days = {customer: (0, 100, 200, 201, 202), other: (0, 10, 500)}
    orders = [
        await make_order(
            _APPROVED, customer_id=of.id, placed_at=PLACED_AT + timedelta(days=day), lines=[(product, "1")]
        )
        for of, each in days.items()
        for day in each
    ]
    async with transaction() as client:
        await classify_again(client, [order.id for order in orders])
    expected = [None, None, "key", "strategic", "strategic", None, "standard", None]
    assert await tiers_of(*orders) == expected
    entered = await enter(ada, simple(product, customer_id=other.id, placed_at=PLACED_AT + timedelta(days=11)))
    assert await tiers_of(entered) == ["standard"], "two before it, and itself no more than a draft"


async def test_rules_that_a_statement_failed_with_are_read_again(ada: User) -> None:
    await publish(ada)
    async with transaction() as client:
        await classify_again(client, [])
    await publish(ada, {"tail": {}})
    async with transaction() as client:
        with pytest.raises(asyncpg.DataError):
            await classify_again(client, ["what the statement cannot do"])  # type: ignore[list-item]
    async with transaction() as client:
        rules = await known_rules(client)
    assert rules is not None
    assert rules.number == 2


async def test_a_customers_change_reaches_open_orders_and_is_told(ada: User, product: Product) -> None:
    await publish(ada)
    customer = await make_customer()
    order = await enter(ada, simple(product, customer_id=customer.id))
    over = await make_order(OrderStatus.COMPLETED, customer=customer)
    await change_level(ada, customer, CustomerLevel.KEY_ACCOUNT)
    assert await classify_stale() > 0
    assert await tiers_of(order, over) == ["strategic", None]
    event = await OutboxEvent.filter(aggregate="order", aggregate_id=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.type, event.seq) == ("order.classified", (await Order.get(id=order.id)).last_seq)
    await change_level(ada, customer, CustomerLevel.KEY_ACCOUNT)
    await classify_stale()
    assert (await Order.get(id=order.id)).last_seq == event.seq


async def test_nothing_waits_for_a_customers_change_that_no_rule_looks_at(ada: User) -> None:
    customer = await make_customer()
    await change_level(ada, customer, CustomerLevel.VIP)
    await publish(ada, {"tail": {"baseTotal": {"lt": "50"}}})
    await change_level(ada, customer, CustomerLevel.KEY_ACCOUNT)
    assert await StaleTiers.all().count() == 0
    await publish(ada)
    await change_level(ada, customer, CustomerLevel.VIP)
    assert await StaleTiers.all().count() == 1


async def test_rules_are_not_published_between_a_customers_change_and_its_end(ada: User) -> None:
    """What the change left unsaid, since no rule looked at it, the job of the new rules finds."""
    customer, done = await make_customer(), asyncio.Event()
    order = await make_order(customer=customer)
    changed = asyncio.Event()

    async def change() -> None:
        async with transaction() as client:
            await client.connection.execute("UPDATE customer SET industry = 'tea' WHERE id = $1", customer.id)
            await customers_changed(client, [customer.id])
            changed.set()
            await done.wait()

    changing = asyncio.create_task(change())
    await changed.wait()
    rules = {"strategic": {"customer": {"industry": {"eq": "tea"}}}, "tail": {}}
    publishing = asyncio.create_task(publish(ada, rules))
    finished, _ = await asyncio.wait([publishing], timeout=0.2)
    done.set()
    await asyncio.gather(changing, publishing)
    assert not finished
    await reclassify_orders(progress=no_progress)
    assert await tiers_of(order) == ["strategic"]


async def test_what_is_below_a_region_that_moves_is_classified_by_a_job(ada: User) -> None:
    east, west = await make_region("east"), await make_region("west")
    city = await make_region("city", parent=west)
    walk_in, elsewhere = await make_order(region=city), await make_order(region=west)
    theirs = await make_order(customer=await make_customer(region=city))
    over = await make_order(OrderStatus.COMPLETED, region=city)
    within = {"region": {"within": f"reg_{east.id}"}}
    await publish(ada, {"strategic": within, "key": {"customer": within}})
    await reclassify_orders(progress=no_progress)
    await move_node(ada, REGION_TREE, city.id, east.id)
    job = await Job.all().order_by("-id").first()
    assert job is not None
    assert (job.kind, job.started_by_id) == (JobKind.TIER_RULES, None)  # type: ignore[attr-defined]  # Tortoise adds it
    assert job.parameters == {"below": {"entity": "Region", "node": city.id}}
    assert await tiers_of(walk_in, theirs) == [None, None]
    done, told = await reclassify_orders(Below(**job.parameters["below"]), progress=no_progress)
    assert (done, told) == (4, 2)  # each of them twice, since who wrote them by the old tree may commit late
    assert await tiers_of(walk_in, theirs, elsewhere, over) == ["strategic", "key", None, None]
    await move_node(ada, TEAM_TREE, (await make_team("Other")).id, ada.team_id)  # type: ignore[attr-defined]  # as above
    assert await Job.all().order_by("-id").first() == job


async def move_node(ada: User, branch: Branch, node_id: int, parent_id: int) -> None:
    changes = TeamChanges(parent_id=parent_id)
    await update_node(viewer=await viewing(ada), branch=branch, node_id=node_id, expected_version=1, changes=changes)


async def test_no_order_that_is_written_while_its_customers_level_changes_stays_behind(
    ada: User, product: Product
) -> None:
    await publish(ada)
    customer = await make_customer()
    orders = [await enter(ada, simple(product, customer_id=customer.id)) for _ in range(3)]
    viewer = await viewing(ada)

    async def write(order: Order) -> None:
        for version in range(1, 5):
            changes = OrderChanges(notes=f"note {version}")
            await update_order(
                viewer=viewer, company=COMPANY, order_id=order.id, expected_version=version, changes=changes
            )

    async def add() -> None:
        orders.extend([await enter(ada, simple(product, customer_id=customer.id)) for _ in range(4)])

    async def level() -> None:
        for _ in range(3):
            await change_level(ada, customer, CustomerLevel.KEY_ACCOUNT)
            await classify_stale()
            await change_level(ada, customer, CustomerLevel.VIP)
        await change_level(ada, customer, CustomerLevel.KEY_ACCOUNT)

    await asyncio.gather(*map(write, list(orders)), add(), level())
    while await classify_stale():
        pass
    assert set(await tiers_of(*orders)) == {"strategic"}


async def test_a_new_order_waits_for_the_change_of_its_customer(ada: User, product: Product) -> None:
    await publish(ada)
    customer = await make_customer()

    async def change(client: TransactionClient) -> None:
        await client.connection.execute("UPDATE customer SET level = 'KEY_ACCOUNT' WHERE id = $1", customer.id)

    entered = await overtaken(lambda: enter(ada, simple(product, customer_id=customer.id)), change)
    assert isinstance(entered, Order)
    assert await tiers_of(entered) == ["strategic"]


async def test_publishing_classifies_what_is_open_and_moves_the_counts(ada: User, product: Product) -> None:
    walk_in, customer = await make_order(lines=[(product, "200")]), await make_customer()
    small = await make_order(customer=customer, lines=[(product, "1")])
    over = await make_order(OrderStatus.CANCELLED, lines=[(product, "1")])
    await publish(ada)
    told: list[tuple[int, int | None]] = []

    async def progress(*, done: int, failed: int = 0, unchanged: int = 0, total: int | None = None) -> None:
        assert (failed, unchanged) == (0, 0)
        told.append((done, total))

    kept = await make_order(lines=[(product, "1")])
    tier = await Tier.get(code="key")
    held = {"order": kept, "tier": tier, "reason": "-", "at": now(), "expires_at": now() + timedelta(days=1)}
    await Order.filter(id=kept.id).update(tier_override_id=(await OrderTierOverride.create(**held)).id)
    assert await reclassify_orders(progress=progress) == (2, 2)
    assert told[-1] == (3, 3), "the one that somebody overrode is done, too"
    assert await tiers_of(walk_in, small, over) == ["key", "tail", None]
    assert await reclassify_orders(progress=no_progress) == (0, 0)
    await publish(ada, {"tail": {"baseTotal": {"lt": "50"}}})
    assert await reclassify_orders(progress=no_progress) == (2, 2)  # the one lost its tier, the other's deadline moved
    assert await tiers_of(walk_in, small) == [None, "tail"]
    counted = "SELECT tier_id, sum(orders)::int FROM (SELECT tier_id, orders FROM order_count_delta) d GROUP BY 1"
    real = "SELECT coalesce(tier_id, 0), count(*)::int FROM sales_order GROUP BY 1"
    found = {tuple(row) for row in await pool().fetch(counted) if row[1]}
    assert found == {tuple(row) for row in await pool().fetch(real)}


async def test_what_was_written_by_earlier_rules_and_committed_late_is_classified_too(
    ada: User, product: Product
) -> None:
    written, published = asyncio.Event(), asyncio.Event()
    made: list[Order] = []

    async def write_by_earlier_rules() -> None:
        async with transaction():
            made.append(await make_order(lines=[(product, "1")], tier_version=1))
            written.set()
            await published.wait()

    await publish(ada)
    await publish(ada, {"strategic": {}})
    writing = asyncio.create_task(write_by_earlier_rules())
    await written.wait()
    job = asyncio.create_task(reclassify_orders(progress=no_progress))
    done, _ = await asyncio.wait([job], timeout=0.3)
    published.set()
    assert not done
    await writing
    assert await job == (1, 1)
    assert await tiers_of(*made) == ["strategic"]


async def test_earlier_rules_come_into_force_again_as_a_new_set(ada: User, product: Product) -> None:
    viewer = await viewing(ada)
    first = await publish(ada)
    await publish(ada, {"strategic": {}})
    again = await roll_back_rules(viewer=viewer, rule_set_id=first)
    found = await TierRuleSet.all().order_by("id").values_list("number", "state", "restored_from")
    assert found == [(1, "RETIRED", None), (2, "RETIRED", None), (3, "PUBLISHED", 1)]
    assert await tiers_of(await enter(ada, simple(product))) == ["tail"]
    [refusal] = await refusals(roll_back_rules(viewer=viewer, rule_set_id=again))
    assert (refusal.path, getattr(refusal, "problem", "")) == (("input", "id"), "not_in_state")
    actions = await AuditEntry.all().order_by("id").values_list("action", flat=True)
    assert actions == ["RULE_CREATED", "RULES_PUBLISHED"] * 2 + ["RULES_PUBLISHED"]


@pytest.mark.parametrize(
    ("raw", "path", "problem"),
    [
        ({"tier": {"code": {"eq": "key"}}}, ["tier"], "not_in_rules"),
        ({"createdAt": {"gt": "2026-01-01"}}, ["createdAt"], "not_in_rules"),
        ({"and": [{"not": {"customer": {"orders": {}}}}]}, ["and", "0", "not", "customer", "orders"], "not_in_rules"),
        ({"customer": {"region": {"name": {"eq": "x"}}}}, ["customer", "region", "name"], "not_in_rules"),
        ({"customField": {"key": "x", "text": {"eq": "x"}}}, ["customField"], "not_in_rules"),
        ({"frequency": {"days": 0, "gte": 1}}, ["frequency", "days"], "out_of_range"),
        ({"frequency": {"days": 9}}, ["frequency"], "empty_comparison"),
        ({"baseTotal": {}}, ["baseTotal"], "empty_comparison"),
    ],
)
async def test_what_a_rule_may_not_look_at_is_told_by_its_path(
    ada: User, raw: dict[str, Any], path: Sequence[str], problem: str
) -> None:
    rules = await rules_of({"key": {}, "tail": raw})
    [refusal] = await refusals(edit_draft(viewer=await viewing(ada), rules=rules, expected_version=None))
    assert refusal.path == ("input", "rules", "1", "filter", *path)
    assert getattr(refusal, "problem", "") == problem


async def test_rules_are_checked_and_edited_by_one_at_a_time(ada: User) -> None:
    viewer = await viewing(ada)
    wrong = [NewTierRule(name=" ", tier_id=99, priority=10, response_minutes=120_001, filter={})]
    found = await refusals(edit_draft(viewer=viewer, rules=wrong, expected_version=None))
    assert [refusal.path[-1] for refusal in found] == ["name", "priority", "responseMinutes", "tierId"]
    draft = await edit_draft(viewer=viewer, rules=await rules_of(RULES), expected_version=None)
    [late] = await refusals(edit_draft(viewer=viewer, rules=[], expected_version=None))
    assert late.code == "ALREADY_EXISTS"
    assert await edit_draft(viewer=viewer, rules=[], expected_version=1) == draft
    [late] = await refusals(publish_rules(viewer=viewer, rule_set_id=draft, expected_version=1))
    assert late.code == "VERSION_CONFLICT"
    rep = await viewing(await make_user(Role.REP))
    [refusal] = await refusals(edit_draft(viewer=rep, rules=[], expected_version=2))
    assert refusal.code == "NOT_PERMITTED"
    [refusal] = await refusals(publish_rules(viewer=rep, rule_set_id=draft, expected_version=2))
    assert refusal.code == "NOT_FOUND"
