"""What a provider's tokens say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from connectors.oidc.errors import BadToken
from connectors.oidc.fetching import ProviderUnavailable, fetch_object, is_safe
from connectors.oidc.keys import ALGORITHMS, Key, KeySet
from domain.identities import Flaw, Identity, identity_in

LONGEST_TOKEN = 16_384
_MOST_TRIED = 10
# Tokens of access and of identity; a logout token, say, is signed by the same key and means something else.
_TYPES = frozenset({"", "jwt", "at+jwt", "application/at+jwt"})


@dataclass(frozen=True, kw_only=True)
class Client:
    """What Sluice is at the provider, and where the provider tells the email address."""

    issuer: str
    audience: str
    email_claim: str = "email"


class OpenIdProvider:
    """The provider `client.issuer`. `close` it at the end."""

    def __init__(self, client: Client) -> None:
        import httpx  # see fetching

        self._client = client
        self._http = httpx.AsyncClient()
        self.keys = KeySet(self._fetch_keys)

    @property
    def issuer(self) -> str:
        """What its tokens call it."""
        return self._client.issuer

    async def close(self) -> None:
        """Close the connections to the provider."""
        self.keys.close()
        await self._http.aclose()

    def may_have_made(self, token: str) -> bool:
        """Whether the JWT `token` says that it is signed with a key that only its maker has."""
        try:
            return _header(token).get("alg") in ALGORITHMS
        except BadToken:
            return False

    async def identity(self, token: str, *, now: datetime, nonce: str | None = None) -> Identity:
        """Whom the JWT `token` speaks for; with `nonce`, only if it was made for the sign-in that has it.

        Raises BadToken, and ProviderUnavailable where its key is not known and the provider cannot be asked.
        """
        header = _header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise BadToken(Flaw.ALGORITHM)
        if "crit" in header or str(header.get("typ", "")).lower() not in _TYPES or not isinstance(kid, str | None):
            raise BadToken(Flaw.MALFORMED)
        keys = await self.keys.matching(kid, str(algorithm))
        if not keys:
            raise BadToken(Flaw.UNKNOWN_KEY)
        found = identity_in(
            _claims(token, keys),
            issuer=self._client.issuer,
            audience=self._client.audience,
            email_claim=self._client.email_claim,
            now=now,
            nonce=nonce,
        )
        if isinstance(found, Flaw):
            raise BadToken(found)
        return found

    async def _fetch_keys(self) -> Mapping[str, Any]:
        issuer = self._client.issuer
        found = await fetch_object(self._http, issuer.rstrip("/") + "/.well-known/openid-configuration")
        keys_url = found.get("jwks_uri")
        if found.get("issuer") != issuer or not isinstance(keys_url, str) or not is_safe(keys_url):
            raise ProviderUnavailable(f"{issuer} describes another provider")
        return await fetch_object(self._http, keys_url)


def _header(token: str) -> Mapping[str, Any]:
    """The header of a JWT, which anybody may have written; its `alg` is a text. Raises BadToken."""
    if len(token) > LONGEST_TOKEN:
        raise BadToken(Flaw.MALFORMED)
    try:
        header: Mapping[str, Any] = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise BadToken(Flaw.MALFORMED) from None
    if not isinstance(header.get("alg"), str):
        raise BadToken(Flaw.MALFORMED)
    return header


def _claims(token: str, keys: list[Key]) -> Mapping[str, Any]:
    """What `token`, signed with one of `keys`, says; whether that is good is for the domain. Raises BadToken."""
    nothing_else: Any = {"verify_signature": True} | {
        f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
    }
    for key in keys[:_MOST_TRIED]:
        try:
            claims: Mapping[str, Any] = jwt.decode(token, key.jwk.key, algorithms=[key.algorithm], options=nothing_else)
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise BadToken(Flaw.MALFORMED) from None
        return claims
    raise BadToken(Flaw.SIGNATURE)
