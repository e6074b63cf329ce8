"""Why somebody has an order, and how fairly rules share orders out."""

from datetime import timedelta
from typing import Any

import pytest

from domain.assignment import AssignmentStrategy
from domain.people import Role
from models import AssignmentRule, Customer, CustomerOwnerChange, Order, OrderShare, Product, User, UserSkill
from services.clock import now
from tests.api.conftest import Client
from tests.factories import make_customer, make_product, make_team, make_user
from tests.integration.order_entry import enter, simple

EXPLAIN = """query($id: ID!) { explainAssignment(orderId: $id) {
    order { owner { name } } ground rule { code } actor { name } reason
    decisions { rule { code } strategy chosen { name } candidates { user { name } open matches standing } } } }"""
FAIRNESS = """query($from: DateTime!, $before: DateTime!, $rule: ID) {
    assignmentFairness(decidedFrom: $from, decidedBefore: $before, ruleId: $rule) {
        rule { code } user { name } received due receivedAmount { amount currency } dueAmount { amount } } }"""


class Company:
    """Rosa, who knows tools, and Sam are of the north, which Mia leads; Ben leads the south. Experts go first."""

    ada: User
    mia: User
    ben: User
    rosa: User
    sam: User
    machine: User
    tool: Product


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    made = Company()
    north, south = await make_team(), await make_team()
    made.ada, made.machine = await make_user(Role.ADMIN), await make_user(Role.INTEGRATION)
    made.mia = await make_user(Role.MANAGER, team=north, name="Mia")
    made.ben = await make_user(Role.MANAGER, team=south)
    made.rosa = await make_user(Role.REP, team=north, name="Rosa")
    made.sam = await make_user(Role.REP, team=north, name="Sam")
    made.tool = await make_product(category="Tools")
    await UserSkill.create(user=made.rosa, category="tools")
    experts, turns = AssignmentStrategy.EXPERTISE, AssignmentStrategy.ROUND_ROBIN
    await AssignmentRule.create(code="experts", rank=0, team=north, strategy=experts, most_open=1)
    await AssignmentRule.create(code="turns", rank=1, team=north, strategy=turns)
    return made


async def explained(client: Client, order: Order, as_: User) -> Any:
    return (await client.data(EXPLAIN, {"id": f"ord_{order.id}"}, as_=as_))["explainAssignment"]


async def why(client: Client, order: Order, as_: User) -> tuple[Any, ...]:
    found = await explained(client, order, as_)
    actor = found["actor"] and found["actor"]["name"]
    return found["ground"], actor, found["reason"], len(found["decisions"])


def candidate(name: str, opened: int, matches: int, standing: str) -> dict[str, Any]:
    return {"user": {"name": name}, "open": opened, "matches": matches, "standing": standing}


async def test_rules_that_were_asked_tell_what_they_made_of_whom_to_who_may_know(
    client: Client, company: Company
) -> None:
    _, order = [await enter(company.machine, simple(company.tool)) for _ in range(2)]
    found = await explained(client, order, company.mia)
    assert found == {
        "order": {"owner": {"name": "Rosa"}},
        "ground": "RULE",
        "rule": {"code": "turns"},
        "actor": None,
        "reason": None,
        "decisions": [
            {
                "rule": {"code": "experts"},
                "strategy": "EXPERTISE",
                "chosen": None,
                "candidates": [candidate("Rosa", 1, 1, "AT_CAPACITY"), candidate("Sam", 0, 0, "UNSKILLED")],
            },
            {
                "rule": {"code": "turns"},
                "strategy": "ROUND_ROBIN",
                "chosen": {"name": "Rosa"},
                "candidates": [candidate("Rosa", 1, 1, "CHOSEN"), candidate("Sam", 0, 0, "ELIGIBLE")],
            },
        ],
    }
    assert [await explained(client, order, user) for user in (company.rosa, company.ada)] == [found, found]
    await OrderShare.create(order=order, user=company.sam)
    finance = await make_user(Role.FINANCE)
    assert [await explained(client, order, user) for user in (company.ben, company.sam, finance)] == [None] * 3
    assign = "mutation($input: OrderAssignInput!) { orderAssign(input: $input) { errors { code } } }"
    given = {"id": f"ord_{order.id}", "expectedVersion": 1, "toUserId": f"usr_{company.sam.id}", "reason": "Holiday"}
    await client.data(assign, {"input": given}, as_=company.mia)
    assert await why(client, order, company.sam) == ("PERSON", "Mia", "Holiday", 2)


async def test_without_a_rule_it_is_the_customers_owner_a_person_or_nobody(client: Client, company: Company) -> None:
    customer = await make_customer(owner=company.sam)
    theirs = await enter(company.machine, simple(company.tool, customer_id=customer.id))
    # Whose the customer is now says nothing of whose it was.
    await Customer.filter(id=customer.id).update(owner_id=company.rosa.id)
    ends = {"from_owner_id": company.sam.id, "to_owner_id": company.rosa.id}
    await CustomerOwnerChange.create(customer=customer, at=now() + timedelta(seconds=1), **ends)
    later = await enter(company.machine, simple(company.tool, customer_id=customer.id, owner_id=company.sam.id))
    await Order.filter(id=later.id).update(created_at=now() + timedelta(seconds=2))
    own = await enter(company.rosa, simple(company.tool))
    await AssignmentRule.all().update(active=False)
    nobodys = await enter(company.machine, simple(company.tool))
    assert [await why(client, order, company.ada) for order in (theirs, later, own, nobodys)] == [
        ("CUSTOMERS_OWNER", None, None, 0),
        ("PERSON", company.machine.name, None, 0),
        ("PERSON", "Rosa", None, 0),
        ("NOBODY", None, None, 0),
    ]


async def test_everybody_who_could_have_an_order_is_due_an_even_part_of_it(
    client: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = now()
    for _ in range(2):
        await enter(company.machine, simple(company.tool))  # of 12.00
    ends = {"from": begin, "before": now() + timedelta(days=1)}
    period = {name: moment.isoformat(timespec="milliseconds") for name, moment in ends.items()}

    async def shares(as_: User, **more: Any) -> Any:
        found = (await client.data(FAIRNESS, period | more, as_=as_))["assignmentFairness"]
        return found and [
            (
                *(each["rule"]["code"], each["user"]["name"], each["received"], each["due"]),
                *(each["receivedAmount"]["amount"], each["dueAmount"]["amount"]),
            )
            for each in found
        ]

    turns = [("turns", "Rosa", 1, "0.5", "12.00", "6.00"), ("turns", "Sam", 0, "0.5", "0.00", "6.00")]
    every = [("experts", "Rosa", 1, "1", "12.00", "12.00"), *turns]
    assert [await shares(user) for user in (company.ada, company.mia)] == [every, every]
    assert [await shares(user) for user in (company.ben, company.rosa)] == [[], None]
    rule = await AssignmentRule.get(code="turns")
    assert await shares(company.mia, rule=f"asr_{rule.id}") == turns
    assert await shares(company.mia, before=period["from"]) == []
    monkeypatch.setattr("reads.assignments.MOST_DECISIONS", 1)
    error = await client.error(FAIRNESS, period, as_=company.ada)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["decidedFrom"])
