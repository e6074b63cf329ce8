"""Users are held before they are changed, and there is always somebody who can administer."""

from domain.errors import LastAdmin, NotFound, NotPermitted, Refused
from domain.paths import INPUT, Path
from domain.people import Role
from domain.permissions import Action, may
from models import User
from models.connection import TransactionClient
from models.locks import AdvisoryLock
from rows.access import visible_ids
from rows.entities import USER
from rows.viewer import Viewer

# Not FOR UPDATE: whoever enters a row of these users only needs that they stay.
_HOLD = "SELECT id, active, roles FROM app_user WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"
_OTHERS = "SELECT EXISTS (SELECT FROM app_user WHERE active AND roles @> ARRAY[$2::text] AND id <> $1)"


async def hold_user(
    client: TransactionClient, viewer: Viewer, user_id: int, *also: int | None, path: Path = (*INPUT, "id")
) -> User:
    """The user, who changes by nobody else until the transaction ends, held with `also` and with who acts, by id.

    Raises Refused with NotPermitted unless `viewer` is an administrator at this moment, whatever they were seconds ago,
    and NotFound.
    """
    if not may(viewer, Action.ADMINISTER):
        raise Refused(NotPermitted())
    if not await visible_ids(client, USER, viewer, [user_id]):
        raise Refused(NotFound(path=path))
    ids = {viewer.user_id, user_id, *(other for other in also if other is not None)}
    held = {row["id"]: row for row in await client.connection.fetch(_HOLD, sorted(ids))}
    me = held[viewer.user_id]
    if not me["active"] or Role.ADMIN not in me["roles"]:
        raise Refused(NotPermitted())
    return await User.get(id=user_id, using_db=client)


async def check_admins_remain(client: TransactionClient, *, without: int, path: Path) -> None:
    """Raises Refused with LastAdmin if there is no active administrator beside the user `without`.

    Those who ask take turns until their transactions end, so that two of them do not count on each other.
    """
    await client.connection.execute("SELECT pg_advisory_xact_lock($1)", AdvisoryLock.ADMINISTRATORS)
    if not await client.connection.fetchval(_OTHERS, without, Role.ADMIN.value):
        raise Refused(LastAdmin(path=path))
