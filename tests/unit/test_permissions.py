"""Who may do what, and whose a new row is."""

import pytest

from domain.errors import InvalidInput, NotPermitted
from domain.ownership import Original, Ownership, Person, decide_owner
from domain.people import Role
from domain.permissions import Action, may, may_with
from rows.viewer import Viewer

TEAM, OTHER_TEAM = 10, 20
ME = Person(id=1, team_id=TEAM, active=True)
COLLEAGUE = Person(id=2, team_id=TEAM, active=True)
STRANGER = Person(id=3, team_id=OTHER_TEAM, active=True)
ENTRY = (Action.ENTER_ORDERS, Action.KEEP_CUSTOMERS)


def viewer(*roles: Role, teams: tuple[int, ...] = (TEAM,)) -> Viewer:
    return Viewer(user_id=ME.id, roles=frozenset(roles), team_id=TEAM, team_ids=teams)


def owner(
    *roles: Role, named: Person | None = None, customers_owner: Person | None = None, self: Person = ME
) -> object:
    decided = decide_owner(viewer(*roles), Action.ENTER_ORDERS, named=named, customers_owner=customers_owner, self=self)
    return decided.owner_id if isinstance(decided, Ownership) else decided


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_each_action_has_its_roles(action: Action, role: Role) -> None:
    allowed = {
        Action.ENTER_ORDERS: {Role.REP, Role.MANAGER, Role.ADMIN, Role.INTEGRATION},
        Action.ENTER_RETURNS: {Role.REP, Role.MANAGER, Role.SERVICE, Role.ADMIN, Role.INTEGRATION},
        Action.KEEP_CUSTOMERS: {Role.REP, Role.MANAGER, Role.ADMIN, Role.INTEGRATION},
        Action.REVIEW_ORDERS: {Role.REVIEWER, Role.MANAGER, Role.ADMIN},
        Action.FULFIL_ORDERS: {Role.FULFILMENT, Role.ADMIN},
        Action.SERVE_ORDERS: {Role.SERVICE, Role.ADMIN},
        Action.PAY_ORDERS: {Role.FINANCE, Role.ADMIN},
        Action.DECIDE_LEVELS: {Role.MANAGER, Role.ADMIN},
        Action.ENTER_LEADS: {Role.REP, Role.MANAGER, Role.ADMIN, Role.INTEGRATION},
        Action.WORK_LEADS: {Role.REP, Role.MANAGER, Role.ADMIN},
        Action.LIMIT_CREDIT: {Role.MANAGER, Role.FINANCE, Role.ADMIN},
        Action.HEAR_FEEDBACK: {Role.SERVICE, Role.ADMIN, Role.INTEGRATION},
        Action.SETTLE_COMPLAINTS: {Role.SERVICE, Role.ADMIN},
        Action.RECORD_PAYMENTS: {Role.FINANCE, Role.ADMIN, Role.INTEGRATION},
        Action.KEEP_STOCK: {Role.FULFILMENT, Role.ADMIN, Role.INTEGRATION},
        Action.KEEP_PRODUCTS: {Role.MANAGER, Role.ADMIN, Role.INTEGRATION},
        Action.ASSIGN: {Role.MANAGER, Role.ADMIN, Role.INTEGRATION},
        Action.OVERRIDE_TIERS: {Role.MANAGER, Role.ADMIN},
        Action.KEEP_LEAVE: {Role.MANAGER, Role.ADMIN},
        Action.KEEP_TOKENS: {Role.ADMIN},
        Action.ADMINISTER: {Role.ADMIN},
        Action.IMPORT_ORDERS: {Role.MANAGER, Role.ADMIN, Role.INTEGRATION},
    }
    assert may(viewer(role), action) is (role in allowed[action])


@pytest.mark.parametrize("action", ENTRY)
def test_a_rep_edits_own_rows_a_manager_the_teams_and_an_admin_all(action: Action) -> None:
    own, teams, foreign = (ME.id, OTHER_TEAM), (COLLEAGUE.id, TEAM), (STRANGER.id, OTHER_TEAM)
    allowed = {
        role: [may_with(viewer(role), action, owner_id=row[0], team_id=row[1]) for row in (own, teams, foreign)]
        for role in (Role.REP, Role.MANAGER, Role.ADMIN, Role.SERVICE)
    }
    assert allowed == {
        Role.REP: [True, False, False],
        Role.MANAGER: [False, True, False],
        Role.ADMIN: [True, True, True],
        Role.SERVICE: [False, False, False],
    }


def test_rows_of_nobody_are_edited_by_admins_and_machines_only() -> None:
    for role in Role:
        allowed = may_with(viewer(role), Action.ENTER_ORDERS, owner_id=None, team_id=None)
        assert allowed is (role in {Role.ADMIN, Role.INTEGRATION})


def test_a_rep_enters_for_themselves_even_for_a_colleagues_customer() -> None:
    assert owner(Role.REP) == owner(Role.REP, named=ME) == owner(Role.REP, customers_owner=COLLEAGUE) == ME.id
    assert owner(Role.REP, named=COLLEAGUE) == NotPermitted(path=("input", "ownerId"))


def test_a_manager_enters_for_the_named_owner_else_the_customers_else_themselves() -> None:
    assert owner(Role.MANAGER, named=COLLEAGUE, customers_owner=ME) == COLLEAGUE.id
    assert owner(Role.MANAGER, customers_owner=COLLEAGUE) == COLLEAGUE.id
    assert owner(Role.MANAGER) == ME.id


def test_a_manager_gives_nothing_to_other_teams() -> None:
    assert owner(Role.MANAGER, named=STRANGER) == NotPermitted(path=("input", "ownerId"))
    assert owner(Role.MANAGER, customers_owner=STRANGER) == ME.id
    assert owner(Role.ADMIN, named=STRANGER) == owner(Role.ADMIN, customers_owner=STRANGER) == STRANGER.id


def test_rows_go_to_active_people_with_a_team() -> None:
    left, alone = Person(id=2, team_id=TEAM, active=False), Person(id=2, team_id=None, active=True)
    path = ("input", "ownerId")
    assert owner(Role.ADMIN, named=left) == InvalidInput(path=path, problem="owner_inactive")
    assert owner(Role.ADMIN, named=alone) == InvalidInput(path=path, problem="owner_without_team")
    assert owner(Role.ADMIN, customers_owner=left) == ME.id


def test_without_a_team_an_admin_enters_rows_of_nobody_and_a_rep_none() -> None:
    alone = Person(id=ME.id, team_id=None, active=True)
    assert owner(Role.ADMIN, self=alone) is None
    assert owner(Role.REP, self=alone) == InvalidInput(path=("input", "ownerId"), problem="owner_without_team")


def test_the_team_of_a_row_is_its_owners() -> None:
    decided = decide_owner(viewer(Role.ADMIN), Action.KEEP_CUSTOMERS, named=STRANGER, customers_owner=None, self=ME)
    assert decided == Ownership(owner_id=STRANGER.id, team_id=OTHER_TEAM)


@pytest.mark.parametrize(
    ("role", "original", "whose"),
    [
        (Role.SERVICE, Original(owner=STRANGER, team_id=TEAM), (STRANGER.id, TEAM)),
        (Role.SERVICE, Original(owner=Person(id=4, team_id=TEAM, active=False), team_id=TEAM), (None, TEAM)),
        (Role.SERVICE, Original(owner=None, team_id=None), (None, None)),
        (Role.MANAGER, Original(owner=COLLEAGUE, team_id=TEAM), (COLLEAGUE.id, TEAM)),
        (Role.MANAGER, Original(owner=STRANGER, team_id=OTHER_TEAM), (ME.id, TEAM)),
        (Role.REP, Original(owner=ME, team_id=OTHER_TEAM), (ME.id, OTHER_TEAM)),
        (Role.REP, Original(owner=COLLEAGUE, team_id=TEAM), (ME.id, TEAM)),
    ],
)
def test_what_comes_back_is_whose_the_order_was_where_one_may_enter_it_for_them(
    role: Role, original: Original, whose: tuple[int | None, int | None]
) -> None:
    decided = decide_owner(
        viewer(role), Action.ENTER_RETURNS, named=None, customers_owner=None, self=ME, original=original
    )
    assert decided == Ownership(owner_id=whose[0], team_id=whose[1])
