"""Access tokens: a JWT that names user and session for ten minutes. Roles are read when it is used, not from it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt

LIFETIME = timedelta(minutes=10)

_ALGORITHM = "HS256"
_LEEWAY = timedelta(seconds=5)


class InvalidAccessToken(Exception):
    """Not one of ours, or expired."""


@dataclass(frozen=True, kw_only=True)
class AccessClaims:
    """What a genuine access token says."""

    user_id: int
    session_id: UUID
    expires_at: datetime


def issue_access_token(key: bytes, *, user_id: int, session_id: UUID, now: datetime) -> str:
    """A token that is good from `now` on."""
    claims = {"sub": str(user_id), "sid": str(session_id), "iat": now, "exp": now + LIFETIME}
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def read_access_token(keys: Sequence[bytes], token: str, *, now: datetime) -> AccessClaims:
    """What `token`, made with one of `keys`, says. Raises InvalidAccessToken, and lets a clock be slow by 5 s."""
    claims = _verify(tuple(keys), token)
    if now >= claims.expires_at + _LEEWAY:
        raise InvalidAccessToken
    return claims


# Half of what answering a small query costs, and a client sends the same token with each. Refused ones are not kept.
@lru_cache(maxsize=10_000)
def _verify(keys: tuple[bytes, ...], token: str) -> AccessClaims:
    for key in keys:
        with suppress(InvalidAccessToken):
            return _verify_with(key, token)
    raise InvalidAccessToken


def _verify_with(key: bytes, token: str) -> AccessClaims:
    options: Any = {"require": ["sub", "sid", "exp"], "verify_exp": False, "verify_iat": False}
    try:
        claims = jwt.decode(token, key, algorithms=[_ALGORITHM], options=options)
        return AccessClaims(
            user_id=int(claims["sub"]),
            session_id=UUID(claims["sid"]),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError, OverflowError, OSError):
        raise InvalidAccessToken from None
