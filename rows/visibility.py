"""The one place that says what a viewer may see.

Each function maps a viewer's roles (they add up) to the grounds on which rows of one entity are seen. Who owns a row,
and who it is shared with, sees it whatever their role. Rows without owner and team are seen by those who see all.
An API token sees of that what its scopes name; for INTEGRATION, a machine, that is all.
"""

from domain.orders.life_cycle import FROM_APPROVED_ON, FROM_SHIPPED_ON, UNDER_REVIEW, OrderStatus
from domain.people import Role
from domain.scopes import TokenScope
from rows.declare import EVERYTHING, Column, Entity, Ground, Inherited, Scope

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
REVIEWED = Ground("reviewed", "{t}.reviewed_by_id = {me}")


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


SHARED_ORDER = _shared("order_share", "order_id")
SHARED_CUSTOMER = _shared("customer_share", "customer_id")
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


def _grounds(by_role: dict[Role, tuple[Ground, ...]], roles: frozenset[Role]) -> tuple[Ground, ...]:
    return tuple(ground for role, grounds in by_role.items() if role in roles for ground in grounds)
