"""Who is asking."""

from dataclasses import dataclass

from domain.people import Role


@dataclass(frozen=True)
class Viewer:
    """A signed-in user with everything that decides what they see.

    `team_ids` are the user's team and every team below it, in order of id.
    """

    user_id: int
    roles: frozenset[Role]
    team_id: int | None = None
    team_ids: tuple[int, ...] = ()
