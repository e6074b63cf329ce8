"""What is typed to make or change a user, or to transfer their rows, and what can be wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.errors import DomainError, InvalidInput
from domain.naming import camel
from domain.ownership import Ownership, Person
from domain.paths import INPUT, Path
from domain.people import Role
from domain.problems import Problem
from domain.text import CODE, NOTES, email, many_lines, one_line, too_many
from domain.unset import UNSET, Change, Unset

MOST_TRANSFERRED = 5_000
"""How many customers, and how many orders, change hands in one transaction."""
MOST_SKILLS = 100
"""Of each kind that one user can have."""
PASSWORD_TOKEN_GOOD_FOR = timedelta(hours=48)


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """A user as it is typed; the password comes from the user."""

    email: str
    name: str
    roles: Sequence[Role]
    phone: str | None = None
    team_id: int | None = None
    calendar_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class UserChanges(Change):
    """What to change of a user. Another team is where new rows will belong; others stay where they are."""

    email: str | Unset = UNSET
    name: str | Unset = UNSET
    roles: Sequence[Role] | Unset = UNSET
    phone: str | Unset | None = UNSET
    team_id: int | Unset | None = UNSET
    calendar_id: int | Unset | None = UNSET


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Customers, leads and orders of one user go to another user, another team, or both.

    Without ids: all customers, and the leads and orders that are not over. With ids, those alone.
    """

    from_user_id: int
    to_user_id: int | None = None
    to_team_id: int | None = None
    customer_ids: Sequence[int] | None = None
    lead_ids: Sequence[int] | None = None
    order_ids: Sequence[int] | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class SkillChanges(Change):
    """What somebody is good at: regions with those below them, industries of customers, categories of products.

    Each list replaces the one that there was. Case and width of letters do not count.
    """

    region_ids: Sequence[int] | Unset = UNSET
    industries: Sequence[str] | Unset = UNSET
    categories: Sequence[str] | Unset = UNSET


def skill_problems(skills: SkillChanges) -> Iterator[InvalidInput]:
    """Everything that is wrong with `skills` by themselves, each with its path."""
    for name in skills.mentioned:
        listed, path = getattr(skills, name), (*INPUT, camel(name))
        if len(listed) > MOST_SKILLS:
            yield too_many(path, MOST_SKILLS)
        for place, skill in enumerate(listed):
            here = (*path, str(place))
            if isinstance(skill, str):
                yield from one_line(here, skill)
            if skill in listed[:place]:
                yield InvalidInput(path=here, problem=Problem.DUPLICATE)


def user_problems(user: NewUser | UserChanges) -> Iterator[InvalidInput]:
    """Everything that is wrong with `user` by itself, each with its path."""
    yield from email((*INPUT, "email"), user.email)
    yield from one_line((*INPUT, "name"), user.name)
    yield from one_line((*INPUT, "phone"), user.phone, limit=CODE)
    if not isinstance(user.roles, Unset) and len(set(user.roles)) < len(user.roles):
        yield InvalidInput(path=(*INPUT, "roles"), problem=Problem.DUPLICATE)


def transfer_problems(transfer: Transfer) -> Iterator[InvalidInput]:
    """Everything that is wrong with `transfer` by itself, each with its path."""
    if transfer.to_user_id is None and transfer.to_team_id is None:
        yield InvalidInput(path=(*INPUT, "toUserId"), problem=Problem.MISSING)
    yield from many_lines((*INPUT, "reason"), transfer.reason, limit=NOTES)


def new_ownership(path: Path, *, to: Person, team_id: int | None) -> Ownership | DomainError:
    """Whose rows become that are given to `to`: they belong to the team of `team_id`, or else to that person's."""
    if not to.active:
        return InvalidInput(path=path, problem=Problem.OWNER_INACTIVE)
    team = to.team_id if team_id is None else team_id
    if team is None:
        return InvalidInput(path=path, problem=Problem.OWNER_WITHOUT_TEAM)
    return Ownership(owner_id=to.id, team_id=team)
