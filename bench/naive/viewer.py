"""Who asks, and what they may see, as conditions of Tortoise's."""

from dataclasses import dataclass
from typing import Any

import jwt
from starlette.requests import Request
from tortoise.expressions import Q, Subquery

from domain.people import Role
from models import CustomerShare, OrderShare, Session, TeamClosure


@dataclass(frozen=True)
class Viewer:
    """The signed-in user; `team_ids` are a manager's team and those below it."""

    user_id: int
    roles: frozenset[str]
    team_ids: list[int]


async def load_viewer(request: Request, key: bytes) -> Viewer:
    """The viewer whom the bearer token names. Raises jwt.InvalidTokenError."""
    token = request.headers["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, key, algorithms=["HS256"])
    session = await Session.get(id=claims["sid"], ended_at=None).select_related("user")
    roles = frozenset(session.user.roles)
    team_ids: list[int] = []
    if Role.MANAGER in roles:
        below = TeamClosure.filter(ancestor_id=session.user.team_id)
        team_ids = await below.values_list("descendant_id", flat=True)  # type: ignore[assignment]  # flat: ids
    return Viewer(session.user.id, roles, team_ids)


def visible_orders(viewer: Viewer) -> Q:
    """The orders that the viewer sees."""
    if Role.ADMIN in viewer.roles:
        return Q()
    shared = OrderShare.filter(user_id=viewer.user_id).values("order_id")
    seen = Q(owner_id=viewer.user_id) | Q(id__in=Subquery(shared))
    return seen | Q(team_id__in=viewer.team_ids) if viewer.team_ids else seen


def visible_customers(viewer: Viewer, at: str = "") -> Q:
    """The customers that the viewer sees, reached by the relation `at` ("customer__")."""
    if Role.ADMIN in viewer.roles:
        return Q()
    shared = CustomerShare.filter(user_id=viewer.user_id).values("customer_id")
    conditions: dict[str, Any] = {f"{at}owner_id": viewer.user_id, f"{at}id__in": Subquery(shared)}
    if viewer.team_ids:
        conditions[f"{at}team_id__in"] = viewer.team_ids
    return Q(join_type=Q.OR, **conditions)
