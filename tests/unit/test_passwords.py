"""Passwords are hashed slowly, off the loop, and tell nothing."""

import asyncio
import threading
import time
from unittest.mock import patch

from services.sessions import passwords
from services.sessions.passwords import hash_password, verify_password


async def test_a_password_is_right_or_wrong() -> None:
    stored = await hash_password("correct horse")
    assert (await verify_password("correct horse", stored)).right
    assert not (await verify_password("Correct horse", stored)).right
    assert not (await verify_password("correct horse", None)).right


async def test_passwords_are_stored_as_argon2id_and_salted() -> None:
    stored = await hash_password("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored != await hash_password("correct horse")


async def test_a_hash_of_today_is_not_replaced() -> None:
    verification = await verify_password("correct horse", await hash_password("correct horse"))
    assert verification.new_hash is None


async def test_hashing_takes_two_threads_of_its_own_at_most() -> None:
    threads: list[int] = []
    running: set[int] = set()
    most = 0

    def slow(_password: str, _stored: str) -> passwords.Verification:
        nonlocal most
        running.add(threading.get_ident())
        most = max(most, len(running))
        threads.append(threading.get_ident())
        time.sleep(0.02)
        running.discard(threading.get_ident())
        return passwords.Verification(right=True)

    with patch.object(passwords, "_verify", slow):
        await asyncio.gather(*(verify_password("x", None) for _ in range(10)))
    assert len(threads) == 10
    assert most == 2
    assert threading.get_ident() not in threads
