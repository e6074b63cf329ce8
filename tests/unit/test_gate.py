"""Places for operations, and the share of them that one caller has."""

import asyncio

import pytest

from app.limits.gate import Busy, Gate, Place, Shares


class Works:
    """Operations at a gate, each of which goes on until it is told to end."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.running: list[str] = []
        self.end = asyncio.Event()

    async def work(self, who: str) -> None:
        async with self.gate.place() as place:
            await place.belongs_to(who)
            self.running.append(who)
            await self.end.wait()

    def begin(self, *callers: str) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.work(who)) for who in callers]


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_who_has_their_share_lets_others_pass_by_and_goes_on_when_one_of_theirs_ends() -> None:
    works = Works(Gate(4, 4, Shares(2, 3)))
    tasks = works.begin("a", "a", "a", "a", "b", "b")
    await settle()
    assert works.running == ["a", "a", "b", "b"]
    tasks[0].cancel()
    await settle()
    assert works.running == ["a", "a", "b", "b", "a"]
    works.end.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert (works.gate.running, works.gate.waiting) == (0, 0)
    await asyncio.wait_for(asyncio.gather(*works.begin("a", "a", "b")), 5)


async def test_a_callers_own_line_is_not_longer_than_it_may_be() -> None:
    works = Works(Gate(4, 4, Shares(1, 1)))
    running, _, third = works.begin("a", "a", "a")
    await settle()
    with pytest.raises(Busy) as refused:
        await third
    assert refused.value.most == 1
    assert not running.done()
    works.end.set()


async def test_who_gives_up_in_line_leaves_nothing_behind() -> None:
    works = Works(Gate(4, 4, Shares(1, 3)))
    first, given_up, given, last = works.begin("a", "a", "a", "a")
    await settle()
    given_up.cancel()
    await settle()
    first.cancel()
    await asyncio.sleep(0)
    given.cancel()  # which may have its turn already
    await settle()
    assert works.running == ["a", "a"]
    works.end.set()
    await asyncio.gather(first, given_up, given, last, return_exceptions=True)
    await asyncio.wait_for(asyncio.gather(*works.begin("a")), 5)
    assert works.gate.running == 0


async def test_what_waits_aside_takes_no_share() -> None:
    gate, go_on = Gate(4, 4, Shares(1, 0)), asyncio.Event()

    async def watch(place: Place) -> None:
        async with place:
            await place.belongs_to("a")
            async with place.aside():
                await go_on.wait()

    watching = asyncio.create_task(watch(gate.place()))
    await settle()
    async with gate.place() as place:
        await place.belongs_to("a")
        go_on.set()
        await watching
    assert gate.running == 0
