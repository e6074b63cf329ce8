"""What a token of an OpenID provider has to say before it speaks for anybody (OpenID Connect Core 3.1.3.7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.errors import InvalidInput
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import code, is_storable

LEEWAY = timedelta(seconds=60)
"""How much the provider's clock may differ."""
LONGEST_SUBJECT = 255
LONGEST_ISSUER = 1_000
LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


def identity_problems(issuer: str | None, subject: str) -> Iterator[InvalidInput]:
    """What is wrong with naming somebody at a provider, at `input`."""
    if issuer is None:
        yield InvalidInput(path=(*INPUT, "issuer"), problem=Problem.MISSING)
    yield from code((*INPUT, "issuer"), issuer, limit=LONGEST_ISSUER)
    yield from code((*INPUT, "subject"), subject, limit=LONGEST_SUBJECT)


class Flaw(StrEnum):
    """Why a token is not good: a stable key."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    UNKNOWN_KEY = "unknown_key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SUBJECT = "subject"
    NONCE = "nonce"
    UNKNOWN_USER = "unknown_user"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Somebody at a provider, as a token says that is good until then, leeway included.

    `email` is one that the provider has verified, None if there is none.
    """

    issuer: str
    subject: str
    email: str | None
    good_until: datetime


def identity_in(
    claims: Mapping[str, Any],
    *,
    issuer: str,
    audience: str,
    now: datetime,
    email_claim: str = "email",
    nonce: str | None = None,
) -> Identity | Flaw:
    """Whom the claims of a genuine token name, or why they are not good."""
    flaw = _flaw(claims, issuer=issuer, audience=audience, now=now.timestamp())
    if flaw is None and nonce is not None and claims.get("nonce") != nonce:
        flaw = Flaw.NONCE
    if flaw is not None:
        return flaw
    email = claims.get(email_claim)
    usable = isinstance(email, str) and is_storable(email) and bool(email.strip())
    # Some providers write it as a text.
    verified = claims.get("email_verified") in (True, "true")
    address = str(email).strip().lower() if usable and verified else None
    good_until = datetime.fromtimestamp(claims["exp"], UTC) + LEEWAY
    return Identity(issuer=issuer, subject=claims["sub"], email=address, good_until=good_until)


def _flaw(claims: Mapping[str, Any], *, issuer: str, audience: str, now: float) -> Flaw | None:
    leeway = LEEWAY.total_seconds()
    moments = [claims.get("exp"), claims.get("nbf", 0), claims.get("iat", 0)]
    subject = claims.get("sub")
    if not all(_is_moment(moment) for moment in moments):
        return Flaw.MALFORMED
    expires, *begins = map(float, moments)
    if claims.get("iss") != issuer:
        return Flaw.ISSUER
    if not _is_for(claims, audience):
        return Flaw.AUDIENCE
    if now >= expires + leeway:
        return Flaw.EXPIRED
    if now < max(begins) - leeway:
        return Flaw.NOT_YET_VALID
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not is_storable(subject):
        return Flaw.SUBJECT
    return None


def _is_moment(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LATEST


def _is_for(claims: Mapping[str, Any], audience: str) -> bool:
    """Whether the token is for `audience`; one for several must have been asked for by it."""
    named = claims.get("aud")
    if isinstance(named, str):
        return named == audience
    if not isinstance(named, list) or audience not in named:
        return False
    return len(named) == 1 or claims.get("azp") == audience
