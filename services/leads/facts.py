"""What decisions about leads know, read under the locks of people and leads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from asyncpg import Record

from domain.leads.claiming import ClaimedLead, PoolRules, Seats, Standing
from domain.leads.lead import LeadStatus
from models.connection import TransactionClient
from rows.lead_seats import CLAIMED_TODAY, HELD, LOST_TO_DEADLINES, MEMBER, OPEN_STATUSES, POOLS_OF_ME, day_of
from services.company import Company

LEAD = "l.id, l.status, l.owner_id, l.team_id, l.pool_id, l.pooled_at, l.duplicate_of_id, l.head_start_until"
"""The columns that `lead_of` reads."""

HOLD_PEOPLE = """
SELECT id, team_id FROM app_user WHERE id = ANY ($1::bigint[]) AND active ORDER BY id FOR NO KEY UPDATE
"""
HOLD_LEADS = f"SELECT {LEAD} FROM lead l WHERE l.id = ANY ($1::bigint[]) ORDER BY l.id FOR NO KEY UPDATE"  # noqa: S608  # of names of ours
# Nobody waits here for a lead that somebody else is about to get.
_HOLD_WAITING = f"""
SELECT {LEAD} FROM unnest($1::bigint[]) pool CROSS JOIN LATERAL (
  SELECT * FROM lead w WHERE w.pool_id = pool AND w.owner_id IS NULL AND w.status IN ({OPEN_STATUSES})
    AND w.duplicate_of_id IS NULL
  ORDER BY w.score DESC, w.id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
) l ORDER BY l.score DESC, l.id
"""  # noqa: S608  # of names of ours
_POOLS_OF = f"""
SELECT DISTINCT o.pool_id FROM ({POOLS_OF_ME.format(me="$1::bigint")}) o
JOIN lead_pool p ON p.id = o.pool_id AND p.active ORDER BY o.pool_id
"""  # noqa: S608  # of names of ours
# A day of a pool is one of the company's zone.
SEATS = f"""
SELECT u.id AS person, p.id AS pool, p.claim_quota, p.hold_limit, p.cool_down_minutes, d.day_ends,
  {MEMBER} AS member, {CLAIMED_TODAY} AS claimed_today, {HELD} AS held, coalesce(s.best, false) AS best
FROM unnest($1::bigint[], $2::bigint[]) a (person, pool)
JOIN app_user u ON u.id = a.person
JOIN lead_pool p ON p.id = a.pool AND p.active
LEFT JOIN lead_pool_standing s ON s.pool_id = p.id AND s.user_id = u.id
CROSS JOIN LATERAL {day_of("$3::timestamptz", "$4")}
"""  # noqa: S608  # of names of ours
LOST = f"""
SELECT a.person, a.lead, max(h.at) AS at
FROM unnest($1::bigint[], $2::bigint[]) a (person, lead)
JOIN lead_assignment h ON h.lead_id = a.lead AND h.from_owner_id = a.person AND {LOST_TO_DEADLINES}
GROUP BY a.person, a.lead
"""  # noqa: S608  # of names of ours


async def hold_people(client: TransactionClient, people: Iterable[int]) -> dict[int, int | None]:
    """Hold the rows of users, by id, until the transaction ends; the teams of those who are active."""
    rows = await client.connection.fetch(HOLD_PEOPLE, sorted(set(people)))
    return {row["id"]: row["team_id"] for row in rows}


async def hold_leads(client: TransactionClient, ids: Iterable[int]) -> dict[int, ClaimedLead]:
    """Hold the leads that there are, by id, until the transaction ends."""
    rows = await client.connection.fetch(HOLD_LEADS, sorted(set(ids)))
    return {row["id"]: lead_of(row) for row in rows}


async def hold_waiting(client: TransactionClient, pools: Iterable[int], *, at_most: int) -> list[ClaimedLead]:
    """Hold up to `at_most` of the best leads that wait in each pool and that nobody else holds; the best first."""
    rows = await client.connection.fetch(_HOLD_WAITING, sorted(set(pools)), at_most)
    return [lead_of(row) for row in rows]


async def pools_of(client: TransactionClient, person: int) -> Sequence[int]:
    """The pools in use of which somebody is a member."""
    return [row["pool_id"] for row in await client.connection.fetch(_POOLS_OF, person)]


async def seats_of(
    client: TransactionClient, places: Iterable[tuple[int, int]], *, at: datetime, company: Company
) -> tuple[dict[int, PoolRules], Seats]:
    """How people stand in pools, each given as the two ids, and the rules of those pools that are in use."""
    people, pools = _apart(places)
    rows = await client.connection.fetch(SEATS, people, pools, at, company.zone.key)
    rules = {row["pool"]: _rules(row) for row in rows}
    return rules, {(row["person"], row["pool"]): _standing(row) for row in rows}


async def losses_of(client: TransactionClient, pairs: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], datetime]:
    """When somebody last lost a lead to a deadline, by the two ids."""
    people, leads = _apart(pairs)
    rows = await client.connection.fetch(LOST, people, leads) if people else []
    return {(row["person"], row["lead"]): row["at"] for row in rows}


def lead_of(row: Record) -> ClaimedLead:
    """A lead of the columns LEAD."""
    return ClaimedLead(
        id=row["id"],
        status=LeadStatus(row["status"]),
        owner_id=row["owner_id"],
        team_id=row["team_id"],
        pool_id=row["pool_id"],
        was_pooled=row["pooled_at"] is not None or row["owner_id"] is None,
        duplicate=row["duplicate_of_id"] is not None,
        head_start_until=row["head_start_until"],
    )


def _rules(row: Record) -> PoolRules:
    minutes = row["cool_down_minutes"]
    return PoolRules(
        id=row["pool"],
        claim_quota=row["claim_quota"],
        hold_limit=row["hold_limit"],
        cool_down=None if minutes is None else timedelta(minutes=minutes),
        day_ends=row["day_ends"],
    )


def _standing(row: Record) -> Standing:
    return Standing(member=row["member"], claimed_today=row["claimed_today"], held=row["held"], best=row["best"])


def _apart(pairs: Iterable[tuple[int, int]]) -> tuple[Sequence[int], Sequence[int]]:
    each = sorted(set(pairs))
    return [first for first, _ in each], [second for _, second in each]
