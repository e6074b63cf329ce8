"""The compiled answers against those of an independent oracle, byte for byte.

Seeds are fresh each time. A failure says all that is needed to see it again: ORACLE_WORLD=<n> ORACLE_SEED=<n> run the
one example; ORACLE_EXAMPLES=20000, with `-o faulthandler_timeout=0`, runs longer.
"""

import os
from collections import Counter
from collections.abc import Iterator
from random import SystemRandom, getrandbits
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from app import callers
from reads.engine import spread_of
from rows.weights import TeamWeights
from schema.root import schema
from tests.api.conftest import Client
from tests.oracle.cursors import order_of
from tests.oracle.dense import Dense
from tests.oracle.execution import LISTS, Oracle
from tests.oracle.prices import MOST, price_of
from tests.oracle.random_documents import random_question, varied
from tests.oracle.random_filters import Arguments
from tests.oracle.random_values import Choices, Samples, literal, seeded
from tests.oracle.values import named
from tests.oracle.world import load_world

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "80"))
WORLD = int(os.environ.get("ORACLE_WORLD", SystemRandom().randrange(10**6)))
SEEDS = st.just(int(os.environ["ORACLE_SEED"])) if "ORACLE_SEED" in os.environ else st.integers(0, 2**48)
BROKEN = 0.03
"""The probability of wrong arguments for each connection."""

fresh = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # a smaller seed is no smaller document
    suppress_health_check=list(HealthCheck),
)
half = settings(fresh, max_examples=max(1, EXAMPLES // 2))
few = settings(fresh, max_examples=max(1, EXAMPLES // 8))


@pytest.fixture(scope="module")
def varied_spread() -> Iterator[pytest.MonkeyPatch]:
    """Managers' lists merge branches or walk the whole index, by chance and not by the planner's statistics."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(callers, "spread_of", lambda viewer, _: spread_of(viewer, TeamWeights()) * getrandbits(1))
        yield patch


@pytest.fixture(scope="module")
async def oracle(http: httpx.AsyncClient, database_url: str, varied_spread: pytest.MonkeyPatch) -> Oracle:
    """An oracle that knows the dense world that is in the module's database."""
    assert http
    assert varied_spread
    connection = await asyncpg.connect(database_url)
    await Dense(WORLD).write(connection)
    await know_custom_fields(http)
    world = await load_world(connection, currency="GBP", zone="Europe/London")
    await connection.close()
    return Oracle(schema.as_str(), world)


async def know_custom_fields(http: httpx.AsyncClient) -> None:
    """Let the application look again at once, as it does after it was asked to change a field."""
    document = 'mutation { customFieldArchive(input: {id: "none"}) { errors { code } } }'
    await Client(http).data(document, as_=1)


@pytest.fixture(scope="module")
def asking(http: httpx.AsyncClient) -> Client:
    """A client whose tokens last for all examples."""
    return Client(http)


@pytest.fixture(scope="module")
def compared() -> Any:
    """Counts what was compared, and tells at the end."""
    counts: Counter[str] = Counter()
    yield counts
    print(f"\noracle, world {WORLD}: {dict(counts)}")  # noqa: T201  # the figures of a long run


@fresh
@given(seed=SEEDS)
async def test_every_answer_is_the_oracles(oracle: Oracle, asking: Client, compared: Counter[str], seed: int) -> None:
    random = seeded(seed)
    question = random_question(seed, oracle.schema, oracle.world, broken=BROKEN)
    compared.update(documents=1, filters=question.filters)
    for user_id in random.sample(list(oracle.viewers), 3):
        variables = varied(question.variables, Choices(random))
        language = random.choice(["en", "zh"])
        note(f"ORACLE_WORLD={WORLD} ORACLE_SEED={seed}\nas {user_id}\n{question.text}\n{variables}")
        price = price_of(oracle.schema, question.text, variables, question.operation_name)
        expected = oracle.answer(
            question.text, variables, user_id=user_id, language=language, operation_name=question.operation_name
        )
        response = await asking.post(
            question.text,
            variables,
            as_=user_id,
            headers={"accept-language": language},
            operationName=question.operation_name,
            extensions={"cost": True},
        )
        answer = response.json()
        errors = answer.get("errors", [])
        note(str(errors))
        if price > MOST:
            [error] = errors
            assert (error["extensions"]["exceeded"], error["extensions"]["got"]) == ("OPERATION_POINTS", price)
            compared.update({"too dear": 1})
            continue
        assert answer["extensions"]["cost"]["requested"] == price
        codes = {error.get("path", [""])[0]: error["extensions"]["code"] for error in errors}
        assert codes.keys() == expected.refused.keys()
        assert all(code in expected.refused[root] for root, code in codes.items())
        content = response.content.rpartition(b',"extensions":{"cost":')[0]
        note(_difference(content.partition(b'"data":')[2], expected.data))
        assert content.endswith(b'"data":' + expected.data)
        compared.update(answers=1, refused=bool(errors), bytes=len(expected.data))


@half
@given(seed=SEEDS)
async def test_every_filter_selects_what_the_oracle_selects(
    oracle: Oracle, asking: Client, compared: Counter[str], seed: int
) -> None:
    random = seeded(seed)
    choices = Choices(random)
    arguments = Arguments(choices, Samples(choices, oracle.world))
    name = random.choice(["orders", "orders", "customers", *LISTS])
    of = named(oracle.schema.query_type.fields[name].args["filter"].type)  # type: ignore[union-attr]  # it has queries
    condition = arguments.filter(of)
    totals = "totalCount totalAmount { amount }" if name == "orders" else "totalCount"
    document = f"{{ {name}(filter: {literal(of, condition)}, first: 250) {{ {totals} nodes {{ id }} }} }}"
    for user_id in random.sample(list(oracle.viewers), 5):
        note(f"ORACLE_WORLD={WORLD} ORACLE_SEED={seed}\nas {user_id}\n{document}")
        expected = oracle.answer(document, {}, user_id=user_id)
        response = await asking.post(document, as_=user_id)
        note(_difference(response.content.partition(b'"data":')[2], expected.data + b"}"))
        assert response.content == b'{"data":' + expected.data + b"}"
        compared.update({"filters alone": 1, "filters that select some": b'"nodes":[]' not in expected.data})


def _difference(got: bytes, expected: bytes) -> str:
    """Where two answers part."""
    place = next((i for i, (one, other) in enumerate(zip(got, expected, strict=False)) if one != other), len(got))
    around = slice(max(0, place - 80), place + 80)
    return f"got      ...{got[around]!r}\nexpected ...{expected[around]!r}"


@few
@given(seed=SEEDS)
async def test_pages_walked_either_way_are_the_whole_list(
    oracle: Oracle, asking: Client, compared: Counter[str], seed: int
) -> None:
    random = seeded(seed)
    choices = Choices(random)
    arguments = Arguments(choices, Samples(choices, oracle.world))
    name = random.choice(["orders", "orders", "orders", *LISTS])
    field = oracle.schema.query_type.fields[name]  # type: ignore[union-attr]  # it has queries
    condition = arguments.filter(named(field.args["filter"].type)) if random.random() < 0.4 else {}
    sort = arguments.sort(named(field.args["sort"].type))
    user_id = random.choice(list(oracle.viewers))
    note(f"ORACLE_WORLD={WORLD} ORACLE_SEED={seed}\nas {user_id}: {name} {condition} {sort}")

    types = {key: field.args[key].type for key in ("filter", "sort")}
    fixed = f"filter: {literal(types['filter'], condition)}, sort: {literal(types['sort'], sort)}"
    whole = await asking.data(f"{{ list: {name}({fixed}, first: 250) {{ nodes {{ id }} }} }}", as_=user_id)
    everything = [node["id"] for node in whole["list"]["nodes"]]
    size = random.choice([1, 2, 3, 7])
    assert await _walk(asking, user_id, f"{name}({fixed}, first: {size}, after: $cursor)", "Next", "end") == everything
    backward = await _walk(asking, user_id, f"{name}({fixed}, last: {size}, before: $cursor)", "Previous", "start")
    assert backward[::-1] == everything
    compared.update(walks=2, rows=len(everything), **{f"sorted by {order_of(LISTS[name], sort, oracle.world).tag}": 1})


async def _walk(asking: Client, user_id: int, field: str, way: str, end: str) -> list[str]:
    """The ids in the order in which they are met."""
    page = f"pageInfo {{ more: has{way}Page cursor: {end}Cursor }} nodes {{ id }}"
    document = f"query Walk($cursor: String) {{ list: {field} {{ {page} }} }}"
    found: list[str] = []
    cursor = None
    while True:
        answer = (await asking.data(document, {"cursor": cursor}, as_=user_id))["list"]
        ids = [node["id"] for node in answer["nodes"]]
        found += ids if way == "Next" else ids[::-1]
        if not answer["pageInfo"]["more"]:
            return found
        assert ids, "a page that promises more has rows"
        cursor = answer["pageInfo"]["cursor"]
