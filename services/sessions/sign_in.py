"""Signing in and out."""

import uuid

import asyncpg

from domain.audit import AuditAction, coarse_address
from domain.devices import device_of
from domain.errors import InvalidCredentials, Refused
from domain.sessions import expiry
from models.connection import TransactionClient, pool
from rows.entities import USER
from services.audit import record, record_alone
from services.clock import now
from services.origin import origin
from services.sessions.attempts import Charge, charge, forgive
from services.sessions.passwords import check_free, verify_password
from services.sessions.refresh_tokens import hash_refresh_token
from services.sessions.tokens import TokenKeys, TokenPair, token_pair
from services.transaction import retrying, transaction


async def sign_in(*, email: str, password: str, keys: TokenKeys) -> TokenPair:
    """Begin a session. `email` counts without case and surrounding spaces.

    Raises Refused with InvalidCredentials, which tells no more than that: nobody can ask who has an account; or with
    TooManyAttempts, for accounts that there are and those that there are not alike.
    """
    check_free()  # and charge nobody for it
    user = await _find_user(email)
    made = await charge(key=keys.attempts, email=email, user_id=user["id"] if user else None)
    verification = await verify_password(password, user["password_hash"] if user else None)
    if user is None or not verification.right:
        await record_alone(actor=None, action=AuditAction.SIGN_IN_FAILED, subject=(USER, user["id"]) if user else None)
        raise Refused(InvalidCredentials())
    pair = await _succeed(user, made, verification.new_hash, keys)
    if pair is None:
        raise Refused(InvalidCredentials())
    return pair


@retrying
async def _succeed(user: asyncpg.Record, made: Charge, new_hash: str | None, keys: TokenKeys) -> TokenPair | None:
    async with transaction() as client:
        await forgive(client, made)
        if new_hash:
            await _replace_hash(client, user, new_hash)
        return await begin_session(client, user_id=user["id"], keys=keys)


async def sign_out(*, user_id: int, session_id: uuid.UUID) -> None:
    """End the user's session; that it has ended already is no error."""
    async with transaction() as client:
        ended = await client.connection.fetchval(
            "UPDATE session SET ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL RETURNING id",
            session_id,
            user_id,
            now(),
        )
        if ended:
            await record(client, actor=user_id, action=AuditAction.SIGNED_OUT, subject=(USER, user_id))


async def _find_user(email: str) -> asyncpg.Record | None:
    # Outside of a transaction: none is to wait while a password is hashed.
    return await pool().fetchrow(
        "SELECT id, password_hash FROM app_user WHERE email = $1 AND active", email.strip().lower()
    )


async def _replace_hash(client: TransactionClient, user: asyncpg.Record, new_hash: str) -> None:
    """Store the hash, unless the password was changed meanwhile."""
    await client.connection.execute(
        "UPDATE app_user SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
        user["id"],
        user["password_hash"],
        new_hash,
    )


async def begin_session(
    client: TransactionClient, *, user_id: int, keys: TokenKeys, provider: str | None = None
) -> TokenPair | None:
    """A session's first tokens; None if the user was deactivated meanwhile.

    `provider` is the issuer at which the user has signed in, if it was not here.
    """
    session_id, moment = uuid.uuid4(), now()
    pair = token_pair(keys, user_id=user_id, session_id=session_id, generation=1, now=moment)
    begun = await client.connection.fetchval(
        """INSERT INTO session (id, user_id, generation, token_hash, rotations, created_at, last_used_at, expires_at,
                                network, device)
           SELECT $1, id, 1, $3, '{}', $4, $4, $5, $6, $7 FROM app_user WHERE id = $2 AND active FOR SHARE
           RETURNING id""",
        session_id,
        user_id,
        hash_refresh_token(pair.refresh_token),
        moment,
        expiry(created_at=moment, now=moment),
        coarse_address(origin().address),
        device_of(origin().agent),
    )
    if not begun:
        return None
    facts = {"provider": provider} if provider else {}
    await record(client, actor=user_id, action=AuditAction.SIGNED_IN, subject=(USER, user_id), facts=facts)
    return pair
