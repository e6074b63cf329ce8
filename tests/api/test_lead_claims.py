"""Leads find owners, lose them, and are worked on, as clients see it."""

from datetime import timedelta
from typing import Any

import pytest

from domain.leads.lead import LeadMove
from domain.leads.pools import PoolStrategy
from domain.managed_lists import ReasonKind
from domain.people import Role
from models import Lead, LeadAssignment, LeadPool, Reason, User
from services.clock import now
from services.leads.giving import give_waiting
from tests.api.conftest import Client
from tests.factories import make_team, make_user
from tests.lead_factories import make_lead, make_pool

ERRORS = """errors { __typename code message path ... on QuotaExceeded { quota retryAt } ... on CoolingDown { retryAt }
    ... on HeadStart { retryAt } ... on HoldLimitReached { holdLimit } ... on NotEligible { reason } }"""
CLAIM = f"""mutation($i: LeadClaimInput!) {{ leadClaim(input: $i) {{
    lead {{ id contactName owner {{ name }} }} {ERRORS} }} }}"""
NEXT = f"mutation($i: LeadClaimNextInput!) {{ leadClaimNext(input: $i) {{ lead {{ id score }} {ERRORS} }} }}"
CAN = "query($id: ID!) { lead(id: $id) { contactName canClaim { ok reason from } } }"


class Floor:
    """Rosa and Sam compete for leads of a pool; Mia leads them."""

    rosa: User
    sam: User
    mia: User
    ada: User
    pool: LeadPool


@pytest.fixture
async def floor(database: str) -> Floor:  # noqa: ARG001  # emptied before
    made = Floor()
    team = await make_team()
    made.rosa = await make_user(Role.REP, team=team, name="Rosa")
    made.sam = await make_user(Role.REP, team=team, name="Sam")
    made.mia, made.ada = await make_user(Role.MANAGER, team=team), await make_user(Role.ADMIN, team=team)
    made.pool = await make_pool(team)
    return made


async def claim(client: Client, lead: Lead, as_: User, **more: Any) -> Any:
    answer = await client.data(CLAIM, {"i": {"id": f"lea_{lead.id}"} | more}, as_=as_)
    return answer["leadClaim"]


async def refusal(client: Client, lead: Lead, as_: User) -> Any:
    answer = await claim(client, lead, as_)
    assert answer["lead"] is None
    [error] = answer["errors"]
    assert error.pop("path") == ["input", "id"]
    return error


async def test_who_wins_learns_whom_to_call_and_who_loses_that_it_is_gone(client: Client, floor: Floor) -> None:
    lead = await make_lead(pool=floor.pool, contact_name="Li Lei")
    before = await client.data(CAN, {"id": f"lea_{lead.id}"}, as_=floor.rosa)
    assert before["lead"] == {"contactName": None, "canClaim": {"ok": True, "reason": None, "from": None}}
    won = await claim(client, lead, floor.rosa, idempotencyKey="tap")
    assert won["lead"] == {"id": f"lea_{lead.id}", "contactName": "Li Lei", "owner": {"name": "Rosa"}}
    assert await claim(client, lead, floor.rosa, idempotencyKey="tap") == won
    lost = await refusal(client, lead, floor.sam)
    assert lost == {
        "__typename": "AlreadyClaimed",
        "code": "ALREADY_CLAIMED",
        "message": "Somebody else was first: the lead is theirs.",
    }
    assert (await client.data(CAN, {"id": f"lea_{lead.id}"}, as_=floor.sam))["lead"] is None


async def test_each_rule_refuses_with_its_facts_and_says_so_beforehand(client: Client, floor: Floor) -> None:
    later = (now() + timedelta(minutes=9)).replace(microsecond=0)
    quota = await make_pool(floor.rosa, claim_quota=0)
    full = await make_pool(floor.rosa, hold_limit=1)
    cool = await make_pool(floor.rosa, cool_down_minutes=60)
    await make_lead(pool=full, owner=floor.rosa)
    leads = {
        "QUOTA_EXCEEDED": await make_lead(pool=quota),
        "HOLD_LIMIT_REACHED": await make_lead(pool=full),
        "COOLING_DOWN": await make_lead(pool=cool),
        "HEAD_START": await make_lead(pool=floor.pool, head_start_until=later),
        "NOT_ELIGIBLE": await make_lead(pool=floor.pool, duplicate_of=await make_lead(pool=floor.pool)),
    }
    lost = {"lead": leads["COOLING_DOWN"], "from_owner": floor.rosa, "at": later - timedelta(hours=1)}
    await LeadAssignment.create(move=LeadMove.RECYCLED, **lost)
    told = {}
    for code, lead in leads.items():
        error = await refusal(client, lead, floor.rosa)
        said = await client.data(CAN, {"id": f"lea_{lead.id}"}, as_=floor.rosa)
        assert said["lead"]["canClaim"] == {"ok": False, "reason": code, "from": error.get("retryAt")}
        assert error["code"] == code
        told[error["__typename"]] = error
    moment = later.isoformat().replace("+00:00", ".000Z")
    assert told["HeadStart"]["retryAt"] == told["CoolingDown"]["retryAt"] == moment
    assert (told["QuotaExceeded"]["quota"], told["HoldLimitReached"]["holdLimit"]) == (0, 1)
    assert told["NotEligible"]["reason"] == "DUPLICATE"


async def test_the_best_lead_comes_first_until_none_waits(client: Client, floor: Floor) -> None:
    await make_lead(pool=floor.pool, score=5)
    hot = await make_lead(pool=floor.pool, score=70)
    pool = {"i": {"poolId": f"lpo_{floor.pool.id}"}}
    first = (await client.data(NEXT, pool, as_=floor.rosa))["leadClaimNext"]
    assert first == {"lead": {"id": f"lea_{hot.id}", "score": 70}, "errors": []}
    assert (await client.data(NEXT, {"i": {}}, as_=floor.rosa))["leadClaimNext"]["lead"]["score"] == 5
    [error] = (await client.data(NEXT, {"i": {}}, as_=floor.rosa))["leadClaimNext"]["errors"]
    assert error["code"] == "NOTHING_TO_CLAIM"
    stranger = await make_user(Role.REP, team=await make_team())
    [error] = (await client.data(NEXT, pool, as_=stranger))["leadClaimNext"]["errors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "poolId"])


async def test_a_lead_goes_through_hands_and_ends_as_a_customer(client: Client, floor: Floor) -> None:
    lead = await make_lead(pool=floor.pool, company="慧云科技")
    ids = {"id": f"lea_{lead.id}"}
    steps = [
        (floor.mia, "leadAssign", {**ids, "toUserId": f"usr_{floor.rosa.id}"}),
        (floor.rosa, "leadRelease", {**ids, "reason": "not my region"}),
        (floor.sam, "leadClaim", ids),
        (floor.mia, "leadReassign", {**ids, "toUserId": f"usr_{floor.rosa.id}"}),
        (floor.rosa, "leadSharesSet", {**ids, "shares": [{"userId": f"usr_{floor.sam.id}", "percent": 30}]}),
        (floor.sam, "leadFollowUp", {**ids, "channel": "PHONE", "result": "INTERESTED", "content": "wants a price"}),
        (floor.rosa, "leadConvert", ids),
    ]
    for as_, name, given in steps:
        document = f"mutation($i: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $i) {{ errors {{ code }} }} }}"
        assert (await client.data(document, {"i": given}, as_=as_))[name] == {"errors": []}, name
    document = """query($id: ID!) { lead(id: $id) { status customer { name owner { name } }
        shares { user { name } percent } followUps { actor { name } content }
        assignments { move toOwner { name } } } }"""
    found = (await client.data(document, ids, as_=floor.rosa))["lead"]
    assert (found["status"], found["customer"]) == ("CONVERTED", {"name": "慧云科技", "owner": {"name": "Rosa"}})
    assert found["shares"] == [{"user": {"name": "Sam"}, "percent": 30}]
    assert found["followUps"] == [{"actor": {"name": "Sam"}, "content": "wants a price"}]
    moves = [(each["move"], each["toOwner"] and each["toOwner"]["name"]) for each in found["assignments"]]
    assert moves == [
        ("ASSIGNED", "Rosa"),
        ("RELEASED", None),
        ("CLAIMED", "Sam"),
        ("REASSIGNED", "Rosa"),
        ("CONVERTED", "Rosa"),
    ]


async def test_many_succeed_or_fail_each_by_itself(client: Client, floor: Floor) -> None:
    mine, theirs = await make_lead(owner=floor.rosa), await make_lead(owner=floor.sam)
    reason = await Reason.create(kind=ReasonKind.DISQUALIFICATION, code="none", labels={"en": "No need"})
    given = {"leadIds": [f"lea_{mine.id}", f"lea_{theirs.id}", "nonsense"], "reasonId": f"rsn_{reason.id}"}
    document = """mutation($i: LeadDisqualifyManyInput!) { leadDisqualifyMany(input: $i) {
        results { lead { status reason { code } } errors { code path } } errors { code } } }"""
    answer = (await client.data(document, {"i": given}, as_=floor.rosa))["leadDisqualifyMany"]
    assert answer["results"] == [
        {"lead": {"status": "DISQUALIFIED", "reason": {"code": "none"}}, "errors": []},
        {"lead": None, "errors": [{"code": "NOT_FOUND", "path": ["input", "leadIds", "1"]}]},
        {"lead": None, "errors": [{"code": "NOT_FOUND", "path": ["input", "leadIds", "2"]}]},
    ]


async def test_a_pool_that_gives_tells_whom_it_considered_and_that_it_is_fair(client: Client, floor: Floor) -> None:
    pool = await make_pool(floor.rosa, floor.sam, strategy=PoolStrategy.ROUND_ROBIN)
    leads = [await make_lead(pool=pool, expected_value=worth) for worth in (100, 50, 30)]
    assert await give_waiting() == 3
    document = """query($lead: ID!, $pool: ID!, $from: DateTime!, $before: DateTime!) {
        explainLeadAssignment(leadId: $lead) { assignment { move rule }
            candidates { user { name } standing held share } }
        leadPoolFairness(poolId: $pool, givenFrom: $from, givenBefore: $before) {
            user { name } received due receivedValue { amount } dueValue { amount currency } } }"""
    about = {"lead": f"lea_{leads[0].id}", "pool": f"lpo_{pool.id}"}
    about |= {"from": "2026-01-01T00:00:00Z", "before": "2099-01-01T00:00:00Z"}
    told = await client.data(document, about, as_=floor.mia)
    considered = [("Rosa", "CHOSEN"), ("Sam", "ELIGIBLE")]
    assert told["explainLeadAssignment"] == [
        {
            "assignment": {"move": "ASSIGNED", "rule": "ROUND_ROBIN"},
            "candidates": [
                {"user": {"name": name}, "standing": standing, "held": 0, "share": "0.5"}
                for name, standing in considered
            ],
        }
    ]
    assert told["leadPoolFairness"] == [
        {
            "user": {"name": name},
            "received": received,
            "due": "1.5",
            "receivedValue": {"amount": value},
            "dueValue": {"amount": "90.00", "currency": "GBP"},
        }
        for name, received, value in (("Rosa", 2, "130.00"), ("Sam", 1, "50.00"))
    ]
    mine = await client.data(document, about, as_=floor.rosa)
    assert mine["explainLeadAssignment"] == told["explainLeadAssignment"]
    assert mine["leadPoolFairness"] is None
    stranger = await make_user(Role.MANAGER, team=await make_team())
    hidden = await client.data(document, about, as_=stranger)
    assert hidden == {"explainLeadAssignment": None, "leadPoolFairness": None}
