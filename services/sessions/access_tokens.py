"""Access tokens: a JWT that names user and session for ten minutes. Roles are read when it is used, not from it.

They are made and read here alone, and are all of one kind. A library for all kinds brings public keys with it, which
would be a twelfth of the memory of an API process; it is used where others' tokens are read, in `connectors.oidc`.
"""

import base64
import hmac
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

import orjson

LIFETIME = timedelta(minutes=10)

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
    issued, expires = int(now.timestamp()), int((now + LIFETIME).timestamp())
    claims = {"sub": str(user_id), "sid": str(session_id), "iat": issued, "exp": expires}
    signed = f"{_HEADER}.{_base64(orjson.dumps(claims))}"
    return f"{signed}.{_signature(key, signed)}"


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
    signed, _, signature = token.rpartition(".")
    header, _, payload = signed.partition(".")
    try:
        if header != _HEADER or not hmac.compare_digest(signature, _signature(key, signed)):
            raise InvalidAccessToken
        claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return AccessClaims(
            user_id=int(claims["sub"]),
            session_id=UUID(claims["sid"]),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError):
        raise InvalidAccessToken from None


def _signature(key: bytes, signed: str) -> str:
    """HMAC with SHA-256 (RFC 7515, appendix A.1)."""
    return _base64(hmac.digest(key, signed.encode(), "sha256"))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


_HEADER = _base64(b'{"alg":"HS256","typ":"JWT"}')
"""The only one that is issued, and so the only one that is read: no token chooses how it is checked."""
