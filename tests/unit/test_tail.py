"""Waiting for events: one look for all who wait, and none while nobody does."""

import asyncio

from reads.tail import EVERY, Tail


async def test_one_look_serves_all_who_wait_and_then_nobody_looks() -> None:
    newest, looks = 3, 0

    async def look() -> int:
        nonlocal looks
        looks += 1
        return newest

    tail = Tail(look)
    waiting = [asyncio.create_task(tail.wait(3, 5)) for _ in range(50)]
    await asyncio.sleep(EVERY * 1.5)
    assert 0 < looks <= 3
    newest = 4
    assert await asyncio.gather(*waiting) == [True] * 50
    await asyncio.sleep(EVERY * 1.5)
    before = looks
    await asyncio.sleep(EVERY * 2)
    assert looks == before


async def test_who_waits_is_let_go_when_the_process_ends_and_nobody_waits_after_that() -> None:
    async def look() -> int:
        raise OSError

    tail = Tail(look)
    waiting = asyncio.create_task(tail.wait(0, 60))
    await asyncio.sleep(0)
    tail.let_go()
    assert await waiting is False
    assert await tail.wait(0, 60) is False
    await tail.close()
