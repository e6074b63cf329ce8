"""Keys for each purpose, derived from SECRET_KEY, so that what one of them signs means nothing to another."""

import hmac

from services.sessions.tokens import TokenKeys


def token_keys(secret_key: str, *earlier: str) -> TokenKeys:
    """The keys of the tokens of sessions; those made with a key derived from `earlier` secrets are good as well."""
    return TokenKeys(
        access=derive_key(secret_key, purpose="access tokens"),
        refresh=derive_key(secret_key, purpose="refresh tokens"),
        attempts=derive_key(secret_key, purpose="login attempts"),
        earlier=tuple(token_keys(secret) for secret in earlier),
    )


def derive_key(secret_key: str, *, purpose: str) -> bytes:
    """A key of 32 bytes that is this purpose's alone."""
    return hmac.digest(secret_key.encode(), f"sluice: {purpose}".encode(), "sha256")
