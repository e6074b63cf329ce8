"""Accounts of several processes, through a real Valkey, and without one."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest

from app.limits.accounts import Accounts
from app.limits.settling import Settling
from tests.waiting import within


@pytest.fixture
async def processes(redis_url: str) -> AsyncIterator[list[tuple[Accounts, Settling]]]:
    """Two that share accounts of 100 points, one a second."""
    made = [(accounts, Settling(redis_url, accounts)) for accounts in (Accounts(100, 1), Accounts(100, 1))]
    yield made
    for _, settling in made:
        await settling.close()


async def test_what_is_spent_in_one_process_is_missing_in_the_other(
    processes: list[tuple[Accounts, Settling]],
) -> None:
    (one, settle_one), (other, settle_other) = processes
    one.charge("a", 80)
    await settle_one.settle()
    other.charge("a", 15)
    await settle_other.settle()
    assert other.charge("a", 50).retry_after == pytest.approx(45, abs=2)
    assert one.charge("b", 100).retry_after == 0


async def test_what_both_spent_before_they_knew_is_paid_back(processes: list[tuple[Accounts, Settling]]) -> None:
    for accounts, _ in processes:
        assert accounts.charge("a", 100).retry_after == 0
    for _, settling in processes:
        await settling.settle()
    assert processes[1][0].charge("a", 1).retry_after == pytest.approx(101, abs=2)


async def test_accounts_that_are_full_again_are_gone(processes: list[tuple[Accounts, Settling]]) -> None:
    accounts, settling = processes[0]
    accounts.charge("a", 1)
    await settling.settle()
    [key] = await settling._redis.keys("sluice:points:*")
    assert 0 < await settling._redis.pttl(key) <= 2_000


async def test_a_redis_that_does_not_answer_keeps_nobody_waiting_and_is_found_again(redis_url: str) -> None:
    """A server that takes connections and says nothing stands in for one that is frozen."""
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        accounts = Accounts(100, 1)
        settling = Settling(f"redis://127.0.0.1:{frozen.getsockname()[1]}/0", accounts)
        task = asyncio.create_task(settling.run())
        accounts.charge("a", 90)
        await asyncio.sleep(0.1)
        began = time.monotonic()
        assert accounts.charge("a", 20).retry_after > 0
        assert time.monotonic() - began < 0.05
        working = Settling(redis_url, accounts)
        settling._redis, settling._script = working._redis, working._script

        async def is_told() -> bool:
            accounts.charge("b", 1)
            return bool(await working._redis.exists("sluice:points:b"))

        await within(10, is_told)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.done()
        await settling.close()
