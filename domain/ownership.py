"""Whose a new row is."""

from dataclasses import dataclass

from domain.errors import DomainError, InvalidInput, NotPermitted
from domain.paths import INPUT
from domain.permissions import Action, Actor, may_with
from domain.problems import Problem

_PATH = (*INPUT, "ownerId")


@dataclass(frozen=True, kw_only=True)
class Person:
    """A user to whom rows may be given."""

    id: int
    team_id: int | None
    active: bool


@dataclass(frozen=True, kw_only=True)
class Ownership:
    """The owner of a row and the team it is assigned to: both, or neither."""

    owner_id: int | None
    team_id: int | None


@dataclass(frozen=True, kw_only=True)
class Original:
    """Whose the order is that is returned: its `owner`, who may be nobody, and its team."""

    owner: Person | None
    team_id: int | None


def decide_owner(
    actor: Actor,
    action: Action,
    *,
    named: Person | None,
    customers_owner: Person | None,
    self: Person,
    original: Original | None = None,
) -> Ownership | DomainError:
    """Who gets a row that `actor` makes by `action`: the `named` owner; of a return, whoever has its `original`, for
    those who may make it for them; else for those who may assign the customer's owner, else they themselves.

    The team is the owner's. Nobody gives rows to people of other teams, except ADMIN, whose own rows may be nobody's.
    What comes back of an order that is nobody's is nobody's, where whoever may do this everywhere enters it.
    """
    if named is not None:
        return _checked(actor, action, named)
    if original is not None and original.team_id is not None and (owner := _inherited(actor, action, original)):
        return owner
    if customers_owner is not None and _may_assign(actor, customers_owner) and _can_own(customers_owner):
        return Ownership(owner_id=customers_owner.id, team_id=customers_owner.team_id)
    if original is not None and may_with(actor, action, owner_id=None, team_id=None):
        return Ownership(owner_id=None, team_id=None)
    if not _can_own(self) and may_with(actor, Action.ASSIGN, owner_id=None, team_id=None):
        return Ownership(owner_id=None, team_id=None)
    return _checked(actor, action, self)


def _inherited(actor: Actor, action: Action, original: Original) -> Ownership | None:
    """Whose a return of `original` is, if `actor` may enter it for them: the team's alone where its owner has left."""
    owner = original.owner if original.owner and original.owner.active else None
    found = Ownership(owner_id=owner.id if owner else None, team_id=original.team_id)
    return found if may_with(actor, action, owner_id=found.owner_id, team_id=found.team_id) else None


def _checked(actor: Actor, action: Action, person: Person) -> Ownership | DomainError:
    if not may_with(actor, action, owner_id=person.id, team_id=person.team_id):
        return NotPermitted(path=_PATH)
    if not person.active:
        return InvalidInput(path=_PATH, problem=Problem.OWNER_INACTIVE)
    if person.team_id is None:
        return InvalidInput(path=_PATH, problem=Problem.OWNER_WITHOUT_TEAM)
    return Ownership(owner_id=person.id, team_id=person.team_id)


def _may_assign(actor: Actor, person: Person) -> bool:
    return may_with(actor, Action.ASSIGN, owner_id=person.id, team_id=person.team_id)


def _can_own(person: Person) -> bool:
    return person.active and person.team_id is not None
