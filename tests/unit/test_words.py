"""Whatever Sluice says to people, it can say in both languages: nothing is missing, and nothing is said by nobody."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import DomainError
from domain.problems import Problem
from domain.words import Words, words_in

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "connectors", "domain", "reads", "resolvers", "rows", "schema", "services", "workers")
SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
}
NOT_SAYING = {"domain/problems.py", "domain/messages.py", "domain/errors.py", "domain/row_problems.py"}
"""Where kinds of refusals are made, and put into words."""
SAYING = "\n".join(text for path, text in SOURCES.items() if path not in NOT_SAYING)
FIXED = {"PersistedQueryNotFound"}
"""What a protocol spells so, and programs look for."""


def said() -> Iterator[tuple[str, ast.Call]]:
    """Every use of `Words` in the product, with where it is."""
    for path, text in SOURCES.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Words":
                yield f"{path}:{node.lineno}", node


def values_in(text: ast.expr) -> list[str]:
    """The expressions that are put into a text; what a `format` puts there later is among them."""
    return sorted(ast.dump(part.value) for part in ast.walk(text) if isinstance(part, ast.FormattedValue))


def letters_of(text: ast.expr) -> str:
    return "".join(
        part.value for part in ast.walk(text) if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def test_what_is_said_is_said_in_english_and_chinese_with_the_same_values() -> None:
    found = [each for each in said() if not each[0].startswith("domain/words.py")]
    assert len(found) > 40
    for place, call in found:
        english, chinese = call.args
        if letters_of(english) in FIXED:
            continue
        if "MALFORMED" in ast.dump(chinese):  # of the catalogue, behind what its type says of it
            continue
        assert values_in(english) == values_in(chinese), place
        assert letters_of(english).isascii(), place
        assert re.search("[\u4e00-\u9fff]", letters_of(chinese)) or "HTTP" in letters_of(chinese), place


def test_words_know_themselves_in_the_other_language_whichever_they_are_in() -> None:
    words = Words("Hello", "你好")
    assert (words, words.in_("zh"), words.in_("zh").in_("en")) == ("Hello", "你好", "Hello")
    assert (words_in(words, "zh"), words_in("of a library", "zh")) == ("你好", "of a library")


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_is_found_with_something(problem: Problem) -> None:
    others = "\n".join(text for path, text in SOURCES.items() if path != "domain/problems.py")
    assert len(re.findall(rf"\bProblem\.{problem.name}\b", others)) > 1, "only its message is there"


@pytest.mark.parametrize("error", DomainError.__subclasses__())
def test_every_refusal_is_raised_somewhere(error: type[DomainError]) -> None:
    assert re.search(rf"\b{error.__name__}\(", SAYING.replace(f"class {error.__name__}(", ""))


@pytest.mark.parametrize("error", DomainError.__subclasses__())
def test_every_refusal_reaches_a_client_in_a_test(error: type[DomainError]) -> None:
    tests = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "api").glob("test_*.py")]
    assert any(f'"{error.code}"' in text or f'"{error.__name__}"' in text for text in tests)
