"""auditEntries: for administrators, newest first."""

from datetime import timedelta

import pytest

from domain.audit import AuditAction
from domain.people import Role
from models import AuditEntry, User
from rows.entities import TEAM, USER
from services.audit import record_alone
from services.clock import clock_set_to, now
from tests.api.conftest import Client
from tests.factories import make_team, make_user

LIST = """query($filter: AuditEntryFilter, $sort: AuditEntrySort) { auditEntries(filter: $filter, sort: $sort) {
    totalCount nodes { id action subjectKind subjectId facts requestId address actor { name } } } }"""


@pytest.fixture
async def ada(database: str) -> User:  # noqa: ARG001  # emptied before
    ada = await make_user(Role.ADMIN, name="Ada")
    for day, (actor, action, subject) in enumerate(
        [
            (ada.id, AuditAction.SIGNED_IN, (USER, ada.id)),
            (ada.id, AuditAction.ROLES_CHANGED, (USER, 7)),
            (None, AuditAction.SIGN_IN_FAILED, None),
            (ada.id, AuditAction.TREE_NODE_MOVED, (TEAM, 7)),
        ]
    ):
        with clock_set_to(now() - timedelta(days=9 - day)):
            await record_alone(actor=actor, action=action, subject=subject, facts={"day": day})
    return ada


async def listed(client: Client, as_: User, **variables: object) -> list[int]:
    page = (await client.data(LIST, variables, as_=as_))["auditEntries"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["facts"]["day"] for node in page["nodes"]]


async def test_entries_are_found_by_actor_action_subject_and_time(client: Client, ada: User) -> None:
    assert await listed(client, ada) == [3, 2, 1, 0]
    assert await listed(client, ada, sort={"field": "AT", "direction": "ASC"}) == [0, 1, 2, 3]
    assert await listed(client, ada, filter={"actor": {"id": {"eq": f"usr_{ada.id}"}}}) == [3, 1, 0]
    assert await listed(client, ada, filter={"action": {"in": ["SIGN_IN_FAILED", "SIGNED_IN"]}}) == [2, 0]
    assert await listed(client, ada, filter={"subjectId": {"eq": "usr_7"}}) == [1]
    assert await listed(client, ada, filter={"subjectKind": {"eq": "Team"}}) == [3]
    since = (now() - timedelta(days=8, hours=1)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert await listed(client, ada, filter={"at": {"gte": since}}) == [3, 2, 1]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_else_sees_any(client: Client, ada: User, role: Role) -> None:  # noqa: ARG001  # makes them
    other = await make_user(role, team=await make_team())
    assert await listed(client, other) == []
    entry = await AuditEntry.first()
    assert entry
    document = f'{{ node(id: "aud_{entry.id}") {{ id }} }}'
    assert await client.data(document, as_=other) == {"node": None}
