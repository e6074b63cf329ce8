"""Somebody confirms or declines what a rule proposed."""

from typing import Any

from domain.errors import InvalidInput, NotFound, NotPermitted, Refused
from domain.levels import LevelProposalState
from domain.paths import INPUT
from domain.permissions import Action, may_with
from domain.problems import Problem
from domain.text import many_lines
from models import Customer, LevelProposal
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import CUSTOMER
from rows.viewer import Viewer
from services.clock import now
from services.customers.levels import LevelChange, change_levels
from services.idempotency import Request, once
from services.transaction import retrying, transaction

_CUSTOMER = "SELECT customer_id FROM level_proposal WHERE id = $1"


@retrying
async def decide_proposal(
    *,
    viewer: Viewer,
    proposal_id: int,
    decision: LevelProposalState,
    reason: str | None,
    mutation: str,
    idempotency_key: str | None = None,
) -> int:
    """Make the open proposal CONFIRMED, which gives the customer the level, or DECLINED; its id.

    Declined, the same is not proposed again until a rule changes or another level was proposed in between. `mutation`
    is the one that asks for it, with the place in it if it asks for many. Raises Refused with NotFound, NotPermitted,
    InvalidInput (it is not open any more, or the customer has another level by now) or IdempotencyKeyReused.
    """
    asked = {"id": proposal_id, "decision": decision, "reason": reason}
    request = Request(principal=viewer.user_id, mutation=mutation, key=idempotency_key, asked=asked)

    async def decide() -> int:
        customer, proposal = await _lock(client, viewer, proposal_id)
        if problems := tuple(many_lines((*INPUT, "reason"), reason)):
            raise Refused(*problems)
        if proposal.state is not LevelProposalState.OPEN or proposal.from_level != customer.level:
            raise Refused(InvalidInput(path=(*INPUT, "id"), problem=Problem.NOT_IN_STATE, limit="OPEN"))
        changed: dict[str, Any] = {"state": decision, "sole": None, "decided_at": now(), "by_id": viewer.user_id}
        await LevelProposal.filter(id=proposal_id).using_db(client).update(**changed, reason=reason)
        if decision is LevelProposalState.CONFIRMED:
            change = LevelChange(
                customer_id=customer.id,
                from_level=proposal.from_level,
                to_level=proposal.to_level,
                proposal_id=proposal_id,
            )
            await change_levels(client, [change], by=viewer.user_id, reason=reason)
        return proposal_id

    async with transaction() as client:
        outcome = await once(client, request, decide)
    return outcome.settle()


async def _lock(client: TransactionClient, viewer: Viewer, proposal_id: int) -> tuple[Customer, LevelProposal]:
    """The proposal with its customer, whose lock is the proposal's too: whoever writes one holds the other."""
    customer_id = await client.connection.fetchval(_CUSTOMER, proposal_id)
    if customer_id is None or not await visible_ids(client, CUSTOMER, viewer, [customer_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    customer = await Customer.get(id=customer_id, using_db=client)
    if not may_with(viewer, Action.DECIDE_LEVELS, owner_id=customer.owner_id, team_id=customer.team_id):
        raise Refused(NotPermitted(path=(*INPUT, "id")))
    return customer, await LevelProposal.get(id=proposal_id, using_db=client)
