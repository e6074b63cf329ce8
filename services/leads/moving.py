"""The one statement by which leads change hands, of all paths: the lead, its deadlines, its history, the event.

Locks are taken before, in this order, by whoever gives leads or takes them away: the users who get or lose them, by
id; then, in a new statement, the leads by id. So what is counted of a user is complete when their row is held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson

from domain.events import Aggregate, EventType
from domain.leads.lead import LeadMove
from domain.pauses import PauseSubject
from models.connection import TransactionClient
from rows.events import SUBJECTS
from services.calendars.pauses import resume_many
from services.outbox import events_of

EVENTS = {
    LeadMove.CLAIMED: EventType.LEAD_CLAIMED,
    LeadMove.ASSIGNED: EventType.LEAD_ASSIGNED,
    LeadMove.ROUTED: EventType.LEAD_ASSIGNED,
    LeadMove.REASSIGNED: EventType.LEAD_ASSIGNED,
    LeadMove.RELEASED: EventType.LEAD_RELEASED,
    LeadMove.RECYCLED: EventType.LEAD_RECYCLED,
}


@dataclass(frozen=True, kw_only=True)
class Hands:
    """A lead goes to `owner_id` of `team_id`, or for None to nobody, and then waits in its pool.

    `by` is who did it, None for a rule. `candidates` are those whom a rule considered.
    """

    lead_id: int
    owner_id: int | None
    team_id: int | None
    by: int | None = None
    reason: str | None = None
    rule: str | None = None
    candidates: Sequence[dict[str, Any]] | None = None


async def move_leads(client: TransactionClient, move: LeadMove, hands: Sequence[Hands], *, at: datetime) -> None:
    """Put leads into other hands, each once; all of them are locked. Deadlines of a new owner run from `at`."""
    if not hands:
        return
    columns = [
        [each.lead_id for each in hands],
        [each.owner_id for each in hands],
        [each.team_id for each in hands],
        [each.by for each in hands],
        [each.reason for each in hands],
        [each.rule for each in hands],
        [None if each.candidates is None else orjson.dumps(each.candidates).decode() for each in hands],
    ]
    await client.connection.execute(statement(move), *columns, at)
    if move is not LeadMove.CLAIMED:
        # Whoever has it next waits for nobody yet; a lead that is nobody's waits for nobody at all.
        await resume_many(client, PauseSubject.LEAD, [each.lead_id for each in hands], at)


@cache
def statement(move: LeadMove) -> str:
    owned = "m.owner_id IS NOT NULL"
    tell = events_of(
        Aggregate.LEAD,
        EVENTS[move],
        rows="changed t JOIN move m ON m.lead_id = t.id ORDER BY t.id",
        payload=f"""jsonb_strip_nulls(jsonb_build_object('version', t.version, 'move', '{move}', 'by', m.by_id,
          'fromOwner', t.before_owner_id, 'fromTeam', t.before_team_id, 'owner', t.owner_id, 'team', t.team_id,
          'rule', m.rule))""",
        at="$8::timestamptz",
        before={name: f"t.before_{name}" for name in SUBJECTS[Aggregate.LEAD].facts},
    )
    before = ", ".join(f"old.{name} AS before_{name}" for name in SUBJECTS[Aggregate.LEAD].facts)
    return f"""
WITH move AS MATERIALIZED (
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::jsonb[])
    AS m (lead_id, owner_id, team_id, by_id, reason, rule, candidates)
), changed AS (
  UPDATE lead l SET
    owner_id = m.owner_id, team_id = m.team_id, breach = 0, last_seq = l.last_seq + 1, updated_at = $8,
    assigned_at = CASE WHEN {owned} THEN $8::timestamptz END,
    pooled_at = CASE WHEN {owned} THEN l.pooled_at ELSE $8 END,
    head_start_until = CASE WHEN NOT ({owned}) AND l.expected_value >= p.head_start_value
                       THEN $8 + p.head_start_minutes * interval '1 minute' END,
    contact_by = CASE WHEN {owned} THEN {_due("p.first_contact_minutes")} END,
    follow_up_by = CASE WHEN {owned} AND p.first_contact_minutes IS NULL THEN {_due("p.follow_up_minutes")} END,
    convert_by = CASE WHEN {owned} THEN {_due("p.convert_minutes")} END
  FROM move m JOIN lead held ON held.id = m.lead_id LEFT JOIN lead_pool p ON p.id = held.pool_id
  WHERE l.id = m.lead_id
  RETURNING l.*, {before}
), kept AS (
  INSERT INTO lead_assignment
    (lead_id, move, from_owner_id, from_team_id, from_pool_id, to_owner_id, to_team_id, to_pool_id,
     by_id, reason, rule, worth, candidates, at)
  SELECT t.id, '{move}', t.before_owner_id, t.before_team_id, t.before_pool_id, t.owner_id, t.team_id, t.pool_id,
    m.by_id, m.reason, m.rule, t.expected_value, m.candidates, $8
  FROM changed t JOIN move m ON m.lead_id = t.id ORDER BY t.id
)
{tell}
"""  # noqa: S608  # of names of ours


def _due(minutes: str) -> str:
    """SQL of the moment when so many minutes of pool `p`'s working time are over; null for none."""
    return f"add_working_time(coalesce(p.calendar_id, company_calendar()), $8::timestamptz, {minutes} * 60)"
