"""Giving an order to another owner and team."""

from domain.errors import NotPermitted, Refused
from domain.events import Aggregate, EventType
from domain.orders.actions import OrderAction
from domain.orders.assigning import Assignment, assignment_problems
from domain.ownership import Ownership, Person
from domain.paths import INPUT
from domain.permissions import Action, may_with
from domain.users import new_ownership
from models import Order, OrderOwnerChange
from models.connection import TransactionClient
from rows.entities import TEAM, USER
from rows.viewer import Viewer
from services.clock import now
from services.idempotency import Request, once
from services.orders.locking import lock_order_as
from services.outbox import append
from services.references import sound, unseen
from services.tiers.classify import classify_written
from services.transaction import retrying, transaction

_HOLD = "SELECT id, team_id, active FROM app_user WHERE id = $1 FOR SHARE"


@retrying
async def assign_order(
    *,
    viewer: Viewer,
    order_id: int,
    expected_version: int,
    to: Assignment,
    mutation: str,
    idempotency_key: str | None = None,
) -> int:
    """Make the order that of `to`, if it still has `expected_version`; its id.

    `mutation` is the one that asks for it, with the place in it if it asks for many: each has keys of its own. The
    version grows by one, or not at all where the order is there already. Managers give orders of their teams to people
    and teams of theirs. Raises Refused with NotFound, NotPermitted, VersionConflict, InvalidInput or
    IdempotencyKeyReused.
    """
    asked = {"id": order_id, "expectedVersion": expected_version, "to": to}
    request = Request(principal=viewer.user_id, mutation=mutation, key=idempotency_key, asked=asked)

    async def assign() -> int:
        order = await lock_order_as(client, viewer, order_id, expected_version, OrderAction.ASSIGN)
        owner = await _destination(client, viewer, to)
        if (order.owner_id, order.team_id) != (owner.owner_id, owner.team_id):
            await _write(client, viewer, order, owner, to.reason)
        return order_id

    async with transaction() as client:
        outcome = await once(client, request, assign)
    return outcome.settle()


async def _destination(client: TransactionClient, viewer: Viewer, to: Assignment) -> Ownership:
    """Whose the order becomes. The person stays as they are until the transaction ends."""
    named = {"toUserId": (USER, to.to_user_id), "toTeamId": (TEAM, to.to_team_id)}
    if problems := [*assignment_problems(to), *await unseen(client, viewer, named)]:
        raise Refused(*problems)
    if to.to_user_id is None:
        owner = Ownership(owner_id=None, team_id=to.to_team_id)
    else:
        [held] = await client.connection.fetch(_HOLD, to.to_user_id)
        person = Person(**dict(held))
        owner = sound(new_ownership((*INPUT, "toUserId"), to=person, team_id=to.to_team_id))
    if not may_with(viewer, Action.ASSIGN, owner_id=None, team_id=owner.team_id):
        raise Refused(NotPermitted(path=(*INPUT, "toTeamId" if to.to_team_id else "toUserId")))
    return owner


async def _write(client: TransactionClient, viewer: Viewer, order: Order, owner: Ownership, reason: str | None) -> None:
    version, moment = order.version + 1, now()
    await (
        Order.filter(id=order.id)
        .using_db(client)
        .update(
            owner_id=owner.owner_id,
            team_id=owner.team_id,
            version=version,
            last_seq=order.last_seq + 1,
            updated_at=moment,
        )
    )
    await classify_written(client, order)
    await OrderOwnerChange.create(
        using_db=client,
        order_id=order.id,
        from_owner_id=order.owner_id,
        from_team_id=order.team_id,
        to_owner_id=owner.owner_id,
        to_team_id=owner.team_id,
        by_id=viewer.user_id,
        reason=reason,
        at=moment,
    )
    payload = {"version": version, "fromOwner": order.owner_id, "fromTeam": order.team_id}
    await append(
        client,
        aggregate=Aggregate.ORDER,
        aggregate_id=order.id,
        type=EventType.ORDER_ASSIGNED,
        before=order,
        payload=payload | {"owner": owner.owner_id, "team": owner.team_id, "by": viewer.user_id},
    )
