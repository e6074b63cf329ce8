"""Searches as people make them, by viewers of each kind: how long each takes in PostgreSQL, and its plan."""

import statistics
import time
from dataclasses import dataclass

from app.embedded import Servers
from bench.plans import Explained, ExplainingPools, ask, explaining
from bench.viewers import sign_in
from bench.workloads import Question

DOCUMENT = """
query Search($text: String!) {
  search(text: $text) {
    match field
    node { ... on Order { number total { amount } } ... on Customer { name phone } ... on Product { sku name } }
  }
}
"""
TEXTS = {
    "order number": "SO-00654321",
    "number's end": "54321",
    "phone's end": "12345",
    "phone": "+44 20 123456",
    "two Chinese characters": "限公",
    "rare Chinese": "恒通",
    "common word": "customer",
    "every third": "gmbh",
    "rare word": "77123",
    "two words": "77123 ltd",
    "common pieces": "tomcust",
    "email": "buyer4711@customer.example",
    "sku": "SKU-00042",
    "nothing": "zzyzx",
}
ROUNDS = 7


@dataclass(frozen=True)
class Timed:
    """A search: how long PostgreSQL takes from question to answer (milliseconds, median), rows found, its plan."""

    milliseconds: float
    found: int
    plan: Explained


async def search_all(servers: Servers, database: str) -> dict[str, Timed]:
    """Every text as a viewer of every kind."""
    people = {kind: of_kind[0] for kind, of_kind in (await sign_in(servers, database)).items()}
    timed = {}
    async with explaining(servers, database) as pools:
        for kind, person in people.items():
            for name, text in TEXTS.items():
                answer = await ask(pools, person, Question(DOCUMENT, {"text": text}, ""))
                plan = pools.found[-1]
                spent = statistics.median([await _seconds(pools, plan) for _ in range(ROUNDS)])
                timed[f"{name}, {kind}"] = Timed(1_000 * spent, answer.count(b'"match"'), plan)
    return timed


async def _seconds(pools: ExplainingPools, plan: Explained) -> float:
    began = time.perf_counter()
    await pools.custom.fetchrow(plan.sql, *plan.arguments)
    return time.perf_counter() - began
