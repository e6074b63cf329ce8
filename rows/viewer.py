"""Who is asking."""

from dataclasses import dataclass

from domain.people import Role
from domain.scopes import TokenScope


@dataclass(frozen=True)
class Viewer:
    """A user who asks, with everything that decides what they see.

    `team_ids` are the user's team and every team below it, in order of id. `scopes` are those of the API token that
    speaks for the user, with what they imply, and `token_id` is its number; both None where the user speaks in person.
    """

    user_id: int
    roles: frozenset[Role]
    team_id: int | None = None
    team_ids: tuple[int, ...] = ()
    scopes: frozenset[TokenScope] | None = None
    token_id: int | None = None


@dataclass(frozen=True)
class Reader:
    """Who reads an answer, and in which language: "en" or "zh"."""

    viewer: Viewer
    language: str
