"""Signing in and out."""

import uuid

import asyncpg

from domain.errors import InvalidCredentials, Refused
from domain.sessions import expiry
from models.connection import TransactionClient, pool
from services.clock import now
from services.sessions.passwords import verify_password
from services.sessions.refresh_tokens import hash_refresh_token
from services.sessions.tokens import TokenKeys, TokenPair, token_pair
from services.transaction import transaction


async def sign_in(*, email: str, password: str, keys: TokenKeys) -> TokenPair:
    """Begin a session. `email` counts without case and surrounding spaces.

    Raises Refused(InvalidCredentials), which tells no more than that: nobody can ask who has an account.
    """
    user = await _find_user(email)
    verification = await verify_password(password, user["password_hash"] if user else None)
    if user is None or not verification.right:
        raise Refused(InvalidCredentials())
    async with transaction() as client:
        if verification.new_hash:
            await _replace_hash(client, user, verification.new_hash)
        pair = await _begin_session(client, user["id"], keys)
    if pair is None:
        raise Refused(InvalidCredentials())
    return pair


async def sign_out(*, user_id: int, session_id: uuid.UUID) -> None:
    """End the user's session; that it has ended already is no error."""
    async with transaction() as client:
        await client.connection.execute(
            "UPDATE session SET ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL",
            session_id,
            user_id,
            now(),
        )


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


async def _begin_session(client: TransactionClient, user_id: int, keys: TokenKeys) -> TokenPair | None:
    """A session's first tokens; None if the user was deactivated meanwhile."""
    session_id, moment = uuid.uuid4(), now()
    pair = token_pair(keys, user_id=user_id, session_id=session_id, generation=1, now=moment)
    begun = await client.connection.fetchval(
        """INSERT INTO session (id, user_id, generation, token_hash, rotations, created_at, expires_at)
           SELECT $1, id, 1, $3, '{}', $4, $5 FROM app_user WHERE id = $2 AND active FOR SHARE RETURNING id""",
        session_id,
        user_id,
        hash_refresh_token(pair.refresh_token),
        moment,
        expiry(created_at=moment, now=moment),
    )
    return pair if begun else None
