"""What text is allowed. It is kept as it was typed: nothing is trimmed, folded or dropped.

U+0000 and lone surrogates, which databases and drivers do not carry, are never allowed. Other control characters are
not allowed either, except line breaks and tabs in texts of several lines.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from domain.countries import COUNTRIES
from domain.errors import InvalidInput
from domain.paths import Path
from domain.problems import Problem
from domain.unset import Unset

NAME = 200
"""Characters in the name of a person, company, product or place."""
CODE = 100
"""Characters in a sku, an external id, a tax id, a phone number."""
EMAIL = 254
NOTES = 10_000
TAG = 64
TAGS = 50
IDEMPOTENCY_KEY = 200

Text = str | Unset | None

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_LINE_BREAKS = frozenset("\n\r\t")


def one_line(path: Path, text: Text, *, limit: int = NAME) -> Iterator[InvalidInput]:
    """What is wrong with a text of one line, of at most `limit` characters; nothing if there is none."""
    return _text(path, text, limit, frozenset())


def many_lines(path: Path, text: Text, *, limit: int = NOTES) -> Iterator[InvalidInput]:
    """What is wrong with a text of several lines, of at most `limit` characters; nothing if there is none."""
    return _text(path, text, limit, _LINE_BREAKS)


def code(path: Path, text: Text, *, limit: int = CODE) -> Iterator[InvalidInput]:
    """What is wrong with a text by which something is found again: white space around it would hide the match."""
    yield from one_line(path, text, limit=limit)
    if isinstance(text, str) and text.strip() and text != text.strip():
        yield InvalidInput(path=path, problem=Problem.SURROUNDED_BY_SPACE)


def email(path: Path, text: Text) -> Iterator[InvalidInput]:
    """What is wrong with an email address; whether anybody reads it only a letter can tell."""
    found = list(one_line(path, text, limit=EMAIL))
    if not found and isinstance(text, str) and not _EMAIL.fullmatch(text):
        found.append(InvalidInput(path=path, problem=Problem.NOT_AN_EMAIL))
    yield from found


def country(path: Path, text: Text) -> Iterator[InvalidInput]:
    """What is wrong with a country's code."""
    if isinstance(text, str) and text not in COUNTRIES:
        yield InvalidInput(path=path, problem=Problem.UNKNOWN_COUNTRY)


def tags(path: Path, given: Sequence[str] | Unset) -> Iterator[InvalidInput]:
    """What is wrong with a list of tags."""
    if isinstance(given, Unset):
        return
    if len(given) > TAGS:
        yield too_many(path, TAGS)
        return
    for i, tag in enumerate(given):
        yield from code((*path, str(i)), tag, limit=TAG)
        if tag in given[:i]:
            yield InvalidInput(path=(*path, str(i)), problem=Problem.DUPLICATE)


def too_many(path: Path, limit: int) -> InvalidInput:
    """The refusal of a list of more than `limit` items."""
    return InvalidInput(path=path, problem=Problem.TOO_MANY, limit=str(limit))


def is_storable(text: str) -> bool:
    """Whether the database can hold `text` at all, as it can't U+0000 and lone surrogates."""
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)


def _text(path: Path, text: Text, limit: int, allowed: frozenset[str]) -> Iterator[InvalidInput]:
    if not isinstance(text, str):
        return
    if len(text) > limit:
        yield InvalidInput(path=path, problem=Problem.TOO_LONG, limit=str(limit))
    elif not text.strip():
        yield InvalidInput(path=path, problem=Problem.BLANK)
    elif any(unicodedata.category(char) in {"Cc", "Cs"} and char not in allowed for char in text):
        yield InvalidInput(path=path, problem=Problem.FORBIDDEN_CHARACTER)
