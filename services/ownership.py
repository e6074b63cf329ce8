"""Whose a new row is: the people in question are looked up here, and `domain.ownership` decides."""

from domain.errors import DomainError, NotFound
from domain.ownership import Original, Ownership, Person, decide_owner
from domain.paths import INPUT
from domain.permissions import Action
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import USER
from rows.viewer import Viewer


async def choose_owner(
    client: TransactionClient,
    viewer: Viewer,
    action: Action,
    *,
    owner_id: int | None,
    customers_owner_id: int | None = None,
    original: Ownership | None = None,
) -> Ownership | DomainError:
    """Who gets the row that `viewer` makes by `action`; `owner_id` is the owner that they named, if any, `original`
    whose the order is that it is a return of."""
    if owner_id is not None and not await visible_ids(client, USER, viewer, [owner_id]):
        return NotFound(path=(*INPUT, "ownerId"))
    originals = original.owner_id if original else None
    people = await _people(client, viewer.user_id, owner_id, customers_owner_id, originals)
    return decide_owner(
        viewer,
        action,
        named=people.get(owner_id),
        customers_owner=people.get(customers_owner_id),
        self=people[viewer.user_id],
        original=Original(owner=people.get(originals), team_id=original.team_id) if original else None,
    )


async def _people(client: TransactionClient, *user_ids: int | None) -> dict[int | None, Person]:
    """The users, who stay as they are until the transaction ends: whoever deactivates one then finds their rows."""
    rows = await client.connection.fetch(
        "SELECT id, team_id, active FROM app_user WHERE id = ANY ($1::bigint[]) ORDER BY id FOR SHARE",
        sorted({user_id for user_id in user_ids if user_id is not None}),
    )
    return {row["id"]: Person(**dict(row)) for row in rows}
