"""Removing a team or a region that nothing refers to."""

import asyncpg

from domain.audit import AuditAction
from domain.errors import InUse, NotFound, Refused
from domain.paths import INPUT
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.viewer import Viewer
from services.audit import record
from services.counting.fold import fold_all, is_pending
from services.idempotency import Request, once
from services.organisation.branches import Branch, check_administrator
from services.transaction import retrying, savepoint, transaction
from services.trees import change_shape


@retrying
async def delete_node(*, viewer: Viewer, branch: Branch, node_id: int, idempotency_key: str | None = None) -> int:
    """Remove the node; the id that it had. Only what has nothing below it and is named by no row can go.

    Raises Refused with NotPermitted, NotFound, InUse or IdempotencyKeyReused.
    """
    asked = {"id": node_id}
    request = Request(principal=viewer.user_id, mutation=branch.mutation("Delete"), key=idempotency_key, asked=asked)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _delete(client, viewer, branch, node_id))
    return outcome.settle()


async def _delete(client: TransactionClient, viewer: Viewer, branch: Branch, node_id: int) -> int:
    check_administrator(viewer)
    await change_shape(client, branch.tree)
    if not await visible_ids(client, branch.entity, viewer, [node_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    if branch.tree.counted:
        await fold_all(client)  # while it is known which teams are above this one
    try:
        # Foreign keys know who refers to it, whatever tables there will be.
        async with savepoint(client):
            name = await client.connection.fetchval(
                f"DELETE FROM {branch.tree.nodes} WHERE id = $1 RETURNING name",  # noqa: S608  # a table of ours
                node_id,
            )
    except (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError) as reference:
        raise Refused(InUse(path=(*INPUT, "id"))) from reference
    if branch.tree.counted and await is_pending(client, team_id=node_id):
        raise Refused(InUse(path=(*INPUT, "id")))  # its last order left it in between
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.TREE_NODE_DELETED,
        subject=(branch.entity, node_id),
        facts={"name": name},
    )
    return node_id
