"""Levels of customers by rule: proposed, confirmed, declined, withdrawn; and every change of a level is history."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.customer_entry import CustomerChanges
from domain.customers import CustomerLevel
from domain.errors import InvalidInput, NotFound, NotPermitted
from domain.levels import LevelConfirmation, LevelProposalState, LevelRuleEntry
from domain.orders.editing import OrderChanges
from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import (
    AuditEntry,
    Customer,
    CustomerLevelChange,
    CustomField,
    LevelProposal,
    LevelRule,
    Order,
    OutboxEvent,
    StaleTiers,
    Tier,
    User,
)
from models.connection import TransactionClient
from rows.custom_fields import NO_CUSTOM_FIELDS
from services.clock import clock_set_to
from services.customers.update import update_customer
from services.levels.decide import decide_proposal
from services.levels.rules import upsert_level_rule
from services.orders.update import update_order
from services.rfm.measure import measure_stale
from services.rfm.scale import move_window
from services.tiers.stale import classify_stale
from tests.factories import make_customer, make_order, make_product, make_team, make_user
from tests.integration.order_entry import enter, simple
from tests.integration.test_tiers import publish, tiers_of
from tests.integration.writes import COMPANY, overtaken, race, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")

_L, _S = CustomerLevel, LevelProposalState
TODAY = datetime(2026, 6, 30, 12, tzinfo=UTC)
OFTEN = {"frequency": {"gte": 2}}


@pytest.fixture
async def ada() -> User:
    for rank, code in enumerate(("strategic", "key", "standard", "tail")):
        await Tier.create(code=code, labels={"en": code}, rank=rank)
    return await make_user(Role.ADMIN, name="Ada", team=await make_team())


async def rule(ada: User, code: str = "often", version: int | None = None, **given: Any) -> None:
    values = {"filter": OFTEN, "level": _L.VIP} | given if version is None else given
    await upsert_level_rule(
        viewer=await viewing(ada),
        rule=LevelRuleEntry(code=code, **values),
        custom_fields=NO_CUSTOM_FIELDS,
        expected_version=version,
        idempotency_key=None,
    )


async def asked(day: datetime = TODAY) -> None:
    """As a worker does."""
    with clock_set_to(day):
        await move_window(COMPANY, days=365)
        while await measure_stale(COMPANY):
            pass


async def buys(customer: Customer, times: int = 1) -> None:
    for _ in range(times):
        await make_order(OrderStatus.COMPLETED, customer=customer, placed_at=TODAY - timedelta(days=10))


async def frequent(**columns: Any) -> Customer:
    customer = await make_customer(**columns)
    await buys(customer, 2)
    return customer


async def proposals(customer: Customer) -> list[tuple[str, str, str]]:
    found = await LevelProposal.filter(customer_id=customer.id).order_by("id")
    return [(each.from_level.value, each.to_level.value, each.state.value) for each in found]


async def opened(customer: Customer) -> LevelProposal:
    return await LevelProposal.get(customer_id=customer.id, state=_S.OPEN)


async def decide(who: User, proposal: LevelProposal, decision: _S = _S.CONFIRMED, reason: str | None = None) -> int:
    return await decide_proposal(
        viewer=await viewing(who), proposal_id=proposal.id, decision=decision, reason=reason, mutation="decide"
    )


async def level_of(customer: Customer) -> CustomerLevel:
    return (await Customer.get(id=customer.id)).level


async def give(ada: User, customer: Customer, level: CustomerLevel) -> None:
    found = await Customer.get(id=customer.id)
    await update_customer(
        viewer=await viewing(ada),
        customer_id=customer.id,
        expected_version=found.version,
        changes=CustomerChanges(level=level),
    )


async def test_the_first_rule_that_a_customer_meets_proposes_once_with_the_figures_of_that_moment(ada: User) -> None:
    often, once = await frequent(), await make_customer()
    await buys(once)
    already = await frequent(level=_L.VIP)
    await rule(ada)
    await rule(ada, "large", rank=1, filter={"monetary": {"gte": "0"}}, level=_L.KEY_ACCOUNT)
    await asked()
    await asked()
    assert await proposals(often) == [("REGULAR", "VIP", "OPEN")]
    assert await proposals(once) == [("REGULAR", "KEY_ACCOUNT", "OPEN")]
    assert await proposals(already) == []
    found = await opened(often)
    assert (found.frequency, found.last_order_at) == (2, TODAY - timedelta(days=10))
    assert await level_of(often) is _L.REGULAR
    told = await AuditEntry.filter(subject_kind="LevelRule").order_by("id").first()
    assert told is not None
    assert told.facts["condition"] == OFTEN


async def test_who_confirms_gives_the_level_with_history_event_and_open_orders_classified(ada: User) -> None:
    await publish(ada, {"key": {"customer": {"level": {"eq": "VIP"}}}, "standard": {}})
    customer, product = await frequent(), await make_product()
    order = await enter(ada, simple(product, customer_id=customer.id))
    await rule(ada)
    await asked()
    proposal = await opened(customer)
    await decide(ada, proposal, reason="They buy a lot")
    found = await Customer.get(id=customer.id)
    assert (found.level, found.version, found.last_seq) == (_L.VIP, 2, 1)
    assert await Order.filter(customer_id=customer.id, customer_level="VIP").count() == 3
    assert await classify_stale() > 0
    assert await tiers_of(order) == ["key"]
    [change] = await CustomerLevelChange.filter(customer_id=customer.id)
    names = ("from_level", "to_level", "proposal_id", "by_id", "reason")
    assert [getattr(change, name) for name in names] == ["REGULAR", "VIP", proposal.id, ada.id, "They buy a lot"]
    event = await OutboxEvent.get(aggregate="customer", aggregate_id=customer.id)
    assert (event.type, event.payload) == ("customer.updated", {"version": 2, "changed": ["level"], "by": ada.id})
    await asked()
    assert await proposals(customer) == [("REGULAR", "VIP", "CONFIRMED")]


async def test_what_needs_nobody_is_given_at_once_and_what_was_open_too_when_its_rule_says_so(ada: User) -> None:
    customer, other = await frequent(), await frequent()
    await rule(ada)
    await asked()
    await decide(ada, await opened(other), _S.DECLINED)
    await rule(ada, version=1, confirm=LevelConfirmation.AUTOMATICALLY)
    await asked()
    assert [await level_of(each) for each in (customer, other)] == [_L.VIP, _L.VIP]
    [change] = await CustomerLevelChange.filter(customer_id=customer.id)
    assert (change.by_id, change.proposal_id) == (None, (await LevelProposal.get(customer_id=customer.id)).id)  # type: ignore[attr-defined]  # Tortoise adds it
    assert await OutboxEvent.filter(aggregate="customer", type="customer.updated").count() == 2


async def test_what_was_declined_is_proposed_again_only_when_a_rule_or_the_level_is_another(ada: User) -> None:
    customer = await frequent()
    await rule(ada)
    await asked()
    await decide(ada, await opened(customer), _S.DECLINED, "not yet")
    await buys(customer)
    await asked()
    await asked(TODAY + timedelta(days=1))
    assert await proposals(customer) == [("REGULAR", "VIP", "DECLINED")]
    await rule(ada, version=1, level=_L.KEY_ACCOUNT)
    await asked()
    await rule(ada, version=2, level=_L.VIP)
    await asked()
    assert await proposals(customer) == [
        ("REGULAR", "VIP", "DECLINED"),
        ("REGULAR", "KEY_ACCOUNT", "WITHDRAWN"),
        ("REGULAR", "VIP", "OPEN"),
    ]
    assert await level_of(customer) is _L.REGULAR


async def test_a_proposal_is_withdrawn_when_its_cause_is_gone(ada: User) -> None:
    lapsed, cancelled, given, moved = [await frequent() for _ in range(4)]
    await rule(ada)
    await asked()
    await Order.filter(customer_id=cancelled.id).update(status=OrderStatus.CANCELLED)
    await give(ada, given, _L.VIP)
    await give(ada, moved, _L.KEY_ACCOUNT)
    problems = await refusals(decide(ada, await opened(moved)))
    assert problems == (InvalidInput(path=("input", "id"), problem="not_in_state", limit="OPEN"),)  # type: ignore[arg-type]  # its text
    await asked()
    history = CustomerLevelChange.filter(customer_id__in=[given.id, moved.id]).order_by("customer_id")
    assert await history.values_list("to_level", "by_id", "proposal_id") == [
        (_L.VIP, ada.id, None),
        (_L.KEY_ACCOUNT, ada.id, None),
    ]
    assert await proposals(cancelled) == await proposals(given) == [("REGULAR", "VIP", "WITHDRAWN")]
    assert await proposals(moved) == [("REGULAR", "VIP", "WITHDRAWN"), ("KEY_ACCOUNT", "VIP", "OPEN")]
    assert await proposals(lapsed) == [("REGULAR", "VIP", "OPEN")]
    await asked(TODAY + timedelta(days=400))
    assert await proposals(lapsed) == [("REGULAR", "VIP", "WITHDRAWN")]
    await rule(ada, "all", filter={}, level=_L.VIP)
    await asked()
    await rule(ada, "all", version=1, active=False)
    await rule(ada, version=1, active=False)
    await asked()
    assert await LevelProposal.filter(state=_S.OPEN).count() == 0


async def test_a_rule_looks_at_days_and_at_whatever_a_filter_of_customers_can(ada: User) -> None:
    customer, new = await frequent(industry="tea"), await make_customer()
    quiet = {"recencyDays": {"gt": 12}, "industry": {"eq": "tea"}, "orders": {"baseTotal": {"gte": "0"}}}
    await rule(ada, filter=quiet, level=_L.KEY_ACCOUNT)
    await asked(TODAY + timedelta(days=2))
    assert await proposals(customer) == []
    await asked(TODAY + timedelta(days=3))
    assert await proposals(customer) == [("REGULAR", "KEY_ACCOUNT", "OPEN")]
    await rule(ada, "new", filter={"lastOrderAt": {"isNull": True}}, level=_L.VIP)
    await asked(TODAY + timedelta(days=3))
    await make_customer(name="later")
    await asked(TODAY + timedelta(days=3))
    assert await proposals(new) == [("REGULAR", "VIP", "OPEN")]
    assert await LevelProposal.filter(state=_S.OPEN).count() == 3
    problems = await refusals(rule(ada, "odd", filter={"recencyDays": {"like": 1}}))
    assert isinstance(problems[0], InvalidInput)
    assert problems[0].path == ("input", "filter", "recencyDays", "like")


async def test_while_a_rule_means_nothing_any_more_nothing_is_proposed_or_withdrawn(ada: User) -> None:
    customer, other = await frequent(), await make_customer()
    field = await CustomField.create(entity="CUSTOMER", key="size", type="NUMBER", labels={"en": "size"})
    await rule(ada)
    await asked()
    raw = {"customField": {"key": "size", "number": {"gte": "1"}}}
    await LevelRule.create(code="size", rank=-1, condition=raw, level=_L.KEY_ACCOUNT)
    await asked()
    await CustomField.filter(id=field.id).update(archived_at=TODAY)
    await buys(other, 2)
    await asked()
    assert [await proposals(each) for each in (customer, other)] == [[("REGULAR", "VIP", "OPEN")], []]
    assert (await Customer.get(id=other.id)).frequency == 2


async def test_managers_decide_for_their_teams_customers_and_others_do_not(ada: User) -> None:
    team, other = await make_team("North"), await make_team("South")
    rep = await make_user(Role.REP, team=team)
    manager, elsewhere = await make_user(Role.MANAGER, team=team), await make_user(Role.MANAGER, team=other)
    customer = await frequent(owner=rep)
    await rule(ada)
    await asked()
    proposal = await opened(customer)
    assert await refusals(decide(rep, proposal)) == (NotPermitted(path=("input", "id")),)
    assert await refusals(decide(elsewhere, proposal)) == (NotFound(path=("input", "id")),)
    await decide(manager, proposal)
    assert await level_of(customer) is _L.VIP


async def test_of_two_who_decide_on_one_proposal_one_is_told_that_it_is_over(ada: User) -> None:
    customer, eve = await frequent(), await make_user(Role.ADMIN)
    await rule(ada)
    await asked()
    proposal = await opened(customer)
    outcomes = await race(
        lambda: decide(ada, proposal), lambda: decide(eve, proposal), lambda: decide(eve, proposal, _S.DECLINED)
    )
    assert sum(outcome == proposal.id for outcome in outcomes) == 1
    assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 2
    found = await LevelProposal.get(id=proposal.id)
    assert await level_of(customer) is (_L.VIP if found.state is _S.CONFIRMED else _L.REGULAR)
    assert await CustomerLevelChange.all().count() == (found.state is _S.CONFIRMED)


async def test_who_confirms_while_a_worker_withdraws_is_told_that_it_is_over(ada: User) -> None:
    customer = await frequent()
    await rule(ada)
    await asked()
    proposal = await opened(customer)

    async def withdraw(client: TransactionClient) -> None:
        await client.connection.execute("SELECT FROM customer WHERE id = $1 FOR NO KEY UPDATE", customer.id)
        await (
            LevelProposal.filter(id=proposal.id)
            .using_db(client)
            .update(state=_S.WITHDRAWN, sole=None, decided_at=TODAY)
        )

    outcome = await overtaken(lambda: decide(ada, proposal), withdraw)
    assert isinstance(outcome, tuple)
    assert await level_of(customer) is _L.REGULAR


async def test_no_order_that_is_written_while_a_level_is_confirmed_keeps_a_stale_tier(ada: User) -> None:
    await publish(ada, {"key": {"customer": {"level": {"eq": "VIP"}}}, "standard": {}})
    customer, product = await frequent(), await make_product()
    await rule(ada)
    await asked()
    proposal, viewer = await opened(customer), await viewing(ada)
    orders = [await enter(ada, simple(product, customer_id=customer.id)) for _ in range(3)]

    async def write(order: Order) -> None:
        for version in range(1, 4):
            changes = OrderChanges(notes=f"note {version}")
            await update_order(
                viewer=viewer, company=COMPANY, order_id=order.id, expected_version=version, changes=changes
            )

    async def add() -> None:
        orders.extend([await enter(ada, simple(product, customer_id=customer.id)) for _ in range(4)])

    async def confirm() -> None:
        await decide(ada, proposal)
        while await classify_stale():
            pass

    await asyncio.gather(*map(write, list(orders)), add(), confirm(), asked())
    while await StaleTiers.all().count():
        await classify_stale()
    assert set(await tiers_of(*orders)) == {"key"}
    assert await Order.filter(customer_id=customer.id).exclude(customer_level="VIP").count() == 0
    assert await Order.filter(customer_id=customer.id).count() == 9
