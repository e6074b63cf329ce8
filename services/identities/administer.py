"""Administrators say who somebody at an OpenID provider is, where its tokens do not: without a verified email."""

from typing import Any

from domain.audit import PERSON, AuditAction
from domain.errors import AlreadyExists, InvalidInput, Refused
from domain.identities import identity_problems
from domain.paths import INPUT
from domain.problems import Problem
from models.connection import TransactionClient
from rows.entities import USER
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.idempotency import Request, once
from services.sessions.endings import end_sessions
from services.transaction import retrying, transaction
from services.users.holding import hold_user

_LINK = """
INSERT INTO user_identity (user_id, issuer, subject, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id
"""
_TAKEN = "SELECT user_id, subject FROM user_identity WHERE issuer = $1 AND (subject = $2 OR user_id = $3)"
_UNLINK = "DELETE FROM user_identity WHERE user_id = $1 AND issuer = $2 AND subject = $3 RETURNING id"
_USER_ID = (*INPUT, "userId")


@retrying
async def link_user_identity(
    *, viewer: Viewer, user_id: int, issuer: str | None, subject: str, idempotency_key: str | None = None
) -> int:
    """Let tokens of `subject` at the provider `issuer` speak for the user; the user's id. What is linked so stays.

    Raises Refused with NotPermitted, NotFound, InvalidInput (no provider is named; the user is not active),
    AlreadyExists (the subject is somebody else's, or the user has another at this provider) or IdempotencyKeyReused.
    """
    asked = {"userId": user_id, "issuer": issuer, "subject": subject}
    request = Request(principal=viewer.user_id, mutation="userIdentityLink", key=idempotency_key, asked=asked)

    async def link() -> int:
        user = await hold_user(client, viewer, user_id, path=_USER_ID)
        if problems := tuple(identity_problems(issuer, subject)):
            raise Refused(*problems)
        if not user.active:
            raise Refused(InvalidInput(path=_USER_ID, problem=Problem.USER_INACTIVE))
        if await client.connection.fetchval(_LINK, user_id, issuer, subject, now()):
            await _record(client, viewer, user_id, "identityLinked", issuer, subject)
        else:
            await _refuse_another(client, user_id, issuer, subject)
        return user_id

    async with transaction() as client:
        outcome = await once(client, request, link)
    return outcome.settle()


@retrying
async def unlink_user_identity(
    *, viewer: Viewer, user_id: int, issuer: str | None, subject: str, idempotency_key: str | None = None
) -> int:
    """Let no more tokens of `subject` at the provider `issuer` speak for the user; the user's id.

    The user's sessions end, since any may have been begun by such a token; processes notice within five seconds.
    Raises Refused with NotPermitted, NotFound, InvalidInput (there is no such link) or IdempotencyKeyReused.
    """
    asked = {"userId": user_id, "issuer": issuer, "subject": subject}
    request = Request(principal=viewer.user_id, mutation="userIdentityUnlink", key=idempotency_key, asked=asked)

    async def unlink() -> int:
        await hold_user(client, viewer, user_id, path=_USER_ID)
        if problems := tuple(identity_problems(issuer, subject)):
            raise Refused(*problems)
        if not await client.connection.fetchval(_UNLINK, user_id, issuer, subject):
            raise Refused(InvalidInput(path=(*INPUT, "subject"), problem=Problem.UNKNOWN))
        ended = await end_sessions(client, user_id=user_id)
        await _record(client, viewer, user_id, "identityUnlinked", issuer, subject, sessionsEnded=ended)
        return user_id

    async with transaction() as client:
        outcome = await once(client, request, unlink)
    return outcome.settle()


async def _refuse_another(client: TransactionClient, user_id: int, issuer: str | None, subject: str) -> None:
    for row in await client.connection.fetch(_TAKEN, issuer, subject, user_id):
        if row["user_id"] != user_id:
            raise Refused(AlreadyExists(path=(*INPUT, "subject")))
        if row["subject"] != subject:
            raise Refused(AlreadyExists(path=_USER_ID))


async def _record(
    client: TransactionClient, viewer: Viewer, user_id: int, what: str, issuer: str | None, subject: str, **more: Any
) -> None:
    """The subject is the person's, and goes with them."""
    facts = {what: issuer, PERSON: {"subject": subject}, **more}
    await record(client, actor=viewer.user_id, action=AuditAction.USER_UPDATED, subject=(USER, user_id), facts=facts)
