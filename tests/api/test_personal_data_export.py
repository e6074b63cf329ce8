"""personalDataExport: a file of what is held about a person, for administrators."""

import json
from datetime import timedelta
from typing import Any

import pytest

from domain.jobs import JobKind
from domain.people import Role
from models import (
    AssignmentDecision,
    AssignmentRule,
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerLevelChange,
    Job,
    Lead,
    Leave,
    LevelProposal,
    LevelRule,
    Order,
    Segment,
    User,
    UserSkill,
)
from services.clock import now
from services.personal import collect
from tests.api.conftest import Client
from tests.api.working import look, mutate, run_job, started
from tests.api.writing import told
from tests.factories import make_customer, make_order, make_product, make_team, make_user

EMAIL = "vm@private.example"
PHONE = "+44 20 7946 0999"


@pytest.fixture
async def ada(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.ADMIN, name="Ada")


@pytest.fixture
async def violetta(ada: User) -> Customer:  # noqa: ARG001  # comes first
    customer = await make_customer(name="Violetta Marsh", email=EMAIL, phone=PHONE)
    await CustomerContact.create(customer=customer, name="Violetta", email=EMAIL, phone=PHONE)
    await CustomerAddress.create(customer=customer, kind="BILLING", street="4 Violet Lane", country="GB", phone=PHONE)
    lines = [(await make_product("LAMP"), "2")]
    for _ in range(3):
        await make_order(customer=customer, lines=lines, contact_email=EMAIL, contact_phone=PHONE)
    other = await make_customer(name="Somebody Else", email="se@test.example")
    await make_order(customer=other, lines=lines, contact_email="se@test.example")
    return customer


async def exported(client: Client, ada: User, **named: str) -> dict[str, Any]:
    job_id = await started(client, "personalDataExport", named, as_=ada)
    await run_job(job_id)
    job = await look(client, job_id, "state message download { name mediaType url }", as_=ada)
    assert job["state"] == "SUCCEEDED"
    assert job["download"]["mediaType"] == "application/json"
    content = (await client.http.get(job["download"]["url"])).text
    assert "Somebody Else" not in content
    assert "se@test.example" not in content
    found: dict[str, Any] = json.loads(content)
    assert job["message"] == f"Rows found: {sum(map(len, found.values()))}."
    return found


async def test_everything_about_a_customer_is_in_it(
    client: Client, ada: User, violetta: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "BATCH", 2)
    rule = await LevelRule.create(code="all", condition={}, level="VIP")
    moved = {"customer": violetta, "from_level": "REGULAR", "to_level": "VIP"}
    await LevelProposal.create(rule=rule, rules_version=1, **moved)
    await CustomerLevelChange.create(at=now(), **moved)
    await Lead.create(customer=violetta, company="Marsh & Co", phone=PHONE, phone_key="+44", entered_at=now())
    found = await exported(client, ada, customerId=f"cus_{violetta.id}")
    assert (found["leads"][0]["phone"], found["leads"][0]["followUps"]) == (PHONE, [])
    assert "phone_key" not in found["leads"][0]
    assert [(name, len(rows)) for name, rows in found.items()] == [
        ("customers", 1),
        ("contacts", 1),
        ("addresses", 1),
        ("ownerChanges", 0),
        ("levelChanges", 1),
        ("levelProposals", 1),
        ("leads", 1),
        ("orders", 3),
        ("audit", 1),
    ]
    assert (found["customers"][0]["name"], found["addresses"][0]["street"]) == ("Violetta Marsh", "4 Violet Lane")
    assert found["orders"][0]["contact_email"] == EMAIL
    assert [line["sku"] for line in found["orders"][0]["lines"]] == ["LAMP"]
    assert found["audit"][0]["action"] == "PERSONAL_DATA_EXPORTED"


@pytest.mark.parametrize("named", [{"email": "VM@private.example"}, {"phone": "+44-20-79460999"}])
@pytest.mark.usefixtures("violetta")
async def test_whoever_is_reached_by_an_address_is_found(client: Client, ada: User, named: dict[str, str]) -> None:
    found = await exported(client, ada, **named)
    assert {name for name, rows in found.items() if rows} >= {"customers", "contacts", "orders"}


async def test_everything_about_a_user_is_in_it_but_secrets(client: Client, ada: User) -> None:
    rosa = await make_user(Role.REP, name="Rosa", password="a secret of hers")
    await client.token(rosa)
    kept = {"entity": "ORDER", "condition": {"tags": {"has": "tea"}}}
    await Segment.create(owner=rosa, name="Mine", **kept)
    await Segment.create(owner=ada, name="Ada's", **kept)
    await UserSkill.create(user=rosa, industry="Tea")
    for user in (rosa, ada):
        week = {"starts_at": now(), "ends_at": now() + timedelta(days=7), "reason": f"{user.name} moves"}
        await Leave.create(user=user, entered_by=rosa, **week)
    rule = await AssignmentRule.create(code="experts", team=await make_team(), rank=1, strategy="EXPERTISE")
    known = {"candidates": [ada.id, rosa.id], "open": [8, 3], "matches": [0, 1], "standings": ["UNSKILLED", "CHOSEN"]}
    decided = {"order": await make_order(), "rule": rule, "strategy": "EXPERTISE", "chosen": rosa, "at": now()}
    await AssignmentDecision.create(**decided, **known)
    await AssignmentDecision.create(**decided | {"chosen": None}, candidates=[], open=[], matches=[], standings=[])
    found = await exported(client, ada, userId=f"usr_{rosa.id}")
    assert [row["industry"] for row in found["skills"]] == ["Tea"]
    assert [row["reason"] for row in found["leaves"]] == ["Rosa moves"]
    [decision] = found["assignmentDecisions"]
    assert (decision["open"], decision["matches"], decision["standing"]) == (3, 1, "CHOSEN")
    assert "candidates" not in decision
    assert [(row["name"], row["condition"]) for row in found["segments"]] == [("Mine", {"tags": {"has": "tea"}})]
    assert (found["users"][0]["name"], len(found["sessions"])) == ("Rosa", 1)
    assert "hash" not in json.dumps(found)


async def test_who_is_no_administrator_any_more_gets_nothing(client: Client, ada: User, violetta: Customer) -> None:
    ben = await make_user(Role.ADMIN)
    job_id = await started(client, "personalDataExport", {"customerId": f"cus_{violetta.id}"}, as_=ben)
    await User.filter(id=ben.id).update(roles=["REP"])
    await run_job(job_id)
    assert await look(client, job_id, "state download { url }", as_=ada) == {"state": "FAILED", "download": None}


async def test_a_person_is_named_once_and_is_there(client: Client, ada: User) -> None:
    for given, wrong in (
        ({}, ("input.customerId", "missing")),
        ({"customerId": "cus_7"}, ("input.customerId", "NOT_FOUND")),
        ({"userId": "usr_77"}, ("input.userId", "NOT_FOUND")),
        ({"userId": "usr_1", "phone": "1"}, ("input.phone", "not_together")),
    ):
        assert told((await mutate(client, "personalDataExport", given, as_=ada))["errors"]) == [wrong]
    assert await Job.all().count() == 0


@pytest.mark.usefixtures("violetta")
async def test_erasure_takes_the_export_and_what_was_asked_for_too(client: Client, ada: User) -> None:
    await exported(client, ada, email=EMAIL)
    await Order.all().update(status="COMPLETED")
    given = {"email": EMAIL, "reason": "Asked for it.", "confirm": True}
    erase = "mutation($i: PersonalDataEraseInput!) { personalDataErase(input: $i) { errors { code } } }"
    assert (await client.data(erase, {"i": given}, as_=ada))["personalDataErase"] == {"errors": []}
    await run_job(f"job_{(await Job.get(kind=JobKind.PERSONAL_DATA_TRACES)).id}")
    job = await Job.get(kind=JobKind.PERSONAL_DATA_EXPORT)
    assert (job.parameters, job.result_file_id) == ({}, None)
