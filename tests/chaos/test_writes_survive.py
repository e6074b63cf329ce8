"""`kill -9` of every process in turn, while many clients write: what was acknowledged is there, once."""

import asyncio
import os
import random
import time
from collections import defaultdict

import httpx
import pytest

from tests.chaos.audit import audit
from tests.chaos.client import Client
from tests.chaos.conftest import Tell
from tests.chaos.demo import Demo, Part, until
from tests.chaos.ledger import Ledger
from tests.chaos.writers import CREATE, WRITERS, Writers

pytestmark = pytest.mark.chaos

ROUNDS = 2
WRITES_BETWEEN_KILLS = 50
REPEATED = 20


def test_no_kill_of_any_process_loses_or_doubles_a_write(demo: Demo, tell: Tell) -> None:
    seed = os.environ.get("CHAOS_SEED") or str(random.randrange(10**6))  # not a secret
    chance = random.Random(seed)  # as above
    tell(f"\n{WRITERS} clients write; CHAOS_SEED={seed}")
    writers = Writers(demo.url)
    began = time.monotonic()
    writers.start()
    recoveries: dict[Part, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for part in chance.sample(list(Part), k=len(Part)):
            _let_write(writers, chance)
            recoveries[part].append(demo.kill(part))
    _let_write(writers, chance)
    writers.finish()
    seconds = time.monotonic() - began
    asyncio.run(_repeat_some(demo, writers.ledger))
    asyncio.run(audit(demo.settings()["DATABASE_URL"], writers.ledger))
    _report(tell, writers.ledger, recoveries, seconds)


def _let_write(writers: Writers, chance: random.Random) -> None:
    """Until the clients are at it again, and then to some random instant."""
    enough = writers.ledger.acknowledged + WRITES_BETWEEN_KILLS

    def are_at_it() -> bool:
        writers.check()
        return writers.ledger.acknowledged >= enough

    until(are_at_it)
    time.sleep(chance.uniform(0, 1.5))


async def _repeat_some(demo: Demo, ledger: Ledger) -> None:
    """A request that is repeated long after gives the same order."""
    async with httpx.AsyncClient(base_url=demo.url, timeout=20) as http:
        for order in random.sample(list(ledger.orders.values()), REPEATED):
            client = Client(http, order.user, ledger.other)
            await client.sign_in()
            payload = (await client.ask(CREATE, input=order.input))["orderCreate"]
            assert payload["order"]["id"] == order.id


def _report(tell: Tell, ledger: Ledger, recoveries: dict[Part, list[float]], seconds: float) -> None:
    tell(
        f"{seconds:.0f} s: acknowledged {len(ledger.orders)} orders, {len(ledger.updates)} changes, "
        f"{len(ledger.customers)} customers; all there, once. Beside these: {dict(ledger.other)}"
    )
    for part, times in recoveries.items():
        tell(f"  {part.value} was killed {len(times)} times; back after {', '.join(f'{s:.1f}' for s in times)} s")
