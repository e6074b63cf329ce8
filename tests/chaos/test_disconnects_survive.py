"""Clients that go away in the middle of their requests: the API keeps all its connections and goes on answering."""

import asyncio
import random
from urllib.parse import urlsplit

import asyncpg
import httpx
import orjson
import pytest

from tests.chaos.client import Client
from tests.chaos.conftest import Tell
from tests.chaos.demo import Demo
from tests.chaos.ledger import Ledger
from tests.chaos.writers import CREATE

pytestmark = pytest.mark.chaos

REQUESTS = 1_000
AT_ONCE = 40
LONGEST = 0.1
SETTLED_WITHIN = 10.0
MORE_THAN_ALL_CONNECTIONS = 60

LIST = "{ orders(first: 50) { totalCount nodes { number customer { name } lines { name } } } }"
BUSY = (
    "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'sluice%' AND state <> 'idle' AND pid <> pg_backend_pid()"
)
DOUBLED = "SELECT notes FROM sales_order WHERE customer_name = 'gone' GROUP BY notes HAVING count(*) > 1"
MADE = "SELECT count(*) FROM sales_order WHERE customer_name = 'gone'"


async def test_a_thousand_clients_that_go_away_cost_no_connection(demo: Demo, tell: Tell) -> None:
    async with httpx.AsyncClient(base_url=demo.url, timeout=20) as http:
        client = Client(http, "rep1", Ledger().other)
        await client.sign_in()
        sku = (await client.ask("{ products(first: 1) { nodes { sku } } }"))["products"]["nodes"][0]["sku"]
        for start in range(0, REQUESTS, AT_ONCE):
            await asyncio.gather(*(_ask_and_go(demo, client, sku, n) for n in range(start, start + AT_ONCE)))
        connection = await asyncpg.connect(demo.settings()["DATABASE_URL"])
        async with asyncio.timeout(SETTLED_WITHIN):
            while await connection.fetchval(BUSY):  # noqa: ASYNC110  # the database sets no events of ours
                await asyncio.sleep(0.05)
        assert await connection.fetch(DOUBLED) == []
        made = await connection.fetchval(MADE)
        await connection.close()
        answers = await asyncio.gather(*(client.ask(LIST) for _ in range(MORE_THAN_ALL_CONNECTIONS)))
    assert all(answer["orders"]["totalCount"] for answer in answers)
    tell(f"\n{REQUESTS} clients went away; {made} of their orders were made all the same, each once")


async def _ask_and_go(demo: Demo, client: Client, sku: str, number: int) -> None:
    """Send a request, or some of it, and close the connection at some instant after."""
    line = {"sku": sku, "quantity": "1", "unitPrice": "1"}
    given = {"currency": "GBP", "lines": [line], "customerName": "gone", "notes": f"{number}"}
    given["idempotencyKey"] = f"gone-{number}"
    body = {"query": LIST} if number % 2 else {"query": CREATE, "variables": {"input": given}}
    request = httpx.Request("POST", f"{demo.url}/graphql", content=orjson.dumps(body), headers=client.headers)
    raw = _as_bytes(request)
    sent = raw if random.random() < 0.8 else raw[: random.randrange(len(raw))]  # not a secret
    parts = urlsplit(demo.url)
    _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(sent)
    await asyncio.sleep(random.uniform(0, LONGEST))  # as above
    writer.transport.abort()


def _as_bytes(request: httpx.Request) -> bytes:
    headers = {**request.headers, "content-type": "application/json"}
    lines = [f"POST {request.url.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + request.content
