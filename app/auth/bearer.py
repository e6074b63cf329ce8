"""The Authorization header."""

from services.clock import now
from services.sessions.access_tokens import InvalidAccessToken, read_access_token
from services.sessions.tokens import TokenKeys
from services.sessions.viewers import OfApiToken, OfSession
from services.tokens.secrets import PREFIX, hash_secret


class Unauthenticated(Exception):
    """The request's credentials are not good; `reason` is a stable key that says why, "" where nothing more is told."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


def bearer_of(header: str) -> str:
    """The token in the value of an Authorization header. Raises Unauthenticated for any other scheme."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated
    return token.strip()


def read_own(token: str, keys: TokenKeys) -> OfSession | OfApiToken:
    """What a token that Sluice made says. Raises Unauthenticated for one that is forged or expired.

    Whether the session or the API token still stands is for `ViewerCache` to say.
    """
    if token.startswith(PREFIX):
        if (token_hash := hash_secret(token)) is None:
            raise Unauthenticated
        return OfApiToken(token_hash)
    try:
        claims = read_access_token([key.access for key in keys.accepted], token, now=now())
    except InvalidAccessToken:
        raise Unauthenticated from None
    return OfSession(claims.user_id, claims.session_id)
