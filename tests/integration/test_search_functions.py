"""The functions by which texts are searched say what plain Python says, and their index loses nothing."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.conditions import searched

LETTERS = (
    "aAbBzZ 019-_%\\'.@ßéÉİıſKﬁ㎏ａＢ９％＿　上海恒通有限公司々カﾊﾟパが\u3099\u0301\u0308e한ㅎ\u1112\u1161😀👩\u200d👧"
)
TEXTS = st.lists(st.sampled_from(LETTERS), max_size=12).map("".join)
CONTAINED = """
SELECT search_grams(text) @> search_keys(part) AS kept, position(search_text(part) IN search_text(text)) > 0 AS found
FROM unnest($1::text[], $2::text[]) AS asked(text, part)
"""


@pytest.fixture(scope="module")
async def connection(module_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(module_database)
    yield connection
    await connection.close()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 12), st.integers(1, 5)), min_size=20, max_size=60))
async def test_what_a_text_contains_is_what_python_says_and_the_index_keeps_it(
    connection: asyncpg.Connection, asked: list[tuple[str, str, int, int]]
) -> None:
    texts = [text for text, *_ in asked] * 2
    parts = [part[:3] for _, part, *_ in asked] + [text[start : start + size] for text, _, start, size in asked]
    rows = await connection.fetch(CONTAINED, texts, parts)
    for text, part, row in zip(texts, parts, rows, strict=True):
        assert row["found"] == (searched(part) in searched(text)), (text, part)
        assert row["kept"] or not row["found"], (text, part)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("ab", []),
        ("Abc", ["abc"]),
        ("ab cde", ["cde"]),
        ("恒通", ["恒通"]),
        ("A恒通 Ｌｔｄ", ["a恒", "恒通", "ltd"]),
    ],
)
async def test_a_text_is_indexed_by_three_letters_or_two_chinese_characters(
    connection: asyncpg.Connection, text: str, pieces: list[str]
) -> None:
    assert await connection.fetchval("SELECT search_grams($1)", text) == pieces


@pytest.mark.parametrize(("phone", "end"), [("+44 (0)20 7946-0958", "8590649702044"), ("０１２", "210"), ("-", "")])
async def test_the_digits_of_a_phone_are_read_from_its_end(
    connection: asyncpg.Connection, phone: str, end: str
) -> None:
    assert await connection.fetchval("SELECT search_end($1)", phone) == end
