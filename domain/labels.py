"""What entries of managed lists are called, in the languages of the API."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.errors import InvalidInput
from domain.paths import Path
from domain.problems import Problem
from domain.text import one_line


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The name of an entry in English and Chinese; one of them at least."""

    en: str | None = None
    zh: str | None = None

    def by_language(self) -> dict[str, str]:
        """The names that there are, by the code of their language."""
        return {language: text for language, text in (("en", self.en), ("zh", self.zh)) if text is not None}


def labels_problems(path: Path, labels: Labels) -> Iterator[InvalidInput]:
    """What is wrong with the names of an entry."""
    yield from one_line((*path, "en"), labels.en)
    yield from one_line((*path, "zh"), labels.zh)
    if not labels.by_language():
        yield InvalidInput(path=path, problem=Problem.MISSING)


def labels_in(rows: Sequence[tuple[str | None, str | None]], language: str) -> list[str | None]:
    """The name of each (English, Chinese) in `language`: "zh" or, for anything else, English; else in the other one."""
    first, second = (1, 0) if language == "zh" else (0, 1)
    return [row[second] if row[first] is None else row[first] for row in rows]
