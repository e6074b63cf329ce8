"""The pair of tokens that a client holds, and the keys that they are made with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.sessions.access_tokens import issue_access_token
from services.sessions.refresh_tokens import derive_refresh_token


@dataclass(frozen=True, kw_only=True)
class TokenKeys:
    """The server's keys, of 32 bytes: `access` signs access tokens, `refresh` derives refresh tokens.

    `attempts` hides who tried to sign in. `earlier` are the keys of before, whose tokens are still good.
    """

    access: bytes
    refresh: bytes
    attempts: bytes
    earlier: "tuple[TokenKeys, ...]" = ()

    @property
    def accepted(self) -> "tuple[TokenKeys, ...]":
        """The keys whose tokens are good, today's first."""
        return (self, *self.earlier)


@dataclass(frozen=True, kw_only=True)
class TokenPair:
    """What a client holds."""

    access_token: str
    refresh_token: str


def token_pair(keys: TokenKeys, *, user_id: int, session_id: UUID, generation: int, now: datetime) -> TokenPair:
    """An access token from `now` on, and the refresh token that is number `generation` of the session."""
    return TokenPair(
        access_token=issue_access_token(keys.access, user_id=user_id, session_id=session_id, now=now),
        refresh_token=derive_refresh_token(keys.refresh, session_id=session_id, generation=generation),
    )
