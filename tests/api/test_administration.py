"""What administrators do: nobody else may, and each of it leaves an entry in the audit."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.people import Role
from models import AuditEntry
from schema.root import schema
from tests.api.conftest import Client
from tests.api.writing import everything
from tests.factories import make_customer, make_region, make_team, make_user

LABELS = {"en": "X"}
GIVEN: Mapping[str, dict[str, Any]] = {
    "userCreate": {"email": "x@test.example", "name": "X", "roles": []},
    "userUpdate": {"id": "usr_3", "expectedVersion": 1, "name": "X"},
    "userSkillsSet": {"id": "usr_3", "expectedVersion": 1, "industries": ["X"]},
    "userDeactivate": {"id": "usr_3"},
    "userReactivate": {"id": "usr_4"},
    "passwordTokenCreate": {"userId": "usr_3"},
    "teamCreate": {"name": "X"},
    "teamUpdate": {"id": "tem_1", "expectedVersion": 1, "name": "X"},
    "teamDelete": {"id": "tem_2"},
    "regionCreate": {"name": "X", "code": "X"},
    "regionUpdate": {"id": "reg_1", "expectedVersion": 1, "name": "X"},
    "regionDelete": {"id": "reg_1"},
    "channelUpsert": {"code": "x", "name": "X"},
    "tierUpsert": {"code": "x", "labels": LABELS, "rank": 1},
    "reasonUpsert": {"kind": "LOSS", "code": "x", "labels": LABELS},
    "tagUpsert": {"code": "x", "labels": LABELS},
    "exchangeRateUpsert": {"currency": "EUR", "date": "2026-01-01", "rate": "0.9"},
    "personalDataExport": {"customerId": "cus_1"},
    "personalDataErase": {"customerId": "cus_1", "reason": "Asked for it.", "confirm": True},
    "recordsTransfer": {"fromUserId": "usr_2", "toTeamId": "tem_2"},
}
ALSO_FOR_MANAGERS = {"recordsTransfer"}
SUBJECTS = (
    "user",
    "passwordToken",
    "team",
    "region",
    "channel",
    "tier",
    "reason",
    "tag",
    "exchangeRate",
    "records",
    "personal",
)
ELSEWHERE = ("userIdentity", "tierRules", "channelPrice")
"""What test_openid.py and the tests of tiers and prices are about."""
every_mutation = pytest.mark.parametrize("name", GIVEN)


@pytest.fixture
async def company(database: str) -> None:  # noqa: ARG001  # emptied before
    """Ada administers, Bob does everything else, Cy and Dee are there to be acted on, Dee is inactive."""
    team = await make_team()
    await make_team()
    await make_region()
    await make_user(Role.ADMIN, name="Ada")
    bob = await make_user(*(set(Role) - {Role.ADMIN, Role.MANAGER}), name="Bob", team=team)
    await make_user(name="Cy")
    await make_user(name="Dee", active=False)
    await make_customer(owner=bob)


def document(name: str) -> str:
    kind = name[0].upper() + name[1:]
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ errors {{ code path }} }} }}"


async def errors(client: Client, name: str, as_: int, **more: str) -> list[dict[str, Any]]:
    data = await client.data(document(name), {"input": GIVEN[name] | more}, as_=as_)
    found: list[dict[str, Any]] = data[name]["errors"]
    return found


def test_all_mutations_of_what_is_administered_are_tested_here() -> None:
    assert schema._schema.mutation_type
    names = set(schema._schema.mutation_type.fields)
    here = {name for name in names if name.startswith(SUBJECTS) and not name.startswith(ELSEWHERE)}
    assert here == set(GIVEN)


@pytest.mark.usefixtures("company")
@every_mutation
async def test_each_leaves_an_entry_that_says_who_did_what_to_whom(client: Client, name: str) -> None:
    assert await errors(client, name, 1) == []
    entries = await AuditEntry.all()
    assert {entry.actor_id for entry in entries} == {1}
    assert all(entry.subject_id and entry.request_id for entry in entries)
    assert len(entries) == 1


@pytest.mark.usefixtures("company")
@every_mutation
async def test_nobody_else_may_and_nothing_is_left_behind(client: Client, name: str) -> None:
    before = await everything()
    [error] = await errors(client, name, 2)
    assert error["code"] == "NOT_PERMITTED"
    assert await everything() == before


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("name", sorted(set(GIVEN) - ALSO_FOR_MANAGERS))
async def test_a_manager_may_not_either(client: Client, name: str) -> None:
    manager = await make_user(Role.MANAGER, team=await make_team())
    [error] = await errors(client, name, manager.id)
    assert error["code"] == "NOT_PERMITTED"
