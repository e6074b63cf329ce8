"""Leads whose owners missed a deadline find another owner by themselves: recycled, reassigned, or shown to managers.

Sets of them are worked off, oldest first, by any number of workers. They take the locks that claims take, and what
somebody holds just now is left for the next time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from asyncpg import Record

from domain.events import Aggregate, EventType
from domain.leads.lead import LeadMove
from domain.leads.pools import OnBreach
from models.connection import TransactionClient
from rows.events import SUBJECTS
from rows.lead_seats import OPEN_STATUSES
from services.clock import now
from services.leads.giving import give_leads, hold_to_give
from services.leads.moving import Hands, move_leads
from services.outbox import events_of
from services.transaction import retrying, transaction

AT_ONCE = 2_000
_DUE = f"""l.owner_id IS NOT NULL AND l.breach = 0 AND l.status IN ({OPEN_STATUSES})
  AND least(l.contact_by, l.follow_up_by, l.convert_by) <= $1"""
_FIND = f"""
SELECT l.id, l.owner_id FROM lead l WHERE {_DUE}
ORDER BY least(l.contact_by, l.follow_up_by, l.convert_by), l.id LIMIT $2
"""  # noqa: S608  # of names of ours
# Whose owner is another one by now is not looked at: the new owner is not held.
_HOLD = f"""
SELECT l.id, p.on_breach, p.active, CASE WHEN l.contact_by <= $1 THEN 'FIRST_CONTACT'
    WHEN l.follow_up_by <= $1 THEN 'FOLLOW_UP' ELSE 'CONVERSION' END AS missed
FROM unnest($2::bigint[], $3::bigint[]) a (id, owner_id)
JOIN lead l ON l.id = a.id AND l.owner_id = a.owner_id JOIN lead_pool p ON p.id = l.pool_id
WHERE {_DUE} ORDER BY l.id FOR NO KEY UPDATE OF l SKIP LOCKED
"""  # noqa: S608  # as above
_BEFORE = {name: f"t.{name}" for name in SUBJECTS[Aggregate.LEAD].facts}
_ESCALATE = f"""
WITH asked AS (SELECT * FROM unnest($1::bigint[], $2::text[]) a (id, missed)), changed AS (
  UPDATE lead l SET breach = 1, last_seq = l.last_seq + 1, updated_at = $3 FROM asked a WHERE l.id = a.id
  RETURNING l.*, a.missed
), kept AS (
  INSERT INTO lead_assignment (lead_id, move, from_owner_id, from_team_id, from_pool_id, to_owner_id, to_team_id,
    to_pool_id, rule, worth, at)
  SELECT id, '{LeadMove.ESCALATED}', owner_id, team_id, pool_id, owner_id, team_id, pool_id, missed, expected_value, $3
  FROM changed ORDER BY id
)
{
    events_of(
        Aggregate.LEAD,
        EventType.LEAD_ESCALATED,
        rows="changed t ORDER BY t.id",
        payload="jsonb_build_object('owner', t.owner_id, 'team', t.team_id, 'rule', t.missed)",
        at="$3::timestamptz",
        before=_BEFORE,
    )
}
"""  # noqa: S608  # as above


@retrying
async def settle_breaches(*, at_most: int = AT_ONCE) -> int:
    """Do what pools say about up to `at_most` leads with a missed deadline, the oldest first; how many.

    RETURN_TO_POOL: nobody's, for all to claim. REASSIGN: to another member by the pool's strategy, or nobody's where
    nobody can have it. ESCALATE: it stays, and managers are told, once for each deadline.
    """
    moment = now()
    async with transaction() as client:
        due = await client.connection.fetch(_FIND, moment, at_most)
        if not due:
            return 0
        owners = [row["owner_id"] for row in due]
        held = await hold_to_give(client, [row["id"] for row in due], *owners)
        rows = await client.connection.fetch(_HOLD, moment, [row["id"] for row in due], owners)
        kinds = {kind: [row for row in rows if row["on_breach"] == kind] for kind in OnBreach}
        given: set[int] = set()
        for missed in sorted({row["missed"] for row in kinds[OnBreach.REASSIGN]}):
            ids = [row["id"] for row in kinds[OnBreach.REASSIGN] if row["missed"] == missed]
            given |= set(await give_leads(client, ids, at=moment, held=held, rule=missed))
        back = [row for row in rows if row["on_breach"] != OnBreach.ESCALATE and row["id"] not in given]
        await _recycle(client, back, moment)
        await _escalate(client, kinds[OnBreach.ESCALATE], moment)
    return len(rows)


async def _recycle(client: TransactionClient, rows: Sequence[Record], at: datetime) -> None:
    hands = [Hands(lead_id=row["id"], owner_id=None, team_id=None, rule=row["missed"]) for row in rows]
    await move_leads(client, LeadMove.RECYCLED, hands, at=at)


async def _escalate(client: TransactionClient, rows: Collection[Record], at: datetime) -> None:
    if rows:
        await client.connection.execute(_ESCALATE, [row["id"] for row in rows], [row["missed"] for row in rows], at)
