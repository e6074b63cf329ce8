"""How a user comes by a password that no administrator knows: by a token, shown once, with which they set it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from domain.audit import AuditAction
from domain.errors import InvalidInput, Refused
from domain.passwords import password_problems
from domain.paths import INPUT
from domain.problems import Problem
from domain.users import PASSWORD_TOKEN_GOOD_FOR
from models.connection import pool
from rows.entities import USER
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.sessions.endings import end_sessions
from services.sessions.passwords import hash_password
from services.transaction import retrying, transaction
from services.users.holding import hold_user

_PREFIX = "pwt_"
_STORE = """
INSERT INTO password_token (user_id, token_hash, created_by_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (user_id) DO UPDATE SET token_hash = $2, created_by_id = $3, created_at = $4, expires_at = $5
"""
_FIND = """
SELECT u.id, u.email, u.name FROM password_token t JOIN app_user u ON u.id = t.user_id
WHERE t.token_hash = $1 AND t.expires_at > $2 AND u.active
"""
_SPEND = "DELETE FROM password_token WHERE user_id = $1 AND token_hash = $2 AND expires_at > $3 RETURNING id"
_SET = "UPDATE app_user SET password_hash = $2 WHERE id = $1 AND active RETURNING email"


@dataclass(frozen=True, kw_only=True)
class PasswordToken:
    """A token and when it ends."""

    token: str
    expires_at: datetime


@retrying
async def create_password_token(*, viewer: Viewer, user_id: int) -> PasswordToken:
    """A token with which the user can set a password, once, in place of any earlier token.

    The password that there is goes on working until then. Raises Refused with NotPermitted, NotFound or InvalidInput
    (not active).
    """
    token, moment = _PREFIX + secrets.token_urlsafe(32), now()
    ends = moment + PASSWORD_TOKEN_GOOD_FOR
    async with transaction() as client:
        user = await hold_user(client, viewer, user_id, path=(*INPUT, "userId"))
        if not user.active:
            raise Refused(InvalidInput(path=(*INPUT, "userId"), problem=Problem.USER_INACTIVE))
        await client.connection.execute(_STORE, user_id, _hash(token), viewer.user_id, moment, ends)
        await record(client, actor=viewer.user_id, action=AuditAction.PASSWORD_RESET, subject=(USER, user_id))
    return PasswordToken(token=token, expires_at=ends)


async def set_password(*, token: str, password: str) -> str:
    """Set the password of the user whom `token` is for, and end their sessions; their email address.

    Raises Refused with InvalidInput: the token is unknown, spent, or has run out, or the password is not allowed; with
    TooManyAttempts when too many passwords wait to be hashed.
    """
    user = await pool().fetchrow(_FIND, _hash(token), now())  # before hashing, which costs
    if user is None:
        raise Refused(_spent())
    path = (*INPUT, "password")
    if problems := tuple(password_problems(path, password, email=user["email"], name=user["name"])):
        raise Refused(*problems)
    return await _set(user["id"], token, await hash_password(password))


@retrying
async def _set(user_id: int, token: str, hashed: str) -> str:
    async with transaction() as client:
        # The user first, as do all who touch tokens.
        email: str | None = await client.connection.fetchval(_SET, user_id, hashed)
        if email is None or not await client.connection.fetchval(_SPEND, user_id, _hash(token), now()):
            raise Refused(_spent())
        await end_sessions(client, user_id=user_id)
        await record(
            client,
            actor=user_id,
            action=AuditAction.PASSWORD_CHANGED,
            subject=(USER, user_id),
            facts={"by": "token"},
        )
    return email


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def _spent() -> InvalidInput:
    return InvalidInput(path=(*INPUT, "token"), problem=Problem.TOKEN_SPENT)
