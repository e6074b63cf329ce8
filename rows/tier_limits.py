"""How much a set of rules may ask of each row: whoever writes an order, or measures a customer, pays for it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.errors import InvalidInput
from domain.problems import Problem
from domain.tiers import MOST_COMPARED, MOST_COMPARISONS, MOST_WINDOWS
from rows.declare import Entity
from rows.tier_rules import DAYS, comparisons


def beyond_limits(of: Entity, raws: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, InvalidInput]]:
    """The rule that brings the set over a limit, and at which path; one for each limit at the most.

    `raws` are the rules' filters of `of`, as JSON has them.
    """
    found = [(place, *each) for place, raw in enumerate(raws) for each in comparisons(of, raw)]
    windows = [(place, path, expected) for place, path, expected in found if path[-2:] == DAYS]
    others = [each for each in found if each[1][-2:] != DAYS]
    yield from _first(others, [1] * len(others), MOST_COMPARISONS)
    yield from _first(windows, list(_new(expected for _, _, expected in windows)), MOST_WINDOWS)
    yield from _first(others, [_size(expected) for _, _, expected in others], MOST_COMPARED)


def _first(
    found: Sequence[tuple[int, tuple[str, ...], Any]], sizes: Sequence[int], most: int
) -> Iterator[tuple[int, InvalidInput]]:
    """The first of `found` up to which `sizes` come to more than `most`."""
    so_far = 0
    for (place, path, _), size in zip(found, sizes, strict=True):
        so_far += size
        if so_far > most:
            yield place, InvalidInput(path=path, problem=Problem.TOO_MANY, limit=str(most))
            return


def _new(items: Iterator[Any]) -> Iterator[int]:
    """1 for each that is there for the first time, 0 for each other one."""
    seen: set[Any] = set()
    for item in items:
        yield int(item not in seen)
        seen.add(item)


def _size(expected: Any) -> int:
    return len(expected) if isinstance(expected, list | tuple) else 1
