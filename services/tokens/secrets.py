"""The secret of an API token: a prefix by which scanners and people know it, and 256 random bits."""

import hashlib
import re
import secrets

PREFIX = "slc_"
HINT = 4
_FORM = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}", re.ASCII)


def new_secret() -> str:
    """A secret that nobody has."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes | None:
    """What is stored of a secret, and what it is found by; None for what has not the form of one.

    It is long and random, so a quick hash will do.
    """
    return hashlib.sha256(secret.encode()).digest() if _FORM.fullmatch(secret) else None
