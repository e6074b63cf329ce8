"""Leads that several people work on together (联合跟进)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.errors import InvalidInput
from domain.paths import INPUT
from domain.problems import Problem

MOST = 20
"""People with whom one lead is shared."""
WHOLE = 100


@dataclass(frozen=True, kw_only=True)
class LeadShareEntry:
    """Somebody with whom a lead is shared, and their share of the credit in percent."""

    user_id: int
    percent: int = 0


def share_problems(shares: Sequence[LeadShareEntry], *, owner_id: int | None) -> Iterator[InvalidInput]:
    """What is wrong with the people with whom a lead of `owner_id` is shared: what is left is the owner's."""
    path = (*INPUT, "shares")
    if len(shares) > MOST:
        yield InvalidInput(path=path, problem=Problem.TOO_MANY, limit=str(MOST))
    named = Counter(share.user_id for share in shares)
    for place, share in enumerate(shares):
        here = (*path, str(place))
        if not 0 <= share.percent <= WHOLE:
            yield InvalidInput(path=(*here, "percent"), problem=Problem.OUT_OF_RANGE, limit=f"0..{WHOLE}")
        if named[share.user_id] > 1 or share.user_id == owner_id:
            yield InvalidInput(path=(*here, "userId"), problem=Problem.DUPLICATE)
    if sum(share.percent for share in shares) > WHOLE:
        yield InvalidInput(path=path, problem=Problem.OUT_OF_RANGE, limit=f"0..{WHOLE}")
