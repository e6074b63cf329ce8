"""A region or a team came under another one: where tier rules look at the tree, a job classifies what is below it."""

from domain.jobs import JobKind
from models.connection import TransactionClient
from rows.declare import Entity
from services.jobs.create import create_job
from services.tiers.rules import rules_that_stay


async def branch_moved(client: TransactionClient, entity: Entity, node_id: int) -> None:
    """Have open orders below the node classified, which was just moved, and those of customers there.

    The job is nobody's, so that it is refused to nobody; workers find it within seconds.
    """
    rules = await rules_that_stay(client)
    if rules and entity.name in rules.rules.trees:
        below = {"entity": entity.name, "node": node_id}
        await create_job(client, kind=JobKind.TIER_RULES, started_by=None, parameters={"below": below})
