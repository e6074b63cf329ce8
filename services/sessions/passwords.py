"""Passwords, by Argon2id.

Hashing takes a processor and 19 MB for some 40 ms on purpose. It runs on two threads of its own, so that people who
sign in wait for one another and not the API for them.
"""

import asyncio
import base64
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")
# The second of the settings that OWASP calls equal; with one lane, since each login is to use one processor.
_hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


@dataclass(frozen=True, kw_only=True)
class Verification:
    """Whether a password is right; `new_hash` is what to store instead where the parameters have changed."""

    right: bool
    new_hash: str | None = None


async def hash_password(password: str) -> str:
    """What to store of `password`, parameters and salt included."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def verify_password(password: str, stored: str | None) -> Verification:
    """Whether `stored` is of `password`. It takes as long if there is nothing stored, and says no then."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, password, stored or _of_nobody())


def _verify(password: str, stored: str) -> Verification:
    try:
        _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return Verification(right=False)
    outdated = _hasher.check_needs_rehash(stored)
    return Verification(right=True, new_hash=_hasher.hash(password) if outdated else None)


def _of_nobody() -> str:
    """A hash of the current parameters that is of no known password: random bytes in its form."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (_hasher.salt_len, _hasher.hash_len)
    )
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
