"""Refresh tokens: the session, the token's number in it, and an HMAC of both.

One can be derived again, so a repeated request gets the same answer while only a hash of it is stored.
"""

import base64
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

_BODY = struct.Struct(">16sI")


@dataclass(frozen=True, kw_only=True)
class RefreshClaims:
    """What a genuine refresh token says: it is number `generation` of the session."""

    session_id: UUID
    generation: int


def derive_refresh_token(key: bytes, *, session_id: UUID, generation: int) -> str:
    """The token that is number `generation` of the session."""
    body = _BODY.pack(session_id.bytes, generation)
    return base64.urlsafe_b64encode(body + _mac(key, body)).decode()


def read_refresh_token(keys: Sequence[bytes], token: str) -> RefreshClaims | None:
    """What `token` says; None if it was derived from none of `keys`."""
    try:
        raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except ValueError:
        return None
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    if len(body) < _BODY.size or not any(hmac.compare_digest(mac, _mac(key, body)) for key in keys):
        return None
    session, generation = _BODY.unpack(body)
    return RefreshClaims(session_id=UUID(bytes=session), generation=generation)


def hash_refresh_token(token: str) -> bytes:
    """What is stored of a token. It is long and random, so a quick hash will do."""
    return hashlib.sha256(token.encode()).digest()


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")
