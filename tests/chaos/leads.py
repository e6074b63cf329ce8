"""People who compete for leads of the demo, and what must be true of these afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from app.auth.keys import token_keys
from services.sessions.access_tokens import issue_access_token
from tests.chaos.demo import Demo

_TEAM = "INSERT INTO team (name, created_at) VALUES ('Racers', now()) RETURNING id"
_CLOSURE = "INSERT INTO team_closure (ancestor_id, descendant_id, depth) VALUES ($1, $1, 0)"
_REPS = """
INSERT INTO app_user (email, name, roles, team_id, active, created_at)
SELECT 'racer' || $1::bigint || '-' || n || '@chaos.example', 'Racer ' || n, ARRAY['REP'], $1::bigint, true, now()
FROM generate_series(1, $2::int) n RETURNING id
"""
_SESSIONS = """
INSERT INTO session (id, user_id, generation, token_hash, rotations, created_at, expires_at)
SELECT gen_random_uuid(), id, 1, '', ARRAY[]::timestamptz[], now(), now() + interval '1 day'
FROM unnest($1::bigint[]) id RETURNING id, user_id
"""
_POOL = """
INSERT INTO lead_pool (version, code, labels, rank, active, strategy, claim_quota, hold_limit, head_start_percent,
  on_breach, weight_floor_percent, created_at)
VALUES (1, $1, '{"en": "Race"}', 99, true, 'CLAIM', $2, $3, 20, 'RETURN_TO_POOL', 20, now()) RETURNING id
"""
_MEMBER = "INSERT INTO lead_pool_member (pool_id, team_id) VALUES ($1, $2)"
_LEADS = """
INSERT INTO lead
  (version, status, company, tags, pool_id, entered_at, pooled_at, score, breach, last_seq, updated_at)
SELECT 1, 'NEW', 'Race ' || n, '{}', $1, now(), now(), 0, 0, 0, now() FROM generate_series(1, $2::int) n RETURNING id
"""
# As if claimed an hour ago, to be called within the next 20 seconds.
_OWN = """
WITH owned AS (
  UPDATE lead SET owner_id = $2, team_id = $3, assigned_at = now() - interval '1 hour', last_seq = 1,
    contact_by = now() + (id % 20) * interval '1 second' WHERE id = ANY ($1::bigint[]) RETURNING *
), told AS (
  INSERT INTO outbox_event (aggregate, aggregate_id, seq, type, payload, created_at)
  SELECT 'lead', id, 1, 'lead.claimed', '{}', now() FROM owned
)
INSERT INTO lead_assignment (lead_id, move, to_owner_id, to_team_id, from_pool_id, to_pool_id, at)
SELECT id, 'CLAIMED', owner_id, team_id, pool_id, pool_id, now() FROM owned
"""
# Each owner is the last one of the lead's history, and everything in it follows from what was before.
_WRONG_OWNERS = """
SELECT count(*) FROM lead l LEFT JOIN LATERAL (
  SELECT h.to_owner_id FROM lead_assignment h WHERE h.lead_id = l.id ORDER BY h.id DESC LIMIT 1) last ON true
WHERE l.pool_id = $1 AND l.owner_id IS DISTINCT FROM last.to_owner_id
"""
_BROKEN_HISTORIES = """
SELECT count(*) FROM (
  SELECT h.from_owner_id, lag(h.to_owner_id) OVER (PARTITION BY h.lead_id ORDER BY h.id) AS before
  FROM lead_assignment h JOIN lead l ON l.id = h.lead_id WHERE l.pool_id = $1
) steps WHERE from_owner_id IS DISTINCT FROM before
"""
_MOST_CLAIMS = """
SELECT coalesce(max(claims), 0) FROM (
  SELECT count(*) AS claims FROM lead_assignment WHERE from_pool_id = $1 AND move = 'CLAIMED' GROUP BY to_owner_id) each
"""
_MOST_HELD = """
SELECT coalesce(max(held), 0) FROM (SELECT count(*) AS held FROM lead WHERE pool_id = $1 GROUP BY owner_id
  HAVING owner_id IS NOT NULL) each
"""
_UNTOLD = """
SELECT count(*) FROM lead l WHERE l.pool_id = $1 AND l.last_seq <> (
  SELECT count(*) FROM (SELECT aggregate, aggregate_id FROM event UNION ALL
    SELECT aggregate, aggregate_id FROM outbox_event) e WHERE e.aggregate = 'lead' AND e.aggregate_id = l.id)
"""


@dataclass(frozen=True)
class Racers:
    """REPs of one team, by id, each with the headers by which they are known."""

    connection: asyncpg.Connection
    team: int
    headers: Mapping[int, Mapping[str, str]]

    async def pool(self, code: str, leads: int, *, quota: int | None, limit: int | None) -> tuple[int, Sequence[int]]:
        """A pool of theirs with so many leads; the ids."""
        pool: int = await self.connection.fetchval(_POOL, code, quota, limit)
        await self.connection.execute(_MEMBER, pool, self.team)
        return pool, [row["id"] for row in await self.connection.fetch(_LEADS, pool, leads)]

    async def own(self, leads: Sequence[int], rep: int) -> None:
        """Let somebody have leads since an hour ago, of which each will be late within the next 20 seconds."""
        await self.connection.execute(_OWN, leads, rep, self.team)

    async def check(self, pool: int, *, quota: int | None, limit: int | None) -> None:
        """Each lead has the owner that its history tells, and nobody passed a limit."""
        fetch = self.connection.fetchval
        assert await fetch(_WRONG_OWNERS, pool) == 0
        assert await fetch(_BROKEN_HISTORIES, pool) == 0
        assert await fetch(_UNTOLD, pool) == 0
        assert quota is None or await fetch(_MOST_CLAIMS, pool) <= quota
        assert limit is None or await fetch(_MOST_HELD, pool) <= limit


async def racers(demo: Demo, count: int) -> Racers:
    """So many people who are signed in."""
    connection = await asyncpg.connect(demo.settings()["DATABASE_URL"])
    team = await connection.fetchval(_TEAM)
    await connection.execute(_CLOSURE, team)
    people = [row["id"] for row in await connection.fetch(_REPS, team, count)]
    key = token_keys(demo.settings()["SECRET_KEY"]).access
    headers = {
        row["user_id"]: {"authorization": f"Bearer {_token(key, row['user_id'], row['id'])}"}
        for row in await connection.fetch(_SESSIONS, people)
    }
    return Racers(connection, team, headers)


def _token(key: bytes, user_id: int, session_id: UUID) -> str:
    return issue_access_token(key, user_id=user_id, session_id=UUID(str(session_id)), now=datetime.now(UTC))
