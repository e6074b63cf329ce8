"""Shutting a user out, and letting them in again."""

from domain.audit import AuditAction
from domain.errors import InvalidInput, NotFound, Refused
from domain.ownership import Ownership, Person
from domain.paths import INPUT
from domain.people import Role
from domain.problems import Problem
from domain.users import new_ownership
from models import User
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import USER
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.idempotency import Request, once
from services.records.moving import Chosen, move_all, owns_any
from services.references import sound
from services.sessions.endings import end_all_access
from services.transaction import retrying, transaction
from services.users.holding import check_admins_remain, hold_user

_SUCCESSOR = (*INPUT, "transferToId")


@retrying
async def deactivate_user(
    *, viewer: Viewer, user_id: int, transfer_to_id: int | None = None, idempotency_key: str | None = None
) -> int:
    """Shut the user out, within five seconds everywhere: sessions and API tokens end; the id.

    Customers, and leads and orders that are not over, go to the user `transfer_to_id`, up to
    `domain.users.MOST_TRANSFERRED` of each; what is left stays to be transferred. Whoever is inactive already stays as
    they are. Raises Refused with NotPermitted, NotFound, InvalidInput (a successor is needed, or is none), LastAdmin or
    IdempotencyKeyReused.
    """
    asked = {"id": user_id, "transferToId": transfer_to_id}
    request = Request(principal=viewer.user_id, mutation="userDeactivate", key=idempotency_key, asked=asked)

    async def deactivate() -> int:
        user = await hold_user(client, viewer, user_id, transfer_to_id)
        if user.active:
            await _deactivate(client, viewer, user, transfer_to_id)
        return user_id

    async with transaction() as client:
        outcome = await once(client, request, deactivate)
    return outcome.settle()


async def _deactivate(client: TransactionClient, viewer: Viewer, user: User, transfer_to_id: int | None) -> None:
    if Role.ADMIN in user.roles:
        await check_admins_remain(client, without=user.id, path=(*INPUT, "id"))
    to = await _successor(client, viewer, user, transfer_to_id)
    # First: whoever enters a row for this user, or signs in, has done so or finds them inactive.
    await User.filter(id=user.id).using_db(client).update(active=False, version=user.version + 1)
    await end_all_access(client, user_id=user.id)
    await client.connection.execute("DELETE FROM password_token WHERE user_id = $1", user.id)
    if to is None and await owns_any(client, user.id):
        raise Refused(InvalidInput(path=_SUCCESSOR, problem=Problem.SUCCESSOR_NEEDED))
    moved = await move_all(client, Chosen(owner_id=user.id), to, by=viewer.user_id) if to else {}
    facts = {"transferredTo": transfer_to_id and global_id(USER, transfer_to_id), **moved}
    await record(
        client, actor=viewer.user_id, action=AuditAction.USER_DEACTIVATED, subject=(USER, user.id), facts=facts
    )


async def _successor(
    client: TransactionClient, viewer: Viewer, user: User, transfer_to_id: int | None
) -> Ownership | None:
    if transfer_to_id is None:
        return None
    if not await visible_ids(client, USER, viewer, [transfer_to_id]):
        raise Refused(NotFound(path=_SUCCESSOR))
    if transfer_to_id == user.id:
        raise Refused(InvalidInput(path=_SUCCESSOR, problem=Problem.SUCCESSOR_NEEDED))
    found = await User.get(id=transfer_to_id, using_db=client)
    person = Person(id=found.id, team_id=found.team_id, active=found.active)
    return sound(new_ownership(_SUCCESSOR, to=person, team_id=None))


@retrying
async def reactivate_user(*, viewer: Viewer, user_id: int, idempotency_key: str | None = None) -> int:
    """Let the user sign in again, with the roles and the password that they had; the id.

    What was transferred stays transferred. Raises Refused with NotPermitted, NotFound or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="userReactivate", key=idempotency_key, asked={"id": user_id})

    async def reactivate() -> int:
        user = await hold_user(client, viewer, user_id)
        if not user.active:
            await User.filter(id=user_id).using_db(client).update(active=True, version=user.version + 1)
            await record(
                client,
                actor=viewer.user_id,
                action=AuditAction.USER_REACTIVATED,
                subject=(USER, user_id),
                facts={"roles": user.roles},
            )
        return user_id

    async with transaction() as client:
        outcome = await once(client, request, reactivate)
    return outcome.settle()
