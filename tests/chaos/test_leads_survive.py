"""Leads have one owner each and come due once, whoever claims at once and whatever is killed meanwhile."""

import asyncio
import random
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest

from tests.chaos.conftest import Tell
from tests.chaos.demo import Demo, Part, until
from tests.chaos.leads import Racers, racers
from tests.processes import kill

pytestmark = pytest.mark.chaos

CLAIMS, REPS, PROCESSES, AT_ONCE = 1_000, 200, 3, 250
CLAIM = "mutation($i: LeadClaimInput!) { leadClaim(input: $i) { lead { id } errors { code } } }"
RELEASE = "mutation($i: LeadReleaseInput!) { leadRelease(input: $i) { errors { code } } }"
LOSSES = {"ALREADY_CLAIMED", "QUOTA_EXCEEDED", "HOLD_LIMIT_REACHED", "COOLING_DOWN"}
UNCLEAR = "unclear"
CUT = """
SELECT count(pg_terminate_backend(pid)) FROM (
  SELECT pid FROM pg_stat_activity
  WHERE usename = current_user AND pid <> pg_backend_pid() AND datname = current_database()
  ORDER BY random() LIMIT 2) few
"""
MISSED = """
SELECT count(*) AS rows, count(DISTINCT h.lead_id) AS leads FROM lead_assignment h JOIN lead l ON l.id = h.lead_id
WHERE l.pool_id = $1 AND h.move = 'RECYCLED'
"""
WAITING = "SELECT count(*) FROM lead WHERE pool_id = $1 AND owner_id IS NULL"


@asynccontextmanager
async def several(demo: Demo) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Clients of several API processes over the demo's database."""
    started, ports = [], []
    for _ in range(PROCESSES - 1):
        with socket.create_server(("127.0.0.1", 0)) as found:
            ports.append(found.getsockname()[1])
        started.append(demo.serve(ports[-1]))
    urls = [demo.url, *(f"http://127.0.0.1:{port}" for port in ports)]
    try:
        for url in urls:
            until(lambda url=url: _ready(url))
        async with AsyncExitStack() as stack:
            limits = httpx.Limits(max_connections=AT_ONCE)
            yield [
                await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=60, limits=limits))
                for url in urls
            ]
    finally:
        for process in started:
            kill(process)


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("cut", [False, True], ids=["", "while connections are cut"])
async def test_a_thousand_claims_at_once_have_one_winner_for_each_lead(demo: Demo, tell: Tell, *, cut: bool) -> None:
    people = await racers(demo, REPS)
    async with several(demo) as clients:
        for leads, quota, limit in ((1, None, None), (10, None, None), (500, 4, 3)):
            pool, ids = await people.pool(f"race-{leads}-{cut}", leads, quota=quota, limit=limit)
            ended = asyncio.Event()
            cutting = asyncio.create_task(_cut(people, ended)) if cut else None
            began = time.monotonic()
            outcomes = Counter(await _race(clients, people, ids))
            seconds = time.monotonic() - began
            ended.set()
            if cutting:
                await cutting
            assert outcomes.keys() <= {"won", UNCLEAR, *LOSSES}, outcomes
            assert cut or not outcomes[UNCLEAR]
            await people.check(pool, quota=quota, limit=limit)
            taken = leads - await people.connection.fetchval(WAITING, pool)
            assert leads > 10 or taken == leads or outcomes[UNCLEAR]
            how = " while connections are cut" * cut
            tell(f"\n{leads} leads, {CLAIMS} claims{how}: {dict(outcomes)}, {seconds:.1f} s")
    await people.connection.close()


async def _race(clients: Sequence[httpx.AsyncClient], people: Racers, leads: Sequence[int]) -> list[str]:
    reps, room = list(people.headers), asyncio.Semaphore(AT_ONCE)

    async def claim(turn: int) -> str:
        rep, lead = reps[turn % len(reps)], leads[turn * 7 % len(leads)]
        async with room:
            told = await _ask(clients[turn % len(clients)], people, rep, CLAIM, lead)
            # Some change their minds, where there are enough leads for all.
            if told == "won" and len(leads) > 10 and turn % 5 == 0:
                await _ask(clients[turn % len(clients)], people, rep, RELEASE, lead)
        return told

    return await asyncio.gather(*(claim(turn) for turn in range(CLAIMS)))


async def _ask(client: httpx.AsyncClient, people: Racers, rep: int, document: str, lead: int) -> str:
    body = {"query": document, "variables": {"i": {"id": f"lea_{lead}"}}}
    try:
        answer = (await client.post("/graphql", json=body, headers=dict(people.headers[rep]))).json()
    except httpx.TransportError:
        return UNCLEAR
    if answer.get("errors"):
        return UNCLEAR
    [payload] = answer["data"].values()
    return str(payload["errors"][0]["code"]) if payload["errors"] else "won"


async def _cut(people: Racers, ended: asyncio.Event) -> None:
    while not ended.is_set():
        await people.connection.fetchval(CUT)
        await asyncio.sleep(0.1)


async def test_every_missed_deadline_is_settled_once_whatever_is_killed(demo: Demo, tell: Tell) -> None:
    people = await racers(demo, 20)
    pool, leads = await people.pool("due", 400, quota=None, limit=None)
    for place, rep in enumerate(people.headers):
        await people.own(leads[place::20], rep)
    await people.connection.close()
    chance = random.Random()  # not a secret
    for _ in range(4):
        await asyncio.sleep(chance.uniform(0.5, 3))
        demo.flush_valkey()
        demo.kill(chance.choice([Part.WORKER, Part.WORKER, Part.VALKEY, Part.POSTGRES]))
    people = await racers(demo, 1)
    began = time.monotonic()
    async with asyncio.timeout(60):
        while await people.connection.fetchval(WAITING, pool) < len(leads):  # noqa: ASYNC110  # no events of ours
            await asyncio.sleep(0.2)
    found = await people.connection.fetchrow(MISSED, pool)
    assert (found["rows"], found["leads"]) == (len(leads), len(leads))
    await people.check(pool, quota=None, limit=None)
    await people.connection.close()
    after = time.monotonic() - began
    tell(f"\n{len(leads)} leads came due while processes were killed: each settled once, {after:.0f} s after the last")
