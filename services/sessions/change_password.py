"""A user's new password, given the one of now."""

import uuid

import asyncpg

from domain.audit import AuditAction
from domain.errors import InvalidCredentials, Refused
from domain.passwords import password_problems
from domain.paths import INPUT
from models.connection import pool
from rows.entities import USER
from rows.viewer import Viewer
from services.audit import record
from services.sessions.attempts import Charge, charge, forgive
from services.sessions.endings import end_sessions
from services.sessions.passwords import check_free, replace_password
from services.sessions.tokens import TokenKeys
from services.transaction import retrying, transaction


async def change_password(
    *, viewer: Viewer, session_id: uuid.UUID | None, current: str, new: str, keys: TokenKeys
) -> int:
    """Set the viewer's password to `new` and end their sessions but `session_id`; how many ended.

    Raises Refused with InvalidInput (`new` is not good enough), InvalidCredentials (`current` is not the password, or
    there is none) or TooManyAttempts, since whoever has taken a session over may guess here too.
    """
    user = await _find_user(viewer.user_id)
    problems = tuple(password_problems((*INPUT, "newPassword"), new, email=user["email"], name=user["name"]))
    if problems:
        raise Refused(*problems)
    check_free()  # and charge nobody for it
    made = await charge(key=keys.attempts, email=user["email"], user_id=viewer.user_id)
    hashed = await replace_password(current, user["password_hash"], new=new)
    if hashed is None:
        raise Refused(InvalidCredentials(path=(*INPUT, "currentPassword")))
    return await _change(viewer, session_id, made, before=user["password_hash"], hashed=hashed)


@retrying
async def _change(viewer: Viewer, session_id: uuid.UUID | None, made: Charge, *, before: str, hashed: str) -> int:
    async with transaction() as client:
        await forgive(client, made)  # first, as who signs in does
        # Of two changes at the same time, the second was decided on a password that is none any more.
        changed = await client.connection.fetchval(
            "UPDATE app_user SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND active RETURNING id",
            viewer.user_id,
            before,
            hashed,
        )
        if not changed:
            raise Refused(InvalidCredentials(path=(*INPUT, "currentPassword")))
        ended = await end_sessions(client, user_id=viewer.user_id, but=session_id)
        await record(
            client,
            actor=viewer.user_id,
            action=AuditAction.PASSWORD_CHANGED,
            subject=(USER, viewer.user_id),
            facts={"sessionsEnded": ended},
        )
    return ended


async def _find_user(user_id: int) -> asyncpg.Record:
    user = await pool().fetchrow("SELECT email, name, password_hash FROM app_user WHERE id = $1", user_id)
    assert user is not None  # noqa: S101  # who asks is there: users are never deleted
    return user
