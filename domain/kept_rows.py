"""Lists whose items are rows of their own: which of them stay when the list is changed."""

from collections.abc import Container, Iterator, Sequence

from domain.errors import DomainError, InvalidInput, NotFound
from domain.paths import Path
from domain.problems import Problem
from domain.unset import Unset


def identity_problems(path: Path, ids: Sequence[int | Unset | None], before: Container[int]) -> Iterator[DomainError]:
    """What is wrong with the `ids` of the items of the list at `path`, None or unset for a new item: one that is not
    among those `before`, or comes twice."""
    seen: set[int] = set()
    for i, row_id in enumerate(ids):
        if not isinstance(row_id, int):
            continue
        if row_id not in before:
            yield NotFound(path=(*path, str(i), "id"))
        elif row_id in seen:
            yield InvalidInput(path=(*path, str(i), "id"), problem=Problem.DUPLICATE)
        seen.add(row_id)
