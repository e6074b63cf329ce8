"""Who may do what. Whether they see the row at all is another question, and comes first."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from domain.people import Role


class Action(Enum):
    """Something that not everybody may do."""

    ENTER_ORDERS = auto()
    """Create, edit, submit, and cancel before picking; not what comes back."""
    ENTER_RETURNS = auto()
    """Create returns and exchanges."""
    REVIEW_ORDERS = auto()
    """Approve, reject, ask for information."""
    FULFIL_ORDERS = auto()
    """Pick, pack, ship, receive what comes back, and cancel what is being picked."""
    SERVE_ORDERS = auto()
    """Complete; authorise and decline returns."""
    PAY_ORDERS = auto()
    """Take the step of a return that pays it back."""
    HEAR_FEEDBACK = auto()
    """Enter what customers think of orders."""
    SETTLE_COMPLAINTS = auto()
    RECORD_PAYMENTS = auto()
    """Book payments and refunds of orders, and reverse such entries."""
    KEEP_CUSTOMERS = auto()
    """Create and edit."""
    ENTER_LEADS = auto()
    """Create and edit."""
    WORK_LEADS = auto()
    """Claim, release, follow up, convert, disqualify."""
    LIMIT_CREDIT = auto()
    """Say how much a customer may owe."""
    DECIDE_LEVELS = auto()
    """Confirm and decline levels of customers that rules propose."""
    KEEP_PRODUCTS = auto()
    """Products, and what channels sell them for."""
    KEEP_STOCK = auto()
    """Warehouses, and all that moves stock but orders."""
    IMPORT_ORDERS = auto()
    """Make orders of files, in whatever status those have, with what they need."""
    ASSIGN = auto()
    """Say whose a row is."""
    OVERRIDE_TIERS = auto()
    """Give an order another tier than rules do, for a time."""
    KEEP_LEAVE = auto()
    """Say when others are off duty; everybody says so for themself."""
    KEEP_TOKENS = auto()
    """Make API tokens, and revoke those of others."""
    ADMINISTER = auto()
    """Users and their roles, teams, regions, managed lists, exchange rates, personal data."""


class Actor(Protocol):
    """Whoever acts: what `rows.viewer.Viewer` says of them."""

    @property
    def user_id(self) -> int:
        """Their id."""

    @property
    def roles(self) -> frozenset[Role]:
        """Their roles, which add up."""

    @property
    def team_ids(self) -> tuple[int, ...]:
        """Their team and all below it."""


# ADMIN may do everything, everywhere. Products belong to no team: who keeps them does so for the whole company.
# INTEGRATION counts for API tokens alone, each of which can ask only for the mutations that its scopes name.
_ON_OWN_ROWS = {
    Action.ENTER_ORDERS: frozenset({Role.REP}),
    Action.ENTER_RETURNS: frozenset({Role.REP}),
    Action.KEEP_CUSTOMERS: frozenset({Role.REP}),
    Action.ENTER_LEADS: frozenset({Role.REP}),
    Action.WORK_LEADS: frozenset({Role.REP}),
}
_ON_THE_TEAMS_ROWS = {
    Action.ENTER_ORDERS: frozenset({Role.MANAGER}),
    Action.ENTER_RETURNS: frozenset({Role.MANAGER}),
    Action.REVIEW_ORDERS: frozenset({Role.MANAGER}),
    Action.KEEP_CUSTOMERS: frozenset({Role.MANAGER}),
    Action.ENTER_LEADS: frozenset({Role.MANAGER}),
    Action.WORK_LEADS: frozenset({Role.MANAGER}),
    Action.IMPORT_ORDERS: frozenset({Role.MANAGER}),
    Action.ASSIGN: frozenset({Role.MANAGER}),
    Action.OVERRIDE_TIERS: frozenset({Role.MANAGER}),
    Action.LIMIT_CREDIT: frozenset({Role.MANAGER}),
    Action.DECIDE_LEVELS: frozenset({Role.MANAGER}),
    Action.KEEP_LEAVE: frozenset({Role.MANAGER}),
}
_EVERYWHERE = {
    Action.IMPORT_ORDERS: frozenset({Role.INTEGRATION}),
    Action.ENTER_ORDERS: frozenset({Role.INTEGRATION}),
    Action.ENTER_RETURNS: frozenset({Role.INTEGRATION, Role.SERVICE}),
    Action.REVIEW_ORDERS: frozenset({Role.REVIEWER}),
    Action.FULFIL_ORDERS: frozenset({Role.FULFILMENT}),
    Action.KEEP_STOCK: frozenset({Role.FULFILMENT, Role.INTEGRATION}),
    Action.SERVE_ORDERS: frozenset({Role.SERVICE}),
    Action.PAY_ORDERS: frozenset({Role.FINANCE}),
    Action.LIMIT_CREDIT: frozenset({Role.FINANCE}),
    Action.HEAR_FEEDBACK: frozenset({Role.SERVICE, Role.INTEGRATION}),
    Action.SETTLE_COMPLAINTS: frozenset({Role.SERVICE}),
    Action.RECORD_PAYMENTS: frozenset({Role.FINANCE, Role.INTEGRATION}),
    Action.KEEP_CUSTOMERS: frozenset({Role.INTEGRATION}),
    Action.ENTER_LEADS: frozenset({Role.INTEGRATION}),
    Action.KEEP_PRODUCTS: frozenset({Role.MANAGER, Role.INTEGRATION}),
    Action.ASSIGN: frozenset({Role.INTEGRATION}),
}


@dataclass(frozen=True)
class Reach:
    """On which rows somebody may do something: all of them, those of their teams, their own."""

    everywhere: bool
    of_teams: bool
    own: bool

    @property
    def anywhere(self) -> bool:
        """Whether there may be such a row at all."""
        return self.everywhere or self.of_teams or self.own


def reach(roles: frozenset[Role], action: Action) -> Reach:
    """On which rows somebody of these roles may do this."""
    return Reach(
        everywhere=Role.ADMIN in roles or not roles.isdisjoint(_EVERYWHERE.get(action, ())),
        of_teams=not roles.isdisjoint(_ON_THE_TEAMS_ROWS.get(action, ())),
        own=not roles.isdisjoint(_ON_OWN_ROWS.get(action, ())),
    )


def may(actor: Actor, action: Action) -> bool:
    """Whether `actor` may do this to some row at least."""
    tables = (_ON_OWN_ROWS, _ON_THE_TEAMS_ROWS, _EVERYWHERE)
    return Role.ADMIN in actor.roles or any(_has(actor, table, action) for table in tables)


def may_with(actor: Actor, action: Action, *, owner_id: int | None, team_id: int | None) -> bool:
    """Whether `actor` may do this to a row of this owner and team."""
    if Role.ADMIN in actor.roles or _has(actor, _EVERYWHERE, action):
        return True
    if team_id in actor.team_ids and _has(actor, _ON_THE_TEAMS_ROWS, action):
        return True
    return owner_id == actor.user_id and _has(actor, _ON_OWN_ROWS, action)


def _has(actor: Actor, table: dict[Action, frozenset[Role]], action: Action) -> bool:
    return not actor.roles.isdisjoint(table.get(action, ()))
