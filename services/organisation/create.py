"""Making a team or a region."""

from dataclasses import asdict

from domain.audit import AuditAction
from domain.errors import Refused
from domain.organisation import NewTeam, node_problems
from models.connection import TransactionClient
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.idempotency import Request, once
from services.organisation.branches import CODE_ONCE, CODE_TAKEN, Branch, check_administrator
from services.references import answering, unseen
from services.transaction import retrying, transaction
from services.trees import hold_shape, place_node


@retrying
async def create_node(*, viewer: Viewer, branch: Branch, node: NewTeam, idempotency_key: str | None = None) -> int:
    """Make `node` of the tree `branch`; its id.

    Raises Refused with NotPermitted, InvalidInput, NotFound (the parent), AlreadyExists (the code is taken) or
    IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation=branch.mutation("Create"), key=idempotency_key, asked=node)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _create(client, viewer, branch, node))
    return outcome.settle()


async def _create(client: TransactionClient, viewer: Viewer, branch: Branch, node: NewTeam) -> int:
    check_administrator(viewer)
    await hold_shape(client, branch.tree)
    problems = [
        *node_problems(node),
        *await unseen(client, viewer, {"parentId": (branch.entity, node.parent_id)}),
    ]
    if problems:
        raise Refused(*problems)
    row = branch.model(created_at=now(), **asdict(node))
    with answering(CODE_ONCE, CODE_TAKEN):
        await row.save(using_db=client)
    node_id: int = row.pk
    await place_node(client, branch.tree, node_id=node_id)
    parent = {"parentId": node.parent_id and global_id(branch.entity, node.parent_id)}
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.TREE_NODE_CREATED,
        subject=(branch.entity, node_id),
        facts={name: value for name, value in asdict(node).items() if name != "parent_id"} | parent,
    )
    return node_id
