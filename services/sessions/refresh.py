"""Staying signed in: one refresh token is exchanged for the next."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from domain.audit import AuditAction
from domain.errors import Refused, SessionEnded
from domain.sessions import SessionState, Verdict, expiry, judge_refresh, rotations_after
from models.connection import TransactionClient
from rows.entities import USER
from services.audit import record
from services.clock import now
from services.sessions.refresh_tokens import RefreshClaims, derive_refresh_token, hash_refresh_token, read_refresh_token
from services.sessions.tokens import TokenKeys, TokenPair, token_pair
from services.transaction import transaction


async def refresh(*, refresh_token: str, keys: TokenKeys) -> TokenPair:
    """The next pair of tokens. Within 60 s of the exchange the same token gives the same refresh token again.

    Raises Refused(SessionEnded) for a token that is unknown, expired, or was exchanged before that; in the last case
    the session ends, since two parties hold its tokens.
    """
    claims = read_refresh_token([key.refresh for key in keys.accepted], refresh_token)
    pair = await _exchange(claims, refresh_token, keys) if claims else None
    if pair is None:
        raise Refused(SessionEnded())
    return pair


async def _exchange(claims: RefreshClaims, refresh_token: str, keys: TokenKeys) -> TokenPair | None:
    async with transaction() as client:
        session = await _lock(client, claims.session_id)
        if session is None:
            return None
        moment = now()
        match judge_refresh(session.state, generation=claims.generation, now=moment):
            case Verdict.ROTATE if compare_digest(session.token_hash, hash_refresh_token(refresh_token)):
                await _rotate(client, session, keys, moment)
            case Verdict.REPEAT:
                pass  # the token that replaced it is derived anew below
            case Verdict.END:
                await _end(client, session, moment)
                return None
            case _:
                return None
    following = claims.generation + 1
    return token_pair(keys, user_id=session.user_id, session_id=session.id, generation=following, now=moment)


@dataclass(frozen=True, kw_only=True)
class _Session:
    id: UUID
    user_id: int
    token_hash: bytes
    state: SessionState


async def _lock(client: TransactionClient, session_id: UUID) -> _Session | None:
    """The session, locked: of two requests with one token, the second finds what the first has done."""
    row = await client.connection.fetchrow(
        """SELECT s.user_id, s.token_hash, s.generation, s.rotations, s.created_at, s.expires_at, s.ended_at, u.active
           FROM session s JOIN app_user u ON u.id = s.user_id WHERE s.id = $1 FOR UPDATE OF s""",
        session_id,
    )
    if row is None:
        return None
    state = SessionState(
        generation=row["generation"],
        rotations=tuple(row["rotations"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        ended=row["ended_at"] is not None,
        user_active=row["active"],
    )
    return _Session(id=session_id, user_id=row["user_id"], token_hash=row["token_hash"], state=state)


async def _rotate(client: TransactionClient, session: _Session, keys: TokenKeys, moment: datetime) -> None:
    generation = session.state.generation + 1
    token = derive_refresh_token(keys.refresh, session_id=session.id, generation=generation)
    await client.connection.execute(
        """UPDATE session SET generation = $2, token_hash = $3, rotations = $4, expires_at = $5, last_used_at = $6
           WHERE id = $1""",
        session.id,
        generation,
        hash_refresh_token(token),
        list(rotations_after(session.state, now=moment)),
        expiry(created_at=session.state.created_at, now=moment),
        moment,
    )


async def _end(client: TransactionClient, session: _Session, moment: datetime) -> None:
    await client.connection.execute("UPDATE session SET ended_at = $2 WHERE id = $1", session.id, moment)
    if session.state.user_active:
        await record(client, actor=None, action=AuditAction.TOKEN_REUSED, subject=(USER, session.user_id))
