"""Leads of pools that assign find an owner by themselves (自动分配), and whoever was considered is kept with them.

Locks: the pools that give, by id, since each has one place in its round; then the people, then the leads, as claims do.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from asyncpg import Record

from domain.leads.assigning import Given, GivingRules, Member, MemberStanding, OfferedLead, Turns, give
from domain.leads.lead import LeadMove
from domain.leads.pools import PoolStrategy
from domain.numbers import plain
from domain.people import Role
from models.connection import TransactionClient, pool
from rows.lead_seats import LOST_TO_DEADLINES, OPEN_STATUSES, RECEIVERS
from rows.off_duty import off_duty
from services.clock import now
from services.leads.facts import hold_people
from services.leads.moving import Hands, move_leads
from services.transaction import retrying, transaction

AT_ONCE = 1_000
"""Leads that wait and are looked at together."""
_POOLS = f"""
SELECT p.id, p.strategy, p.hold_limit, p.weight_floor_percent FROM lead_pool p
WHERE p.active AND p.strategy <> '{PoolStrategy.CLAIM}'
  AND p.id IN (SELECT l.pool_id FROM lead l WHERE l.id = ANY ($1::bigint[]))
ORDER BY p.id FOR NO KEY UPDATE
"""  # noqa: S608  # of names of ours
_MEMBERS = f"""
SELECT DISTINCT m.pool_id AS pool, u.id FROM {RECEIVERS}
WHERE m.pool_id = ANY ($1::bigint[]) AND u.team_id IS NOT NULL ORDER BY m.pool_id, u.id
"""  # noqa: S608  # as above
_LEADS = f"""
SELECT l.id, l.pool_id, l.owner_id FROM lead l
WHERE l.id = ANY ($1::bigint[]) AND l.status IN ({OPEN_STATUSES}) AND l.duplicate_of_id IS NULL
  AND (l.owner_id IS NULL OR $2)
ORDER BY l.id FOR NO KEY UPDATE
"""  # noqa: S608  # as above
_WAITING = f"""
SELECT l.id FROM lead l JOIN lead_pool p ON p.id = l.pool_id AND p.active AND p.strategy <> '{PoolStrategy.CLAIM}'
WHERE l.owner_id IS NULL AND l.status IN ({OPEN_STATUSES}) AND l.duplicate_of_id IS NULL
  AND ($1::bigint[] IS NULL OR l.id = ANY ($1::bigint[]))
ORDER BY l.pooled_at, l.id LIMIT $2
"""  # noqa: S608  # as above
_TURNS = "SELECT last_given_id FROM lead_pool WHERE id = $1"
_STANDINGS = f"""
SELECT u.id, u.team_id,
  coalesce(s.weight, (SELECT avg(o.weight) FROM lead_pool_standing o WHERE o.pool_id = $1), 1) AS weight,
  coalesce(s.credit, 0) AS credit,
  (SELECT count(*) FROM lead l WHERE l.owner_id = u.id AND l.pool_id = $1 AND l.status IN ({OPEN_STATUSES})) AS held,
  {off_duty("u.id", "$3::timestamptz")} AS off_duty
FROM app_user u LEFT JOIN lead_pool_standing s ON s.pool_id = $1 AND s.user_id = u.id
WHERE u.id = ANY ($2::bigint[]) AND u.active AND u.team_id IS NOT NULL AND '{Role.REP}' = ANY (u.roles) ORDER BY u.id
"""  # noqa: S608  # as above
_MISSED = f"""
SELECT h.lead_id, array_agg(DISTINCT h.from_owner_id) AS people FROM lead_assignment h
WHERE h.lead_id = ANY ($1::bigint[]) AND h.from_owner_id IS NOT NULL AND {LOST_TO_DEADLINES}
GROUP BY h.lead_id
"""  # noqa: S608  # as above
# A region that is within several of theirs is one skill.
_MATCHES = """
SELECT l.id AS lead, s.user_id AS person, count(DISTINCT asked.skill) AS matches
FROM lead l JOIN user_skill s ON s.user_id = ANY ($2::bigint[]) CROSS JOIN LATERAL (
  SELECT 'region' FROM region_closure c WHERE c.ancestor_id = s.region_id AND c.descendant_id = l.region_id
  UNION ALL SELECT 'industry' WHERE search_text(l.industry) = search_text(s.industry)
) asked (skill) WHERE l.id = ANY ($1::bigint[]) GROUP BY l.id, s.user_id
"""
_CREDIT = """
INSERT INTO lead_pool_standing (pool_id, user_id, taken, converted, weight, best, credit, measured_at)
SELECT $1, person, 0, 0, weight, false, credit, $5
FROM unnest($2::bigint[], $3::numeric[], $4::numeric[]) a (person, credit, weight)
ON CONFLICT (pool_id, user_id) DO UPDATE SET credit = excluded.credit
"""
_LAST = "UPDATE lead_pool SET last_given_id = $2 WHERE id = $1"


@dataclass(frozen=True, kw_only=True)
class Held:
    """What `hold_to_give` holds: the pools that give, and their members at that moment."""

    pools: Sequence[Record]
    members: Mapping[int, Sequence[int]]


async def hold_to_give(client: TransactionClient, lead_ids: Sequence[int], *owners: int) -> Held:
    """Hold the pools of leads that give by themselves, and all who can get or lose one: before the leads are held."""
    pools = await client.connection.fetch(_POOLS, lead_ids)
    found = await client.connection.fetch(_MEMBERS, [pool["id"] for pool in pools])
    members: dict[int, list[int]] = {}
    for row in found:
        members.setdefault(row["pool"], []).append(row["id"])
    await hold_people(client, [*(row["id"] for row in found), *owners])
    return Held(pools=pools, members=members)


@retrying
async def give_waiting(lead_ids: Sequence[int] | None = None, *, at_most: int = AT_ONCE) -> int:
    """Give leads that wait in pools which give by themselves, of `lead_ids` or of all, the oldest first; how many.

    A transaction of its own: who enters leads holds nobody's row, and what a crash leaves waiting is found again.
    """
    waiting = await pool().fetch(_WAITING, lead_ids, at_most)
    if not waiting:
        return 0
    # What they are by now is looked at once they are held.
    async with transaction() as client:
        return len(await give_leads(client, [row["id"] for row in waiting], at=now()))


async def give_leads(
    client: TransactionClient, lead_ids: Sequence[int], *, at: datetime, held: Held | None = None, rule: str = ""
) -> Collection[int]:
    """Give leads to members of their pools by the pools' strategies; those that found somebody.

    They are nobody's; or `held` is of `hold_to_give`, they are held, and go from their owner, who missed the deadline
    `rule`, to somebody else. The others stay as they are: a pool to
    compete for gives nothing, and others fall back to that when nobody can have a lead.
    """
    held = held or await hold_to_give(client, lead_ids)
    found = {row["id"]: row for row in await client.connection.fetch(_LEADS, lead_ids, bool(rule))}
    rows = [found[lead_id] for lead_id in lead_ids if lead_id in found]
    given: set[int] = set()
    for giving in held.pools:
        offered = [row for row in rows if row["pool_id"] == giving["id"]]
        given |= await _give_of(client, giving, held.members.get(giving["id"], ()), offered, at, rule)
    return given


async def _give_of(
    client: TransactionClient, giving: Record, members: Sequence[int], rows: Sequence[Record], at: datetime, rule: str
) -> set[int]:
    people = await client.connection.fetch(_STANDINGS, giving["id"], members, at)
    offered = await _offered(client, rows, members)
    turns = Turns(
        last=await client.connection.fetchval(_TURNS, giving["id"]),
        credits={row["id"]: row["credit"] for row in people},
    )
    rules = GivingRules(
        strategy=PoolStrategy(giving["strategy"]),
        hold_limit=giving["hold_limit"],
        floor=Decimal(giving["weight_floor_percent"]) / 100,
    )
    given, after = give(offered, [_member(row) for row in people], rules, turns)
    owned = {row["id"] for row in rows if row["owner_id"] is not None}
    for move, leads in (
        (LeadMove.ASSIGNED, [each for each in given if each.lead_id not in owned]),
        (LeadMove.REASSIGNED, [each for each in given if each.lead_id in owned]),
    ):
        hands = [_hands(each, rule or rules.strategy) for each in leads if each.to is not None]
        await move_leads(client, move, hands, at=at)
    if after is not turns:
        await client.connection.execute(_LAST, giving["id"], after.last)
        weights = {row["id"]: row["weight"] for row in people}
        credited = [(person, credit, weights.get(person, 1)) for person, credit in after.credits.items()]
        await client.connection.execute(_CREDIT, giving["id"], *map(list, zip(*credited, strict=True)), at)
    return {each.lead_id for each in given if each.to is not None}


async def _offered(client: TransactionClient, rows: Sequence[Record], members: Sequence[int]) -> list[OfferedLead]:
    ids = [row["id"] for row in rows]
    missed = {row["lead_id"]: set(row["people"]) for row in await client.connection.fetch(_MISSED, ids)}
    matches: dict[int, dict[int, int]] = {}
    for row in await client.connection.fetch(_MATCHES, ids, members):
        matches.setdefault(row["lead"], {})[row["person"]] = row["matches"]
    return [
        OfferedLead(
            id=row["id"],
            missed_by=frozenset(missed.get(row["id"], set()) | ({row["owner_id"]} - {None})),
            matches=matches.get(row["id"], {}),
        )
        for row in rows
    ]


def _member(row: Record) -> Member:
    return Member(
        id=row["id"], team_id=row["team_id"], held=row["held"], off_duty=row["off_duty"], weight=row["weight"]
    )


def _hands(given: Given, rule: str) -> Hands:
    if given.to is None:
        raise ValueError("nobody gets it")
    return Hands(
        lead_id=given.lead_id,
        owner_id=given.to.id,
        team_id=given.to.team_id,
        rule=rule,
        candidates=[_considered(each.member, each.standing, each.share) for each in given.considered],
    )


def _considered(member: Member, standing: MemberStanding, share: Decimal) -> dict[str, Any]:
    return {"user": member.id, "standing": standing, "held": member.held, "share": str(plain(round(share, 9)))}
