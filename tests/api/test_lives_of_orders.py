"""Whole lives of orders, by chance: after every command, the API and a model of plain Python agree on everything."""

import os
from collections import Counter
from random import Random
from time import time

import asyncpg
import pytest

from app.embedded import Servers
from tests.api.conftest import Client
from tests.conftest import EMPTYING
from tests.lives.playing import new_game, shortest

COMMANDS = 45
SEEDS = (1, 2)
FRESH = int(time() * 1000) % 10**9
LONG = int(os.environ.get("LIVES", "0"))
"""So many games more, of 150 commands each, from LIVES_SEED on: `make lives`."""


@pytest.mark.parametrize("seed", [*SEEDS, pytest.param(FRESH, id="fresh")])
async def test_the_api_and_the_model_agree_on_every_step(
    client: Client, servers: Servers, database_name: str, seed: int
) -> None:
    await play(client, servers, database_name, seed, COMMANDS, ledgers_every=9)


@pytest.mark.skipif(not LONG, reason="takes minutes: LIVES=100 for so many games; `make lives`")
async def test_they_agree_on_many_long_lives(
    client: Client, servers: Servers, database_name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = int(os.environ.get("LIVES_SEED", FRESH))
    outcomes: Counter[tuple[str, str]] = Counter()
    for seed in range(first, first + LONG):
        outcomes += await play(client, servers, database_name, seed, 150, ledgers_every=1)
    with capsys.disabled():
        print(f"\n{outcomes.total()} commands, seeds {first} to {first + LONG - 1}")  # noqa: T201  # what make lives tells
        for (mutation, outcome), times in sorted(outcomes.items()):
            print(f"{times:6} {mutation} {outcome}")  # noqa: T201  # as above


async def play(
    client: Client, servers: Servers, database_name: str, seed: int, commands: int, *, ledgers_every: int
) -> Counter[tuple[str, str]]:
    """A game; where it goes wrong, it fails with the shortest one found that does."""

    async def empty() -> None:
        await empty_database(servers, database_name)

    await empty()
    by_chance = Random(seed)
    seeds = [by_chance.randrange(10**9) for _ in range(commands)]
    game = await new_game(client.http)
    try:
        await game.play(seeds, ledgers_every=ledgers_every)
    except Exception as wrong:
        short, story = await shortest(seeds[: len(game.asked)], client.http, empty)
        pytest.fail(f"LIVES_SEED={seed} LIVES=1\n{wrong}\nIn short, seeds {short}:\n{story}")
    return Counter(game.outcomes)


async def empty_database(servers: Servers, database_name: str) -> None:
    """As the fixture `database` leaves it."""
    connection = await asyncpg.connect(servers.postgres.url(database=database_name, user="postgres"))
    await connection.execute(await connection.fetchval(EMPTYING))
    await connection.close()
