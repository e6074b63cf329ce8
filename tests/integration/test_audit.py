"""The audit: written with what it tells of, and changed by nobody."""

from typing import Any

import asyncpg
import pytest

from app.embedded import Servers
from domain.audit import AuditAction
from domain.people import Role
from models import AuditEntry, Channel
from rows.entities import USER
from services.audit import record, record_alone
from services.origin import Origin, coming_from
from services.transaction import transaction
from tests.factories import make_user

ERASURE = "SET LOCAL sluice.erasure = 'on'"
STATEMENTS = [
    "UPDATE audit_entry SET at = at - interval '1 day'",
    "UPDATE audit_entry SET actor_id = NULL",
    "UPDATE audit_entry SET facts = '{}'",
    "UPDATE audit_entry SET address = NULL",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "TRUNCATE app_user CASCADE",
]


@pytest.fixture
async def entry(database: str) -> AuditEntry:  # noqa: ARG001  # emptied before
    user = await make_user(Role.ADMIN)
    facts = {"roles": ["ADMIN"], "person": {"email": "old@test.example"}}
    with coming_from(Origin(request_id="r1", address="192.0.2.77")):
        await record_alone(actor=user.id, action=AuditAction.ROLES_CHANGED, subject=(USER, user.id), facts=facts)
    return await AuditEntry.get()


def told(entry: AuditEntry) -> dict[str, Any]:
    columns = ("action", "subject_kind", "subject_id", "facts", "request_id", "address")
    return {name: getattr(entry, name) for name in columns}


async def test_an_entry_says_who_what_to_whom_and_where_from(entry: AuditEntry) -> None:
    assert told(entry) == {
        "action": AuditAction.ROLES_CHANGED,
        "subject_kind": "User",
        "subject_id": "usr_1",
        "facts": {"roles": ["ADMIN"], "person": {"email": "old@test.example"}},
        "request_id": "r1",
        "address": "192.0.2.0/24",
    }
    assert (await entry.actor).id == 1  # type: ignore[misc, union-attr]  # there is one


async def test_an_entry_stands_and_falls_with_what_it_tells_of(database: str) -> None:
    assert database
    with pytest.raises(ZeroDivisionError):
        await record_and_fail()
    assert await AuditEntry.all().count() == await Channel.all().count() == 0


async def record_and_fail() -> None:
    async with transaction() as client:
        await Channel.create(code="web", name="Web")
        await record(client, actor=None, action=AuditAction.LIST_ENTRY_CREATED)
        raise ZeroDivisionError


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("user", ["sluice", "postgres"])
async def test_nobody_changes_or_removes_an_entry(
    entry: AuditEntry, servers: Servers, database_name: str, statement: str, user: str
) -> None:
    connection = await asyncpg.connect(servers.postgres.url(database=database_name, user=user))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not changed or removed"):
        await connection.execute(statement)
    await connection.close()
    assert told(await AuditEntry.get()) == told(entry)


@pytest.mark.parametrize("statement", STATEMENTS[:3] + STATEMENTS[4:])
async def test_erasure_changes_no_fact_either(entry: AuditEntry, database: str, statement: str) -> None:
    connection = await asyncpg.connect(database)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(f"BEGIN; {ERASURE}; {statement}; COMMIT")
    await connection.close()
    assert told(await AuditEntry.get()) == told(entry)


async def test_erasure_takes_the_person_and_the_address(entry: AuditEntry, database: str) -> None:
    connection = await asyncpg.connect(database)
    async with connection.transaction():
        await connection.execute(ERASURE)
        await connection.execute("UPDATE audit_entry SET facts = facts - 'person', address = NULL")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):  # the permission ended with its transaction
        await connection.execute("UPDATE audit_entry SET address = NULL")
    await connection.close()
    assert told(await AuditEntry.get()) == told(entry) | {"facts": {"roles": ["ADMIN"]}, "address": None}
