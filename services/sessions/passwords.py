"""Passwords, by Argon2id.

Hashing takes a processor and 19 MB for some 40 ms on purpose. It runs on two threads of its own, so that people who
sign in wait for one another and not the API for them, and only so many may wait: a flood of them is refused.
"""

import asyncio
import base64
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import TypeVar, TypeVarTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import Refused, TooManyAttempts
from services.clock import now

MOST_WAITING = 50
"""Passwords that are looked at or wait for it, in one process: two seconds' worth."""

_WHEN_BUSY = timedelta(seconds=5)

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")
# The second of the settings that OWASP calls equal; with one lane, since each login is to use one processor.
_hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


class _Waiting:
    """How many passwords are looked at or wait; whose client has gone away counts until its turn is over."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = Lock()

    def change(self, by: int) -> None:
        with self._lock:
            self.count += by


@dataclass(frozen=True, kw_only=True)
class Verification:
    """Whether a password is right; `new_hash` is what to store instead where the parameters have changed."""

    right: bool
    new_hash: str | None = None


_waiting = _Waiting()


async def hash_password(password: str) -> str:
    """What to store of `password`, parameters and salt included. Raises Refused with TooManyAttempts."""
    return await _in_turn(_hasher.hash, password)


async def verify_password(password: str, stored: str | None) -> Verification:
    """Whether `stored` is of `password`. It takes as long if there is nothing stored, and says no then.

    Raises Refused with TooManyAttempts.
    """
    return await _in_turn(_verify, password, stored or _of_nobody())


async def replace_password(password: str, stored: str | None, *, new: str) -> str | None:
    """What to store of `new`, in one turn with the question whether `stored` is of `password`: None if it is not.

    Raises Refused with TooManyAttempts.
    """
    return await _in_turn(_replace, password, stored or _of_nobody(), new)


def check_free() -> None:
    """Raises Refused with TooManyAttempts if so many passwords wait that one more would take too long."""
    if _waiting.count >= MOST_WAITING:
        raise Refused(TooManyAttempts(retry_at=now() + _WHEN_BUSY))


async def _in_turn(work: Callable[[*Ts], T], *args: *Ts) -> T:
    check_free()
    _waiting.change(1)
    done = _threads.submit(work, *args)
    done.add_done_callback(lambda _: _waiting.change(-1))
    return await asyncio.wrap_future(done)


def _verify(password: str, stored: str) -> Verification:
    try:
        _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return Verification(right=False)
    outdated = _hasher.check_needs_rehash(stored)
    return Verification(right=True, new_hash=_hasher.hash(password) if outdated else None)


def _replace(password: str, stored: str, new: str) -> str | None:
    return _hasher.hash(new) if _verify(password, stored).right else None


def _of_nobody() -> str:
    """A hash of the current parameters that is of no known password: random bytes in its form."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (_hasher.salt_len, _hasher.hash_len)
    )
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
