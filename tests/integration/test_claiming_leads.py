"""Leads are claimed: one winner each, and no limit passed, however many ask at once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest

from domain.errors import ErrorCode
from domain.leads.lead import LeadMove
from domain.people import Role
from models import Lead, LeadAssignment, LeadPoolStanding, Team, User
from rows.viewer import Viewer
from services.clock import clock_set_to
from services.idempotency import Outcome
from services.leads.claim import ClaimRequest, LeadClaims, claim_leads
from services.leads.hand_over import release_lead
from tests.factories import make_team, make_user
from tests.integration.writes import COMPANY, events, race, viewing
from tests.lead_factories import make_lead, make_pool

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Floor:
    """A team of three REPs, who compete."""

    team: Team
    reps: list[User]
    viewers: list[Viewer]


@pytest.fixture
async def floor(database: str) -> Floor:  # noqa: ARG001  # emptied before
    made = Floor()
    made.team = await make_team()
    made.reps = [await make_user(Role.REP, team=made.team) for _ in range(3)]
    made.viewers = [await viewing(rep) for rep in made.reps]
    return made


async def claim(*asked: tuple[Viewer, Lead | None], key: str | None = None) -> list[ErrorCode | int]:
    requests = [
        ClaimRequest(viewer=who, mutation="leadClaim", lead_id=lead and lead.id, idempotency_key=key)
        for who, lead in asked
    ]
    return [told(outcome) for outcome in await claim_leads(requests, company=COMPANY)]


def told(outcome: Outcome) -> ErrorCode | int:
    return outcome.errors[0].code if outcome.errors else outcome.settle()


async def test_a_claim_makes_the_lead_ones_own_with_deadlines_history_and_event(floor: Floor) -> None:
    pool = await make_pool(floor.team, first_contact_minutes=60, follow_up_minutes=90, convert_minutes=600)
    lead = await make_lead(pool=pool, expected_value=Decimal(50))
    with clock_set_to(NOON):
        assert await claim((floor.viewers[0], lead)) == [lead.id]
    now = await Lead.get(id=lead.id)
    assert (now.owner_id, now.team_id, now.assigned_at) == (floor.reps[0].id, floor.team.id, NOON)
    assert (now.contact_by, now.follow_up_by) == (NOON + timedelta(hours=1), None)
    assert now.convert_by == NOON + timedelta(hours=10)
    [row] = await LeadAssignment.all().values()
    assert (row["move"], row["from_owner_id"], row["to_owner_id"], row["by_id"]) == (
        LeadMove.CLAIMED,
        None,
        floor.reps[0].id,
        floor.reps[0].id,
    )
    assert (row["from_pool_id"], row["worth"]) == (pool.id, Decimal(50))
    assert await events("lead", lead.id) == [(1, "lead.claimed")]


async def test_whoever_asks_again_has_it_already_and_others_come_too_late(floor: Floor) -> None:
    lead = await make_lead(pool=await make_pool(floor.team))
    me, rival, _ = floor.viewers
    assert await claim((me, lead), (me, lead), (rival, lead)) == [lead.id, lead.id, ErrorCode.ALREADY_CLAIMED]
    assert await LeadAssignment.all().count() == 1


async def test_a_lead_of_a_pool_that_is_not_ones_own_is_not_there(floor: Floor) -> None:
    stranger = await viewing(await make_user(Role.REP, team=await make_team("Others")))
    lead = await make_lead(pool=await make_pool(floor.team))
    admin = await viewing(await make_user(Role.ADMIN, team=floor.team))
    assert await claim((stranger, lead), (stranger, None)) == [ErrorCode.NOT_FOUND, ErrorCode.NOTHING_TO_CLAIM]
    outside = await make_lead(pool=await make_pool())
    assert await claim((admin, outside)) == [ErrorCode.NOT_ELIGIBLE]


async def test_a_repeated_key_gets_the_answer_that_it_got(floor: Floor) -> None:
    lead, me, rival = await make_lead(pool=await make_pool(floor.team)), floor.viewers[0], floor.viewers[1]
    assert await claim((me, lead), key="k") == [lead.id]
    assert await claim((rival, lead), (rival, lead), key="k") == [ErrorCode.ALREADY_CLAIMED] * 2
    await release_lead(viewer=me, lead_id=lead.id, reason=None, mutation="leadRelease")
    assert await claim((rival, lead), key="k") == [ErrorCode.ALREADY_CLAIMED]
    assert await claim((me, None), key="k") == [ErrorCode.IDEMPOTENCY_KEY_REUSED]
    assert await claim((rival, lead)) == [lead.id]


async def test_a_quota_counts_claims_of_the_companys_day_also_of_leads_given_back(floor: Floor) -> None:
    pool, me = await make_pool(floor.team, claim_quota=1), floor.viewers[0]
    first, second = await make_lead(pool=pool), await make_lead(pool=pool)
    evening = datetime(2026, 6, 1, 22, 59, tzinfo=UTC)  # a minute to midnight in London
    with clock_set_to(evening):
        assert await claim((me, first)) == [first.id]
        await release_lead(viewer=me, lead_id=first.id, reason=None, mutation="leadRelease")
        [refused] = await claim_leads(
            [ClaimRequest(viewer=me, mutation="leadClaim", lead_id=second.id)], company=COMPANY
        )
        assert refused.errors[0].retry_at == evening + timedelta(minutes=1)  # type: ignore[attr-defined]  # QuotaExceeded
    with clock_set_to(evening + timedelta(minutes=1)):
        assert await claim((me, second)) == [second.id]


async def test_who_names_none_gets_the_best_that_waits(floor: Floor) -> None:
    pool = await make_pool(floor.team)
    cold, hot = await make_lead(pool=pool, score=10), await make_lead(pool=pool, score=90)
    await make_lead(pool=pool, score=99, duplicate_of=cold)
    me, rival, third = floor.viewers
    assert await claim((me, None), (rival, None), (third, None)) == [hot.id, cold.id, ErrorCode.NOTHING_TO_CLAIM]


async def test_the_best_are_offered_valuable_leads_first(floor: Floor) -> None:
    pool = await make_pool(floor.team)
    lead = await make_lead(pool=pool, head_start_until=NOON)
    best, other, _ = floor.reps
    await LeadPoolStanding.create(pool=pool, user=best, best=True, weight=1, measured_at=NOON)
    with clock_set_to(NOON - timedelta(minutes=1)):
        assert await claim((floor.viewers[1], lead), (floor.viewers[0], lead)) == [ErrorCode.HEAD_START, lead.id]
    assert other.id != best.id


async def test_of_many_who_ask_at_once_over_several_transactions_one_wins_each_lead(floor: Floor) -> None:
    pool = await make_pool(floor.team, claim_quota=4, hold_limit=3)
    leads = [await make_lead(pool=pool) for _ in range(12)]
    # As several processes would: each has claims of its own, and several transactions under way.
    processes = [LeadClaims(COMPANY) for _ in range(4)]

    async def ask(turn: int) -> ErrorCode | int:
        viewer, lead = floor.viewers[turn % 3], leads[(turn * 7) % 12]
        request = ClaimRequest(viewer=viewer, mutation="leadClaim", lead_id=lead.id)
        return await processes[turn % 4].claim(request)

    outcomes = await race(*((lambda turn=turn: ask(turn)) for turn in range(120)))
    rows = await LeadAssignment.filter(move=LeadMove.CLAIMED).values("lead_id", "to_owner_id")
    assert len({row["lead_id"] for row in rows}) == len(rows) == 9
    assert set(Counter(row["to_owner_id"] for row in rows).values()) == {3}
    owned = {row["id"]: row["owner_id"] for row in await Lead.exclude(owner_id=None).values("id", "owner_id")}
    assert owned == {row["lead_id"]: row["to_owner_id"] for row in rows}
    refused = Counter(outcome[0].code for outcome in outcomes if isinstance(outcome, tuple))
    assert refused.keys() <= {ErrorCode.ALREADY_CLAIMED, ErrorCode.HOLD_LIMIT_REACHED}


async def test_a_bad_request_fails_alone_and_an_asker_who_is_gone_does_not_take_others_along(floor: Floor) -> None:
    lead = await make_lead(pool=await make_pool(floor.team))
    claims, me = LeadClaims(COMPANY), floor.viewers[0]
    bad = ClaimRequest(viewer=me, mutation="leadClaim", lead_id=2**70)
    gone = asyncio.create_task(claims.claim(bad))
    good = asyncio.create_task(claims.claim(ClaimRequest(viewer=me, mutation="leadClaim", lead_id=lead.id)))
    bad_too = asyncio.create_task(claims.claim(bad))
    await asyncio.sleep(0)
    gone.cancel()
    assert await good == lead.id
    with pytest.raises(asyncpg.DataError):
        await bad_too
