"""Giving orders to somebody else: what is asked, and what can be wrong with it by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import InvalidInput
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import NOTES, many_lines


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """An order goes to a user, a team, or a user on behalf of a team that is not their own.

    Without a user it waits with the team and is nobody's; without a team it belongs to the user's.
    """

    to_user_id: int | None = None
    to_team_id: int | None = None
    reason: str | None = None


def assignment_problems(assignment: Assignment) -> Iterator[InvalidInput]:
    """Everything that is wrong with `assignment` by itself, each with its path."""
    if assignment.to_user_id is None and assignment.to_team_id is None:
        yield InvalidInput(path=(*INPUT, "toUserId"), problem=Problem.MISSING)
    yield from many_lines((*INPUT, "reason"), assignment.reason, limit=NOTES)
