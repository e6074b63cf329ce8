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

    def has(self, *roles: Role) -> bool:
        """Whether the viewer has at least one of `roles`; ADMIN has all but INTEGRATION."""
        return not self.roles.isdisjoint(roles) or Role.ADMIN in self.roles
