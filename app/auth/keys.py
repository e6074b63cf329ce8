"""Keys for each purpose, derived from SECRET_KEY, so that what one of them signs means nothing to another."""

import hmac

from services.sessions.tokens import TokenKeys


def token_keys(secret_key: str) -> TokenKeys:
    """The keys of the tokens of sessions."""
    return TokenKeys(
        access=derive_key(secret_key, purpose="access tokens"), refresh=derive_key(secret_key, purpose="refresh tokens")
    )


def derive_key(secret_key: str, *, purpose: str) -> bytes:
    """A key of 32 bytes that is this purpose's alone."""
    return hmac.digest(secret_key.encode(), f"sluice: {purpose}".encode(), "sha256")
