"""Changing a team or a region: what it is called, and what it is below."""

from typing import Any

from domain.audit import AuditAction
from domain.errors import InvalidInput, NotFound, Refused, VersionConflict
from domain.organisation import TeamChanges, node_problems
from domain.paths import INPUT
from domain.problems import Problem
from domain.unset import Unset
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.idempotency import Request, once
from services.organisation.branches import CODE_ONCE, CODE_TAKEN, Branch, check_administrator
from services.references import answering, unseen
from services.tiers.branches import branch_moved
from services.transaction import retrying, transaction
from services.trees import CycleError, change_shape, move_node


@retrying
async def update_node(
    *,
    viewer: Viewer,
    branch: Branch,
    node_id: int,
    expected_version: int,
    changes: TeamChanges,
    idempotency_key: str | None = None,
) -> int:
    """Change the node if it still has `expected_version`; its id. Its version grows by one, if anything changes.

    Under another parent it takes along all that is below it; who sees what follows within five seconds, and a job
    classifies open orders below it where tier rules look at the tree. Raises Refused with NotPermitted, NotFound,
    VersionConflict, InvalidInput, AlreadyExists or IdempotencyKeyReused.
    """
    asked = {"id": node_id, "expectedVersion": expected_version, "changes": changes}
    request = Request(principal=viewer.user_id, mutation=branch.mutation("Update"), key=idempotency_key, asked=asked)

    async def update() -> int:
        check_administrator(viewer)
        if not isinstance(changes.parent_id, Unset):
            await change_shape(client, branch.tree)  # before any row: whoever moves another node waits for all of it
        before = await _lock(client, viewer, branch, node_id, expected_version)
        await _check(client, viewer, branch, changes)
        await _change(client, viewer, branch, before, changes)
        return node_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


async def _lock(
    client: TransactionClient, viewer: Viewer, branch: Branch, node_id: int, expected_version: int
) -> dict[str, Any]:
    if not await visible_ids(client, branch.entity, viewer, [node_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    [node] = await branch.model.filter(id=node_id).using_db(client).values()
    if node["version"] != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=node["version"]))
    return node


async def _check(client: TransactionClient, viewer: Viewer, branch: Branch, changes: TeamChanges) -> None:
    problems = [
        *node_problems(changes),
        *await unseen(client, viewer, {"parentId": (branch.entity, changes.parent_id)}),
    ]
    if problems:
        raise Refused(*problems)


async def _change(
    client: TransactionClient, viewer: Viewer, branch: Branch, before: dict[str, Any], changes: TeamChanges
) -> None:
    after = {name: getattr(changes, name) for name in changes.mentioned}
    changed = {name: value for name, value in after.items() if before[name] != value}
    if not changed:
        return
    node_id: int = before["id"]
    moves = "parent_id" in changed
    if moves:
        await _move(client, branch, node_id, changed["parent_id"])
        await branch_moved(client, branch.entity, node_id)
    with answering(CODE_ONCE, CODE_TAKEN):
        await branch.model.filter(id=node_id).using_db(client).update(**changed, version=before["version"] + 1)
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.TREE_NODE_MOVED if moves else AuditAction.TREE_NODE_UPDATED,
        subject=(branch.entity, node_id),
        facts={"from": _facts(branch, before, changed), "to": _facts(branch, changed, changed)},
    )


async def _move(client: TransactionClient, branch: Branch, node_id: int, parent_id: int | None) -> None:
    try:
        await move_node(client, branch.tree, node_id=node_id, parent_id=parent_id)
    except CycleError as cycle:
        raise Refused(InvalidInput(path=(*INPUT, "parentId"), problem=Problem.WITHIN_ITSELF)) from cycle


def _facts(branch: Branch, values: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    facts = {name: values[name] for name in names if name != "parent_id"}
    if "parent_id" in names:
        facts["parentId"] = values["parent_id"] and global_id(branch.entity, values["parent_id"])
    return facts
