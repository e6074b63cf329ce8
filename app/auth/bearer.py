"""The Authorization header."""

from typing import ClassVar

from services.clock import now
from services.sessions.access_tokens import AccessClaims, InvalidAccessToken, read_access_token


class Unauthenticated(Exception):
    """The request's credentials are not good; `code` is the code of the error that clients see."""

    code: ClassVar[str] = "UNAUTHENTICATED"


def read_bearer(header: str | None, *, key: bytes) -> AccessClaims | None:
    """Whom the value of an Authorization header speaks for; None without one, as in a request to sign in.

    `key` is that of access tokens. Raises Unauthenticated for a token that is forged or expired, and for any other
    scheme. Whether the session still stands is for `ViewerCache` to say.
    """
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated
    try:
        return read_access_token(key, token.strip(), now=now())
    except InvalidAccessToken:
        raise Unauthenticated from None
