"""What pools made of their members when they gave leads, and how fairly they shared them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from domain.errors import InvalidInput
from domain.leads.assigning import MemberStanding
from domain.problems import Problem
from reads.assignments import told
from reads.errors import invalid_input
from reads.pools import ReadPools
from rows.declare import Entity
from rows.entities import LEAD, LEAD_POOL
from rows.parameters import Context, fill
from rows.sql import Compiler, ViewerShape

MOST_GIVEN = 200_000
"""Leads that are added up while somebody waits."""
_SEEN = "SELECT t.owner_id, t.team_id FROM lead t WHERE {seen}"
_POOL = "SELECT t.id FROM lead_pool t WHERE {seen}"
_DECISIONS = "SELECT id, candidates FROM lead_assignment WHERE lead_id = $1 AND candidates IS NOT NULL ORDER BY id"
_COUNT = """
SELECT count(*) FROM (
    SELECT FROM lead_assignment WHERE from_pool_id = $1 AND at >= $2 AND at < $3 AND to_owner_id IS NOT NULL LIMIT $4
) looked_at
"""
_SHARES = """
SELECT (c ->> 'user')::bigint AS user_id, count(*) FILTER (WHERE c ->> 'standing' = 'CHOSEN') AS received,
       trim_scale(round(sum((c ->> 'share')::numeric), 4))::text AS due,
       round(coalesce(sum(h.worth) FILTER (WHERE c ->> 'standing' = 'CHOSEN'), 0), $4::int)::text AS received_value,
       round(coalesce(sum(h.worth * (c ->> 'share')::numeric), 0), $4::int)::text AS due_value
FROM lead_assignment h CROSS JOIN LATERAL jsonb_array_elements(h.candidates) c
WHERE h.from_pool_id = $1 AND h.at >= $2 AND h.at < $3 AND h.to_owner_id IS NOT NULL AND h.candidates IS NOT NULL
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Considered:
    """Somebody whom a pool considered: their open leads, what came of it, and the part of the lead that was due."""

    user_id: int
    standing: MemberStanding
    held: int
    share: str


@dataclass(frozen=True)
class Decided:
    """A row of a lead's history, and who was considered then."""

    assignment_id: int
    candidates: Sequence[Considered]


@dataclass(frozen=True)
class Share:
    """What a member got of a pool's leads and what was due to them, in number and in the company's money."""

    user_id: int
    received: int
    due: str
    received_value: str
    due_value: str


async def explain_lead(pools: ReadPools, context: Context, shape: ViewerShape, lead_id: int) -> list[Decided] | None:
    """Who was considered whenever the lead was given; None unless the viewer sees it, and has it or may give it."""
    rows = await pools.fetch(*_of_one(_SEEN, LEAD, context, shape, lead_id), selective=False)
    if not rows or not told(context, rows[0]["owner_id"], rows[0]["team_id"]):
        return None
    found = await pools.fetch(_DECISIONS, [lead_id], selective=False)
    return [Decided(row["id"], [_considered(each) for each in orjson.loads(row["candidates"])]) for row in found]


async def pool_fairness(
    pools: ReadPools, context: Context, shape: ViewerShape, pool_id: int, *, begin: datetime, end: datetime
) -> list[Share] | None:
    """What each member received and was due of what the pool gave, from `begin` and before `end`.

    None unless the viewer sees the pool. Raises GraphQLError for more than `MOST_GIVEN` leads.
    """
    if not await pools.fetch(*_of_one(_POOL, LEAD_POOL, context, shape, pool_id), selective=False):
        return None
    [counted] = await pools.fetch(_COUNT, [pool_id, begin, end, MOST_GIVEN + 1], selective=True)
    if counted["count"] > MOST_GIVEN:
        raise invalid_input(InvalidInput(path=("givenFrom",), problem=Problem.TOO_MANY, limit=str(MOST_GIVEN)))
    rows = await pools.fetch(_SHARES, [pool_id, begin, end, context.currency_digits], selective=True)
    return [Share(**row) for row in rows]


def _of_one(sql: str, entity: Entity, context: Context, shape: ViewerShape, number: int) -> tuple[str, list[Any]]:
    """The statement and its arguments by which one row is found, if the viewer sees it."""
    compiler = Compiler(shape)
    seen = [f"t.id = {compiler.parameters.value(0, 0, 'bigint')}", compiler.visible(entity, "t")]
    return sql.format(seen=" AND ".join(filter(None, seen))), fill(compiler.parameters.sources, context, [[number]])


def _considered(facts: dict[str, Any]) -> Considered:
    return Considered(facts["user"], MemberStanding(facts["standing"]), facts["held"], facts["share"])
