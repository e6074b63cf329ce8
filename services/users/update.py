"""Changing a user: who they are, what they may do, and which team they belong to."""

from typing import Any

from domain.audit import PERSON, AuditAction
from domain.errors import AlreadyExists, Refused, VersionConflict
from domain.naming import camel
from domain.paths import INPUT
from domain.people import Role
from domain.users import UserChanges, user_problems
from models import User
from models.connection import TransactionClient
from rows.entities import BUSINESS_CALENDAR, TEAM, USER
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.idempotency import Request, once
from services.references import answering, unseen
from services.transaction import retrying, transaction
from services.users.holding import check_admins_remain, hold_user


@retrying
async def update_user(
    *,
    viewer: Viewer,
    user_id: int,
    expected_version: int,
    changes: UserChanges,
    idempotency_key: str | None = None,
) -> int:
    """Change the user if they still have `expected_version`; the id. The version grows by one, if anything changes.

    New roles and teams count within five seconds. Customers and orders stay with the team that they are in. Raises
    Refused with NotPermitted, NotFound, VersionConflict, InvalidInput, AlreadyExists (the email address is taken),
    LastAdmin or IdempotencyKeyReused.
    """
    asked = {"id": user_id, "expectedVersion": expected_version, "changes": changes}
    request = Request(principal=viewer.user_id, mutation="userUpdate", key=idempotency_key, asked=asked)

    async def update() -> int:
        user = await hold_user(client, viewer, user_id)
        if user.version != expected_version:
            raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=user.version))
        references = {"teamId": (TEAM, changes.team_id), "calendarId": (BUSINESS_CALENDAR, changes.calendar_id)}
        problems = [*user_problems(changes), *await unseen(client, viewer, references)]
        if problems:
            raise Refused(*problems)
        await _change(client, viewer, user, changes)
        return user_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


async def _change(client: TransactionClient, viewer: Viewer, user: User, changes: UserChanges) -> None:
    columns = _columns(changes)
    before = {name: getattr(user, name) for name in columns}
    changed = {name: value for name, value in columns.items() if before[name] != value}
    if not changed:
        return
    if user.active and Role.ADMIN in user.roles and Role.ADMIN not in changed.get("roles", user.roles):
        await check_admins_remain(client, without=user.id, path=(*INPUT, "roles"))
    with answering("app_user_email_once", AlreadyExists(path=(*INPUT, "email"))):
        await User.filter(id=user.id).using_db(client).update(**changed, version=user.version + 1)
    for action, facts in _told(before, changed):
        await record(client, actor=viewer.user_id, action=action, subject=(USER, user.id), facts=facts)


def _columns(changes: UserChanges) -> dict[str, Any]:
    columns = {name: getattr(changes, name) for name in changes.mentioned}
    if "email" in columns:
        columns["email"] = columns["email"].lower()
    if "roles" in columns:
        columns["roles"] = sorted(role.value for role in columns["roles"])
    return columns


def _told(before: dict[str, Any], changed: dict[str, Any]) -> list[tuple[AuditAction, dict[str, Any]]]:
    """An entry each for rights, for the team, and for what is known of the person."""
    told: list[tuple[AuditAction, dict[str, Any]]] = []
    if "roles" in changed:
        told.append((AuditAction.ROLES_CHANGED, {"from": before["roles"], "to": changed["roles"]}))
    if "team_id" in changed:
        teams = {"from": _team(before["team_id"]), "to": _team(changed["team_id"])}
        told.append((AuditAction.TEAM_CHANGED, teams))
    if others := sorted(set(changed) - {"roles", "team_id"}):
        facts: dict[str, Any] = {"changed": [camel(name) for name in others]}
        if "email" in others:  # whoever signs in with it gets in
            facts[PERSON] = {"email": {"from": before["email"], "to": changed["email"]}}
        told.append((AuditAction.USER_UPDATED, facts))
    return told


def _team(team_id: int | None) -> str | None:
    return None if team_id is None else global_id(TEAM, team_id)
