"""Requests that are cancelled, wherever they are, cost no connection and leave nothing half done."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import asyncpg
import httpx
import pytest

from domain.people import Role
from models import Order, OrderLine, OutboxEvent, User
from models.connection import pool
from reads.pools import ReadPools
from tests.api.conftest import Client
from tests.factories import make_order, make_product, make_team, make_user

REQUESTS = 1_000
AT_ONCE = 40

LIST = "{ orders(first: 20) { totalCount nodes { number customer { name } lines { name } } } }"
FILTERED = "{ orders(filter: {baseTotal: {gte: 1}, owner: {active: {eq: true}}}) { totalCount nodes { id } } }"
CREATE = """mutation($input: OrderCreateInput!) {
    orderCreate(input: $input) { order { id lines { id } } errors { code } } }"""
OPEN = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""


@pytest.fixture(scope="module", autouse=True)
def read_pools() -> Iterator[list[ReadPools]]:
    """The pools for reads that the application opens."""
    opened: list[ReadPools] = []
    connect = ReadPools.connect

    async def remember(*addresses: Any, **options: Any) -> ReadPools:
        opened.append(await connect(*addresses, **options))
        return opened[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ReadPools, "connect", remember)
        yield opened


@pytest.fixture
async def rep(database: str) -> User:  # noqa: ARG001  # emptied before
    user = await make_user(Role.REP, team=await make_team())
    tea = await make_product("TEA")
    for _ in range(20):
        await make_order(owner=user, lines=[(tea, "1")])
    return user


async def test_a_thousand_cancelled_requests_leave_all_pools_whole(
    client: Client, read_pools: list[ReadPools], rep: User
) -> None:
    chance = random.Random(7)  # not a secret
    ends: Counter[str] = Counter()
    acknowledged: list[str] = []
    await client.token(rep)
    await _seconds_for_all(client, rep, first=-2 * AT_ONCE)  # which also opens the connections
    longest = await _seconds_for_all(client, rep, first=-AT_ONCE) * 1.5

    async def ask_and_cancel(number: int) -> None:
        task = asyncio.create_task(_ask(client, rep, number))
        await asyncio.sleep(chance.uniform(0, longest))
        task.cancel()
        await asyncio.wait([task])
        if task.cancelled():
            ends["cancelled"] += 1
            return
        answer = task.result().json()
        assert "errors" not in answer
        ends["answered"] += 1
        if created := answer["data"].get("orderCreate"):
            acknowledged.append(created["order"]["id"])

    for start in range(0, REQUESTS, AT_ONCE):
        await asyncio.gather(*(ask_and_cancel(number) for number in range(start, start + AT_ONCE)))

    assert min(ends["cancelled"], ends["answered"]) > REQUESTS / 20, f"some end, some do not: {ends}"
    for connections in (pool(), read_pools[0].generic, read_pools[0].custom):
        assert await _left_open(connections) == []
    assert await pool().fetchval(OPEN) == 0
    await _nothing_is_half_done(acknowledged)
    assert (await client.data(LIST, as_=rep))["orders"]["totalCount"] == await Order.all().count()


async def _seconds_for_all(client: Client, user: User, *, first: int) -> float:
    """How long it takes to answer as many as are asked at once."""
    began = time.monotonic()
    await asyncio.gather(*(_ask(client, user, number) for number in range(first, first + AT_ONCE)))
    return time.monotonic() - began


async def _ask(client: Client, user: User, number: int) -> httpx.Response:
    given = {"currency": "GBP", "lines": [{"sku": "TEA", "quantity": "1"}], "idempotencyKey": f"{number}"}
    requests: list[tuple[str, dict[str, Any]]] = [(LIST, {}), (FILTERED, {}), (CREATE, {"input": given})]
    return await client.post(*requests[number % 3], as_=user)


async def _left_open(connections: "asyncpg.Pool[asyncpg.Record]") -> list[int]:
    """The connections with an open transaction; all of the pool are taken at once, so that a lost one is missed."""
    async with asyncio.timeout(10):
        taken = [await connections.acquire() for _ in range(connections.get_max_size())]
    open_ones = [number for number, connection in enumerate(taken) if connection.is_in_transaction()]
    for connection in taken:
        assert await connection.fetchval("SELECT 1") == 1
        await connections.release(connection)
    return open_ones


async def _nothing_is_half_done(acknowledged: list[str]) -> None:
    """Orders that were acknowledged are there, and every order has its line and its event."""
    made = await Order.filter(last_seq=1).values_list("id", flat=True)
    assert {int(order_id.removeprefix("ord_")) for order_id in acknowledged} <= set(made)
    assert sorted(await OutboxEvent.all().values_list("aggregate_id", flat=True)) == sorted(made)
    assert await OrderLine.filter(order_id__in=made).count() == len(made)
