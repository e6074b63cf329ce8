"""Users: made, changed, shut out and let in by administrators, of whom one always stays."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.people import Role
from models import ApiToken, AuditEntry, Lead, LeadAssignment, PasswordToken, Session, User
from services.clock import now
from tests.api.administering import (
    LOGIN,
    PASSWORD_SET,
    PASSWORD_TOKEN_CREATE,
    USER_CREATE,
    USER_DEACTIVATE,
    USER_REACTIVATE,
    USER_SKILLS_SET,
    USER_UPDATE,
)
from tests.api.conftest import Client
from tests.api.writing import payload, refused, told, written
from tests.factories import make_customer, make_order, make_region, make_team, make_user

GIVEN = {"email": "Rosa@Test.example", "name": "Rosa", "roles": ["REP", "MANAGER"], "phone": "+44 1"}
PASSWORD = "violets grow on the moon"


@pytest.fixture
async def ada(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.ADMIN, name="Ada")


def change(user: User, **given: Any) -> dict[str, Any]:
    return {"id": f"usr_{user.id}", "expectedVersion": 1, **given}


async def audited() -> list[tuple[str, dict[str, Any]]]:
    return [(entry.action.value, entry.facts) for entry in await AuditEntry.all().order_by("id")]


async def test_a_user_is_made_and_signs_in_with_a_password_that_no_administrator_knows(
    client: Client, ada: User
) -> None:
    team = await make_team()
    made = await written(client, USER_CREATE, GIVEN | {"teamId": f"tem_{team.id}"}, as_=ada)
    assert made == {
        "id": made["id"],
        "version": 1,
        "name": "Rosa",
        "email": "rosa@test.example",
        "phone": "+44 1",
        "roles": ["MANAGER", "REP"],
        "active": True,
        "team": {"id": f"tem_{team.id}"},
    }
    token = (await payload(client, PASSWORD_TOKEN_CREATE, {"userId": made["id"]}, as_=ada))["token"]
    answer = await client.query(PASSWORD_SET, {"input": {"token": token, "password": PASSWORD}})
    assert answer == {"data": {"passwordSet": {"email": "rosa@test.example", "errors": []}}}
    login = {"input": {"email": "rosa@test.example", "password": PASSWORD}}
    assert (await client.query(LOGIN, login))["data"]["login"]["accessToken"]
    actions = [action for action, _ in await audited()]
    assert actions == ["USER_CREATED", "PASSWORD_RESET", "PASSWORD_CHANGED", "SIGNED_IN"]
    assert PASSWORD not in str(await audited())
    assert token not in str(await audited())


async def test_a_token_for_a_password_is_good_once_and_the_newest_alone(client: Client, ada: User) -> None:
    rosa = await make_user(Role.REP, password="an old password")
    await client.token(rosa)
    tokens = [
        (await payload(client, PASSWORD_TOKEN_CREATE, {"userId": f"usr_{rosa.id}"}, as_=ada))["token"] for _ in range(2)
    ]

    async def use(token: str, password: str = PASSWORD) -> list[tuple[str, str]]:
        data = (await client.query(PASSWORD_SET, {"input": {"token": token, "password": password}}))["data"]
        return told(data["passwordSet"]["errors"])

    assert await use(tokens[0]) == [("input.token", "token_spent")]
    assert await use("pwt_unknown") == [("input.token", "token_spent")]
    assert await use(tokens[1], "short") == [("input.password", "too_short")]
    assert await use(tokens[1]) == []
    assert await use(tokens[1]) == [("input.token", "token_spent")]
    assert not await Session.filter(user=rosa, ended_at=None).exists()


async def test_a_token_for_a_password_runs_out_and_is_for_active_users(client: Client, ada: User) -> None:
    rosa = await make_user(Role.REP)
    given = {"userId": f"usr_{rosa.id}"}
    token = (await payload(client, PASSWORD_TOKEN_CREATE, given, as_=ada))["token"]
    await PasswordToken.all().update(expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    answer = await client.query(PASSWORD_SET, {"input": {"token": token, "password": PASSWORD}})
    assert told(answer["data"]["passwordSet"]["errors"]) == [("input.token", "token_spent")]
    await written(client, USER_DEACTIVATE, {"id": f"usr_{rosa.id}"}, as_=ada)
    assert await PasswordToken.all().count() == 0
    answer = await payload(client, PASSWORD_TOKEN_CREATE, given, as_=ada)
    assert told(answer["errors"]) == [("input.userId", "user_inactive")]


async def test_a_user_is_changed_and_each_right_has_its_entry(client: Client, ada: User) -> None:
    rosa, team = await make_user(Role.REP, name="Rosa", email="r@test.example"), await make_team()
    given = change(rosa, email="R2@test.example", roles=["FINANCE"], teamId=f"tem_{team.id}", phone="1")
    changed = await written(client, USER_UPDATE, given, as_=ada)
    assert (changed["version"], changed["email"], changed["roles"]) == (2, "r2@test.example", ["FINANCE"])
    assert await audited() == [
        ("ROLES_CHANGED", {"from": ["REP"], "to": ["FINANCE"]}),
        ("TEAM_CHANGED", {"from": None, "to": f"tem_{team.id}"}),
        (
            "USER_UPDATED",
            {
                "changed": ["email", "phone"],
                "person": {"email": {"from": "r@test.example", "to": "r2@test.example"}},
            },
        ),
    ]
    same = change(rosa, expectedVersion=2, name="Rosa", roles=["FINANCE"])
    assert (await written(client, USER_UPDATE, same, as_=ada))["version"] == 2
    assert told(await refused(client, USER_UPDATE, change(rosa, name="X"), as_=ada)) == [
        ("input.expectedVersion", "VERSION_CONFLICT")
    ]


async def test_skills_are_told_list_by_list_and_audited(client: Client, ada: User) -> None:
    rosa, region = await make_user(Role.REP), await make_region()
    named = f"reg_{region.id}"
    told_all = {"regionIds": [named], "industries": ["Retail", "零售"], "categories": ["Tools"]}
    made = await written(client, USER_SKILLS_SET, change(rosa, **told_all), as_=ada)
    assert (made["version"], made["skills"]) == (2, told_all)
    same = {"expectedVersion": 2, "industries": ["零售", "Retail"]}
    assert (await written(client, USER_SKILLS_SET, change(rosa) | same, as_=ada))["version"] == 2
    fewer = {"expectedVersion": 2, "industries": ["Retail"], "categories": None}
    left = await written(client, USER_SKILLS_SET, change(rosa) | fewer, as_=ada)
    assert (left["version"], left["skills"]) == (3, {"regionIds": [named], "industries": ["Retail"], "categories": []})
    assert [facts for _, facts in await audited()] == [
        {
            "regionIds": {"from": [], "to": [named]},
            "industries": {"from": [], "to": ["Retail", "零售"]},
            "categories": {"from": [], "to": ["Tools"]},
        },
        {
            "industries": {"from": ["Retail", "零售"], "to": ["Retail"]},
            "categories": {"from": ["Tools"], "to": []},
        },
    ]
    wrong = {"expectedVersion": 3, "regionIds": [named, "reg_999"], "industries": ["x", "x", " "]}
    errors = (await payload(client, USER_SKILLS_SET, change(rosa) | wrong, as_=ada))["errors"]
    assert [(error["path"][1:], error.get("problem")) for error in errors] == [
        (["industries", "1"], "duplicate"),
        (["industries", "2"], "blank"),
        (["regionIds", "1"], None),
    ]
    [stale] = (await payload(client, USER_SKILLS_SET, change(rosa, industries=[]), as_=ada))["errors"]
    assert stale["currentVersion"] == 3
    [nobody] = (await payload(client, USER_SKILLS_SET, change(ada, industries=[]), as_=rosa))["errors"]
    assert nobody["code"] == "NOT_PERMITTED"


async def test_everything_that_is_wrong_is_told_at_once(client: Client, ada: User) -> None:
    given = {"email": "x", "name": " ", "roles": ["REP", "REP"], "teamId": "tem_77"}
    assert told(await refused(client, USER_CREATE, given, as_=ada)) == [
        ("input.email", "not_an_email"),
        ("input.name", "blank"),
        ("input.roles", "duplicate"),
        ("input.teamId", "NOT_FOUND"),
    ]
    taken = GIVEN | {"email": ada.email.upper()}
    assert told(await refused(client, USER_CREATE, taken, as_=ada)) == [("input.email", "ALREADY_EXISTS")]


async def test_a_user_who_is_shut_out_cannot_go_on_and_may_come_back(client: Client, ada: User) -> None:
    rosa = await make_user(Role.REP, password=PASSWORD)
    await client.token(rosa)
    token = await ApiToken.create(name="m", user=rosa, scopes=[], token_hash=b"x", hint="x", created_by=ada)
    given = {"id": f"usr_{rosa.id}"}
    assert (await written(client, USER_DEACTIVATE, given, as_=ada))["active"] is False
    assert not await Session.filter(user=rosa, ended_at=None).exists()
    await token.refresh_from_db()
    assert token.revoked_at
    login = {"input": {"email": rosa.email, "password": PASSWORD}}
    assert (await client.query(LOGIN, login))["data"]["login"]["accessToken"] is None
    again = await written(client, USER_DEACTIVATE, given, as_=ada)
    assert again["version"] == 2
    assert (await written(client, USER_REACTIVATE, given, as_=ada))["active"] is True
    assert (await client.query(LOGIN, login))["data"]["login"]["accessToken"]


async def test_customers_and_open_orders_need_a_successor(client: Client, ada: User) -> None:
    team = await make_team()
    rosa, ben = await make_user(Role.REP, team=team), await make_user(Role.REP, team=await make_team("Other"))
    gone, alone = await make_user(active=False, team=team), await make_user()
    customer, order = await make_customer(owner=rosa), await make_order(owner=rosa)
    over = await make_order(owner=rosa, status="COMPLETED")
    lead = await Lead.create(company="Acme", owner=rosa, team=team, entered_at=now(), assigned_at=now())
    given = {"id": f"usr_{rosa.id}"}
    path = "input.transferToId"
    for to, problem in {
        None: "successor_needed",
        f"usr_{rosa.id}": "successor_needed",
        f"usr_{gone.id}": "owner_inactive",
        f"usr_{alone.id}": "owner_without_team",
        "usr_777": "NOT_FOUND",
    }.items():
        assert told(await refused(client, USER_DEACTIVATE, given | {"transferToId": to}, as_=ada)) == [(path, problem)]
    await written(client, USER_DEACTIVATE, given | {"transferToId": f"usr_{ben.id}"}, as_=ada)
    for row in (customer, order, over):
        await row.refresh_from_db()
    assert [(row.owner_id, row.team_id) for row in (customer, order)] == [(ben.id, ben.team_id)] * 2
    assert (over.owner_id, over.team_id) == (rosa.id, team.id)
    [(action, facts)] = await audited()
    moved = {"customers": 1, "leads": 1, "orders": 1}
    assert (action, facts) == ("USER_DEACTIVATED", {"transferredTo": f"usr_{ben.id}", **moved})
    await lead.refresh_from_db()
    assert (lead.owner_id, lead.team_id) == (ben.id, ben.team_id)
    assert await LeadAssignment.filter(move="ASSIGNED", from_owner=rosa, to_owner=ben).count() == 1


async def test_the_last_administrator_stays(client: Client, ada: User) -> None:
    await make_user(Role.ADMIN, active=False)
    given = change(ada, roles=["REP"])
    assert told(await refused(client, USER_UPDATE, given, as_=ada)) == [("input.roles", "LAST_ADMIN")]
    assert told(await refused(client, USER_DEACTIVATE, {"id": f"usr_{ada.id}"}, as_=ada)) == [
        ("input.id", "LAST_ADMIN")
    ]
    await make_user(Role.ADMIN)
    await written(client, USER_UPDATE, given, as_=ada)


@pytest.mark.parametrize("document", [USER_UPDATE, USER_DEACTIVATE])
@pytest.mark.parametrize("themselves", [True, False])
async def test_of_two_administrators_who_remove_each_other_or_themselves_at_once_one_stays(
    client: Client, ada: User, document: str, *, themselves: bool
) -> None:
    ben = await make_user(Role.ADMIN)
    await asyncio.gather(client.token(ada), client.token(ben))

    def given(user: User) -> dict[str, Any]:
        return change(user, roles=[]) if document == USER_UPDATE else {"id": f"usr_{user.id}"}

    answers = await asyncio.gather(
        *(
            payload(client, document, given(actor if themselves else other), as_=actor)
            for actor, other in ((ada, ben), (ben, ada))
        )
    )
    assert [bool(answer["errors"]) for answer in answers].count(True) == 1
    assert ["ADMIN" in user.roles for user in await User.filter(active=True)].count(True) == 1


async def test_rights_count_as_they_are_now_for_who_gives_rights(client: Client, ada: User) -> None:
    ben = await make_user(Role.ADMIN)
    assert await written(client, USER_CREATE, GIVEN, as_=ben)  # his rights are in the cache now
    await written(client, USER_UPDATE, change(ben, roles=["REP"]), as_=ada)
    [error] = await refused(client, USER_UPDATE, change(ben, expectedVersion=2, roles=["ADMIN"]), as_=ben)
    assert error["code"] == "NOT_PERMITTED"


async def test_a_repeated_request_has_one_effect(client: Client, ada: User) -> None:
    given = GIVEN | {"idempotencyKey": "k"}
    first = await written(client, USER_CREATE, given, as_=ada)
    assert await written(client, USER_CREATE, given, as_=ada) == first
    assert len(await audited()) == 1
