"""The one place that says what a viewer may see.

Each function maps a viewer's roles (they add up) to the grounds on which rows of one entity are seen. Who owns a row,
and who it is shared with, sees it whatever their role. Rows without owner and team are seen by those who see all.
An API token sees of that what its scopes name; for INTEGRATION, a machine, that is all.
"""

from domain.orders.life_cycle import FROM_APPROVED_ON, FROM_SHIPPED_ON, UNDER_REVIEW, OrderStatus
from domain.people import Role
from domain.scopes import TokenScope
from rows.declare import EVERYTHING, Column, Entity, Ground, Inherited, Scope
from rows.lead_seats import OPEN_STATUSES, POOLS_OF_ME

OWN = Ground("own", "{t}.owner_id = {me}")
TEAM_TREE = Ground("team tree", "{t}.team_id = ANY({teams})", spread="team_id")
SELF = Ground("self", "{t}.id = {me}")
SHARED_WITH_ALL = Ground("shared with all", "{t}.shared")
WAS_PUBLISHED = Ground("was published", "{t}.number IS NOT NULL")
IN_USE = Ground("in use", "{t}.archived_at IS NULL")
STARTED = Ground("started", "{t}.started_by_id = {me}")
SPEAKS_FOR = Ground("speaks for", "{t}.user_id = {me}")
COMPLETE = Ground("complete", "{t}.completed_at IS NOT NULL")
OWN_FILE = Ground("own file", "({t}.owner_id = {me} AND {t}.completed_at IS NOT NULL)")
NOT_OF_CREDIT = Ground("not of credit", "{t}.kind <> 'CREDIT_EXCEEDED'")
ON_LEAVE = Ground("on leave", "{t}.user_id = {me}")
LEADS = Ground("leads", "(SELECT u.team_id FROM app_user u WHERE u.id = {t}.user_id) = ANY({teams})")
TOLD = Ground("told", "({t}.recipient_id = {me} AND {t}.fired_at IS NOT NULL)")
REVIEWED = Ground("reviewed", "{t}.reviewed_by_id = {me}")
OWNED_TEAM_TREE = Ground("owned in team tree", "({t}.owner_id IS NOT NULL AND {t}.team_id = ANY({teams}))")
POOLS_OF_TEAMS = (
    "SELECT m.pool_id FROM lead_pool_member m WHERE m.team_id = ANY({teams})"
    " UNION ALL SELECT m.pool_id FROM app_user u JOIN lead_pool_member m ON m.user_id = u.id"
    " WHERE u.team_id = ANY({teams})"
)
"""The pools that teams of somebody's tree, or people of these, belong to."""


def _shared(share: str, column: str) -> Ground:
    return Ground(
        "shared",
        f"EXISTS (SELECT 1 FROM {share} s WHERE s.{column} = {{t}}.id AND s.user_id = {{me}})",
        finds=f"{{t}}.id = ANY(ARRAY(SELECT s.{column} FROM {share} s WHERE s.user_id = {{me}}))",
    )


def _in_status(name: str, statuses: frozenset[OrderStatus], *, few: bool = False) -> Ground:
    among = tuple(sorted(status.value for status in statuses))
    array = ", ".join(f"'{status}'" for status in among)
    return Ground(name, f"{{t}}.status IN ({array})", spread="status" if few else "", among=among)


def _waiting(name: str, pools: str) -> Ground:
    among = f"{{t}}.pool_id = ANY(ARRAY({pools}))"
    return Ground(name, f"({{t}}.owner_id IS NULL AND {{t}}.status IN ({OPEN_STATUSES}) AND {among})")


def _of_lead(holds: str) -> str:
    return f"EXISTS (SELECT 1 FROM lead l WHERE l.id = {{t}}.lead_id AND {holds})"


SHARED_ORDER = _shared("order_share", "order_id")
SHARED_CUSTOMER = _shared("customer_share", "customer_id")
SHARED_LEAD = _shared("lead_share", "lead_id")
WAITING_FOR_ME = _waiting("waiting for me", POOLS_OF_ME)
WAITING_FOR_TEAMS = _waiting("waiting for teams", f"{POOLS_OF_TEAMS} UNION ALL {POOLS_OF_ME}")
MY_POOL = Ground("my pool", f"{{t}}.id = ANY(ARRAY({POOLS_OF_ME}))")
POOL_OF_TEAMS = Ground("pool of teams", f"{{t}}.id = ANY(ARRAY({POOLS_OF_TEAMS}))")
OF_MY_LEAD = Ground("of my lead", _of_lead("l.owner_id = {me}"))
OF_SHARED_LEAD = Ground(
    "of shared lead", "EXISTS (SELECT 1 FROM lead_share s WHERE s.lead_id = {t}.lead_id AND s.user_id = {me})"
)
OF_LEAD_OF_TEAMS = Ground("of lead of teams", _of_lead("l.owner_id IS NOT NULL AND l.team_id = ANY({teams})"))
IN_REVIEW = _in_status("under review", UNDER_REVIEW, few=True)
IN_FULFILMENT = _in_status("from approved on", FROM_APPROVED_ON)
IN_SERVICE = _in_status("from shipped on", FROM_SHIPPED_ON)


def seen(entity: Entity, roles: frozenset[Role], scopes: frozenset[TokenScope] | None) -> Scope:
    """On which grounds a viewer sees rows of `entity`; on none for an API token whose `scopes` do not name them."""
    scope = entity.scope(roles)
    if scopes is None or entity.any_token or entity.token_scope in scopes or isinstance(scope, Inherited):
        return scope
    return ()


def unmasked(column: Column, roles: frozenset[Role], scopes: frozenset[TokenScope] | None) -> Scope:
    """On which grounds a viewer sees a value of `column`. No scope of an API token opens what ADMIN alone sees."""
    if column.mask is None:
        return EVERYTHING
    return column.mask(roles if scopes is None else roles - {Role.ADMIN})


def everything(roles: frozenset[Role]) -> Scope:  # noqa: ARG001  # the same for all roles
    """Products, regions, teams, channels, colleagues: visible to every signed-in user."""
    return EVERYTHING


def orders(roles: frozenset[Role]) -> Scope:
    """FINANCE, ADMIN and INTEGRATION see all; others by ownership, team, review, and how far the order has come."""
    if roles & {Role.ADMIN, Role.FINANCE, Role.INTEGRATION}:
        return EVERYTHING
    by_role = {
        Role.MANAGER: (TEAM_TREE,),
        Role.REVIEWER: (IN_REVIEW, REVIEWED),
        Role.FULFILMENT: (IN_FULFILMENT,),
        Role.SERVICE: (IN_SERVICE,),
    }
    return (*_grounds(by_role, roles), OWN, SHARED_ORDER)


def customers(roles: frozenset[Role]) -> Scope:
    """SERVICE, FINANCE, ADMIN and INTEGRATION see all; others own, shared and their teams'."""
    if roles & {Role.ADMIN, Role.FINANCE, Role.SERVICE, Role.INTEGRATION}:
        return EVERYTHING
    return (*_grounds({Role.MANAGER: (TEAM_TREE,)}, roles), OWN, SHARED_CUSTOMER)


def leads(roles: frozenset[Role]) -> Scope:
    """ADMIN and INTEGRATION see all; others own and shared ones, MANAGER those of their teams.

    Those that wait in a pool are seen by REPs who belong to it, and by MANAGERs of teams that have somebody there.
    """
    if roles & {Role.ADMIN, Role.INTEGRATION}:
        return EVERYTHING
    of_teams = _grounds({Role.MANAGER: (TEAM_TREE,)}, roles)
    # One ground for each viewer: what no index finds in the order of a list is walked once.
    in_pools = WAITING_FOR_TEAMS if Role.MANAGER in roles else WAITING_FOR_ME
    waiting = (in_pools,) if roles & {Role.REP, Role.MANAGER} else ()
    return (*of_teams, OWN, SHARED_LEAD, *waiting)


def lead_contacts(roles: frozenset[Role]) -> Scope:
    """Who a lead is, is told to whoever it belongs to or is shared with, MANAGER of its owner's team, and ADMIN."""
    if roles & {Role.ADMIN, Role.INTEGRATION}:
        return EVERYTHING
    return (*_grounds({Role.MANAGER: (OWNED_TEAM_TREE,)}, roles), OWN, SHARED_LEAD)


def words_of_leads(roles: frozenset[Role]) -> Scope:
    """What was said with or about a lead is told to whoever is told who it is."""
    if roles & {Role.ADMIN, Role.INTEGRATION}:
        return EVERYTHING
    return (*_grounds({Role.MANAGER: (OF_LEAD_OF_TEAMS,)}, roles), OF_MY_LEAD, OF_SHARED_LEAD)


def lead_pools(roles: frozenset[Role]) -> Scope:
    """A pool is seen by whoever belongs to it, by MANAGERs of teams that have somebody there, and ADMIN."""
    if roles & {Role.ADMIN, Role.INTEGRATION}:
        return EVERYTHING
    return (*_grounds({Role.MANAGER: (POOL_OF_TEAMS,)}, roles), MY_POOL)


def lead_forms(roles: frozenset[Role]) -> Scope:
    """Forms, whose keys let anybody enter leads, are for ADMIN alone."""
    return EVERYTHING if Role.ADMIN in roles else ()


def jobs(roles: frozenset[Role]) -> Scope:
    """A job is seen by who started it and by ADMIN."""
    return EVERYTHING if Role.ADMIN in roles else (STARTED,)


def audit(roles: frozenset[Role]) -> Scope:
    """The audit is for ADMIN alone."""
    return EVERYTHING if Role.ADMIN in roles else ()


def api_tokens(roles: frozenset[Role]) -> Scope:
    """An API token is seen by ADMIN and by whom it speaks for."""
    return EVERYTHING if Role.ADMIN in roles else (SPEAKS_FOR,)


def stock(roles: frozenset[Role]) -> Scope:
    """What is where, and how it came there, is for FULFILMENT, ADMIN and INTEGRATION; what is available, for all."""
    return EVERYTHING if roles & {Role.ADMIN, Role.FULFILMENT, Role.INTEGRATION} else ()


def files(roles: frozenset[Role]) -> Scope:
    """A file is seen, once it is complete, by its owner and by ADMIN: who sent it, or for whom a job made it."""
    return (COMPLETE,) if Role.ADMIN in roles else (OWN_FILE,)


def segments(roles: frozenset[Role]) -> Scope:
    """A segment is seen by its owner, a shared one by everybody; all by ADMIN."""
    return EVERYTHING if Role.ADMIN in roles else (OWN, SHARED_WITH_ALL)


def tier_rules(roles: frozenset[Role]) -> Scope:
    """Tier rules that are or were in force are seen by everybody, a draft by ADMIN."""
    return EVERYTHING if Role.ADMIN in roles else (WAS_PUBLISHED,)


def with_rule_set(roles: frozenset[Role]) -> Scope:  # noqa: ARG001  # the set's scope knows the roles
    """A rule is seen with its set."""
    return Inherited("rule_set")


def with_job(roles: frozenset[Role]) -> Scope:  # noqa: ARG001  # the job's scope knows the roles
    """What belongs to a job is seen with it."""
    return Inherited("job")


def personal_data(roles: frozenset[Role]) -> Scope:
    """A person's email and phone are seen by that person and ADMIN."""
    return EVERYTHING if Role.ADMIN in roles else (SELF,)


def reasons_of_leave(roles: frozenset[Role]) -> Scope:
    """Why somebody is away is seen by that person, a MANAGER of their team and ADMIN; that they are, by everybody."""
    if Role.ADMIN in roles:
        return EVERYTHING
    return (*_grounds({Role.MANAGER: (LEADS,)}, roles), ON_LEAVE)


def reminders(roles: frozenset[Role]) -> Scope:  # noqa: ARG001  # the same for all roles
    """A reminder is seen, once it has fired, by whom it is for."""
    return (TOLD,)


def credit(roles: frozenset[Role]) -> Scope:
    """What a customer owes is seen, in a finding, by those who decide on it; what other findings say, with them."""
    if roles & {Role.ADMIN, Role.FINANCE, Role.MANAGER, Role.REVIEWER}:
        return EVERYTHING
    return (NOT_OF_CREDIT,)


def custom_fields(roles: frozenset[Role]) -> Scope:
    """Custom fields are seen by everybody, archived ones by ADMIN."""
    return EVERYTHING if Role.ADMIN in roles else (IN_USE,)


def with_field(roles: frozenset[Role]) -> Scope:  # noqa: ARG001  # the field's scope knows the roles
    """What belongs to a custom field is seen with it."""
    return Inherited("field")


def with_order(roles: frozenset[Role]) -> Scope:  # noqa: ARG001  # the order's scope knows the roles
    """What belongs to an order is seen with it."""
    return Inherited("order")


def with_shipment(roles: frozenset[Role]) -> Scope:  # noqa: ARG001  # the shipment's scope knows the roles
    """What belongs to a shipment is seen with it."""
    return Inherited("shipment")


def with_customer(roles: frozenset[Role]) -> Scope:  # noqa: ARG001  # the customer's scope knows the roles
    """What belongs to a customer is seen with it."""
    return Inherited("customer")


def with_lead(roles: frozenset[Role]) -> Scope:  # noqa: ARG001  # the lead's scope knows the roles
    """What belongs to a lead is seen with it."""
    return Inherited("lead")


def with_pool(roles: frozenset[Role]) -> Scope:  # noqa: ARG001  # the pool's scope knows the roles
    """What belongs to a pool is seen with it."""
    return Inherited("pool")


def _grounds(by_role: dict[Role, tuple[Ground, ...]], roles: frozenset[Role]) -> tuple[Ground, ...]:
    return tuple(ground for role, grounds in by_role.items() if role in roles for ground in grounds)
