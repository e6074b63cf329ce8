"""The keys with which a provider signs: known for an hour, and asked for anew where a token names another."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import jwt

from connectors.oidc.fetching import ProviderUnavailable

FRESH_SECONDS = 3600.0
SECONDS_BETWEEN = 30.0
"""Between two questions for keys, whatever tokens claim."""
SECONDS_AFTER_FAILURE = 2.0
MOST_KEYS = 100

_ALGORITHMS = {("RSA", None): "RS256", ("EC", "P-256"): "ES256", ("OKP", "Ed25519"): "EdDSA"}
ALGORITHMS = frozenset(_ALGORITHMS.values())
"""Those that are accepted. With none or HMAC, whoever knows the provider's public key could sign."""
_RSA_BITS = range(2048, 8193)


@dataclass(frozen=True)
class Key:
    """A public key, and the one algorithm that it is used with."""

    kid: str | None
    algorithm: str
    jwk: jwt.PyJWK


def usable_keys(document: Mapping[str, Any]) -> tuple[Key, ...]:
    """The public keys in a JWK set (RFC 7517) that may sign tokens; others, and what is no key, are left out."""
    given = document.get("keys")
    return tuple(_usable(given[:MOST_KEYS])) if isinstance(given, list) else ()


def _usable(given: Sequence[Any]) -> Iterator[Key]:
    for jwk in given:
        if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig" or "d" in jwk:
            continue
        kind, curve, kid = jwk.get("kty"), jwk.get("crv"), jwk.get("kid")
        if not isinstance(kind, str) or not isinstance(curve, str | None) or not isinstance(kid, str | None):
            continue
        algorithm = _ALGORITHMS.get((kind, curve))
        if algorithm is None or jwk.get("alg", algorithm) != algorithm:
            continue
        with suppress(jwt.PyJWTError, ValueError, TypeError):
            key = jwt.PyJWK.from_dict(jwk, algorithm)
            if algorithm != "RS256" or key.key.key_size in _RSA_BITS:
                yield Key(kid, algorithm, key)


class KeySet:
    """The keys as `fetch` last gave them. Requests that need no new key never wait for it."""

    def __init__(
        self, fetch: Callable[[], Awaitable[Mapping[str, Any]]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: tuple[Key, ...] | None = None
        self._fresh_until = self._next_question = clock()
        self._failed = False
        self._question: asyncio.Task[None] | None = None

    async def matching(self, kid: str | None, algorithm: str) -> list[Key]:
        """The keys that may have signed a token with this header; none if there is none of that name.

        Raises ProviderUnavailable where that cannot be said.
        """
        found = self._find(kid, algorithm)
        if found and self._clock() >= self._fresh_until:
            self.refresh()
        if found:
            return found
        if question := self.refresh():
            await asyncio.shield(question)  # whoever asked first may go away; the others still want to know
        if self._failed or self._keys is None:
            raise ProviderUnavailable("the provider's keys are not known")
        return self._find(kid, algorithm)

    def refresh(self) -> asyncio.Task[None] | None:
        """Ask for the keys, if it is time to; the question that is under way, if one is."""
        if self._question is None and self._clock() >= self._next_question:
            self._question = asyncio.create_task(self._ask())
            self._question.add_done_callback(self._asked)
        return self._question

    def close(self) -> None:
        """Ask no more."""
        if self._question:
            self._question.cancel()

    def _find(self, kid: str | None, algorithm: str) -> list[Key]:
        fitting = [key for key in self._keys or () if key.algorithm == algorithm]
        return [key for key in fitting if key.kid == kid] if kid is not None else fitting

    async def _ask(self) -> None:
        try:
            self._keys = usable_keys(await self._fetch())
        except ProviderUnavailable:
            self._failed = True
            self._next_question = self._clock() + SECONDS_AFTER_FAILURE
        else:
            self._failed = False
            self._next_question = self._clock() + SECONDS_BETWEEN
            self._fresh_until = self._clock() + FRESH_SECONDS

    def _asked(self, _question: asyncio.Task[None]) -> None:
        self._question = None
