"""Orders that would be nobody's get owners by rules, however many are entered at once."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.assignment import AssignmentStrategy
from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import AssignmentDecision, AssignmentRule, Leave, Order, OrderOwnerChange, Product, Team, User, UserSkill
from services.clock import clock_set_to, now
from services.orders.create import create_order
from tests.factories import make_channel, make_customer, make_order, make_product, make_region, make_team, make_user
from tests.integration.order_entry import enter, refused, simple
from tests.integration.writes import COMPANY, race, viewing


class Company:
    """Three REPs of a team, one who is gone, a manager, and a machine whose orders are nobody's."""

    team: Team
    reps: list[User]
    machine: User
    product: Product


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    made = Company()
    made.team = await make_team()
    made.reps = [await make_user(Role.REP, team=made.team) for _ in range(3)]
    await make_user(Role.REP, team=made.team, active=False)
    await make_user(Role.MANAGER, team=made.team)
    made.machine, made.product = await make_user(Role.INTEGRATION), await make_product()
    return made


async def rule(company: Company, strategy: AssignmentStrategy, **said: Any) -> AssignmentRule:
    return await AssignmentRule.create(**({"code": "first", "team": company.team, "strategy": strategy} | said))


def owner(order: Order) -> int | None:
    found: int | None = order.owner_id  # type: ignore[attr-defined]  # Tortoise adds it
    return found


async def test_without_rules_an_order_of_a_machine_is_nobodys(company: Company) -> None:
    order = await enter(company.machine, simple(company.product))
    assert (owner(order), order.team_id) == (None, None)  # type: ignore[attr-defined]  # as above


async def test_a_rule_gives_it_to_somebody_and_the_history_says_which(company: Company) -> None:
    await rule(company, AssignmentStrategy.ROUND_ROBIN)
    order = await enter(company.machine, simple(company.product))
    assert (owner(order), order.team_id) == (company.reps[0].id, company.team.id)  # type: ignore[attr-defined]  # as above
    [change] = await OrderOwnerChange.all().values("from_owner_id", "to_owner_id", "to_team_id", "by_id", "reason")
    given = {"to_owner_id": company.reps[0].id, "to_team_id": company.team.id}
    assert change == {"from_owner_id": None, "by_id": None, "reason": "first", **given}


async def test_whoever_is_on_leave_is_passed_over_and_has_their_turn_again_afterwards(company: Company) -> None:
    await rule(company, AssignmentStrategy.ROUND_ROBIN)
    first, second, third = company.reps
    moment = now()
    for user, begin, end in ((first, -9, -1), (second, -1, 1), (third, 1, 9)):
        hours = {"starts_at": moment + timedelta(hours=begin), "ends_at": moment + timedelta(hours=end)}
        await Leave.create(user=user, entered_by=user, **hours)
    got = [owner(await enter(company.machine, simple(company.product))) for _ in range(3)]
    with clock_set_to(moment + timedelta(hours=2)):
        got += [owner(await enter(company.machine, simple(company.product))) for _ in range(2)]
    assert got == [first.id, third.id, first.id, second.id, first.id]
    standings = await AssignmentDecision.all().order_by("id").values_list("standings", flat=True)
    assert [each.index("OFF_DUTY") for each in standings] == [1, 1, 1, 2, 2]


async def test_whoever_is_named_and_the_customers_owner_go_before_rules(company: Company) -> None:
    await rule(company, AssignmentStrategy.ROUND_ROBIN)
    customer = await make_customer(owner=company.reps[2])
    orders = [
        await enter(company.machine, simple(company.product, customer_id=customer.id)),
        await enter(company.machine, simple(company.product, owner_id=company.reps[1].id)),
        await enter(company.reps[1], simple(company.product)),
    ]
    assert [owner(order) for order in orders] == [company.reps[2].id, company.reps[1].id, company.reps[1].id]
    assert not await OrderOwnerChange.all()


async def test_the_first_rule_that_fits_and_has_somebody_counts(company: Company) -> None:
    outer = await make_region()
    inner, shop = await make_region(parent=outer), await make_channel()
    far = await make_team()
    other = await make_user(Role.REP, team=far)
    by_turns = AssignmentStrategy.ROUND_ROBIN
    await rule(company, by_turns, code="empty", rank=0, team=await make_team())
    await rule(company, by_turns, code="off", rank=1, active=False, team=far)
    await rule(company, by_turns, code="region", rank=2, region=outer, team=far)
    await rule(company, by_turns, code="shop", rank=3, channel=shop)
    near = await enter(company.machine, simple(company.product, region_id=inner.id, channel_id=shop.id))
    sold = await enter(company.machine, simple(company.product, channel_id=shop.id))
    none = await enter(company.machine, simple(company.product))
    assert [owner(order) for order in (near, sold, none)] == [other.id, company.reps[0].id, None]


async def test_who_has_the_fewest_open_orders_gets_it(company: Company) -> None:
    await rule(company, AssignmentStrategy.LEAST_LOADED)
    for rep in company.reps[:2]:
        await make_order(owner=rep)
    for _ in range(3):
        await make_order(OrderStatus.COMPLETED, owner=company.reps[2])
    assert owner(await enter(company.machine, simple(company.product))) == company.reps[2].id


@pytest.mark.parametrize("strategy", [AssignmentStrategy.LEAST_LOADED, AssignmentStrategy.ROUND_ROBIN])
async def test_orders_entered_at_once_are_shared_out_evenly(company: Company, strategy: AssignmentStrategy) -> None:
    await rule(company, strategy)
    viewer = await viewing(company.machine)

    async def one() -> int:
        return await create_order(viewer=viewer, company=COMPANY, order=simple(company.product))

    fourth = await make_user(Role.REP, team=company.team)
    await race(*[one] * 40)
    got = Counter([owner(order) for order in await Order.all()])
    assert got == {rep.id: 10 for rep in (*company.reps, fourth)}


async def test_whoever_is_best_at_it_gets_it_until_they_have_enough(company: Company) -> None:
    """Skills of one kind count once: a region within two of theirs, a category on two lines."""
    outer = await make_region()
    inner = await make_region(parent=outer)
    first, second, third = company.reps
    await UserSkill.create(user=first, region=outer)
    await UserSkill.create(user=first, region=inner)
    await UserSkill.create(user=second, industry="\uff32etail")  # as wide as Chinese characters
    await UserSkill.create(user=second, category="tools")
    company.product.category = "Tools"
    await company.product.save()
    shop = await make_customer(owner=None, industry="RETAIL")
    expert = await rule(company, AssignmentStrategy.EXPERTISE, most_open=2)
    here = simple(company.product, customer_id=shop.id, region_id=inner.id)
    nothing = simple(await make_product())
    got = [owner(await enter(company.machine, here)) for _ in range(4)]
    assert got == [second.id, second.id, first.id, first.id]
    assert owner(await enter(company.machine, here)) is None
    expert.most_open = None  # type: ignore[assignment]  # Tortoise's field is never None to mypy
    await expert.save()
    await rule(company, AssignmentStrategy.LEAST_LOADED, code="rest", rank=9)
    assert [owner(await enter(company.machine, order)) for order in (here, nothing)] == [second.id, third.id]


async def test_what_a_partner_says_an_order_comes_to_is_kept_and_no_reason_to_refuse_it(company: Company) -> None:
    order = await enter(company.machine, simple(company.product, total=Decimal("11.99")))
    assert (order.total, order.stated_total) == (Decimal("12.00"), Decimal("11.99"))
    assert await refused(company.reps[0], simple(company.product, total=Decimal("11.99"))) == [
        ("input.total", "TOTAL_MISMATCH")
    ]
