"""What people type to find something: words, pieces of which are indexed, or the last digits of a phone number."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import InvalidInput
from domain.paths import Path
from domain.problems import Problem

LONGEST = 100
"""Characters in a text that is searched for."""
SHORTEST = 3
"""Characters in one of its words; two are enough where one of them is not ASCII: two Chinese characters are a word."""
MOST_WORDS = 8
FEWEST_DIGITS = 4
MOST_DIGITS = 9
"""How many digits of a phone number count: before them comes what callers from elsewhere dial, or a zero."""

_PHONE = re.compile(r"[0-9 +()./-]+")


@dataclass(frozen=True)
class Sought:
    """A text in the form in which texts are compared, its words, and its last digits if it may be a phone number."""

    whole: str
    words: tuple[str, ...]
    digits: str


def sought(text: str) -> Sought:
    """What `text` asks for: neither case nor width nor how a letter is composed counts, and space divides words."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    words = tuple(folded.split())
    digits = re.sub("[^0-9]", "", folded) if _PHONE.fullmatch(folded) else ""
    return Sought(" ".join(words), words, digits[-MOST_DIGITS:] if len(digits) >= FEWEST_DIGITS else "")


def search_problems(path: Path, text: str) -> Iterator[InvalidInput]:
    """What is wrong with a text that is searched for."""
    if len(text) > LONGEST:
        yield InvalidInput(path=path, problem=Problem.TOO_LONG, limit=str(LONGEST))
        return
    words = sought(text).words
    if len(words) > MOST_WORDS:
        yield InvalidInput(path=path, problem=Problem.TOO_MANY, limit=str(MOST_WORDS))
    elif not words:
        yield InvalidInput(path=path, problem=Problem.BLANK)
    elif not any(map(_is_indexed, words)):
        yield InvalidInput(path=path, problem=Problem.TOO_SHORT, limit=str(SHORTEST))


def _is_indexed(word: str) -> bool:
    return len(word) >= (SHORTEST if word.isascii() else SHORTEST - 1)
