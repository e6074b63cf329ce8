"""What people do with leads, and what becomes of those about which nothing is done."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.errors import ErrorCode
from domain.leads.lead import FollowUpChannel, FollowUpResult, LeadMove, LeadStatus
from domain.leads.pools import OnBreach, PoolStrategy
from domain.leads.sharing import LeadShareEntry
from domain.leads.working import Disqualification, HandOver, NewFollowUp
from domain.managed_lists import ReasonKind
from domain.people import Role
from models import Customer, Lead, LeadAssignment, LeadPool, LeadPoolStanding, Leave, Reason, Team, User
from rows.viewer import Viewer
from services.calendars.deadlines import make_open_deadlines
from services.clock import clock_set_to
from services.leads.breaches import settle_breaches
from services.leads.claim import ClaimRequest, claim_leads
from services.leads.close import disqualify_lead
from services.leads.convert import convert_lead
from services.leads.follow_up import follow_up_lead
from services.leads.giving import give_leads, give_waiting
from services.leads.hand_over import assign_lead, release_lead
from services.leads.pausing import pause_lead, resume_lead
from services.leads.share import share_lead
from services.leads.standings import measure_standings
from services.transaction import transaction
from tests.factories import make_team, make_user
from tests.integration.writes import COMPANY, events, race, refusals, viewing
from tests.lead_factories import make_lead, make_pool

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Floor:
    """A team of three REPs with its manager."""

    team: Team
    reps: list[User]
    viewers: list[Viewer]
    manager: Viewer


@pytest.fixture
async def floor(database: str) -> Floor:  # noqa: ARG001  # emptied before
    made = Floor()
    made.team = await make_team()
    made.reps = [await make_user(Role.REP, team=made.team) for _ in range(3)]
    made.viewers = [await viewing(rep) for rep in made.reps]
    made.manager = await viewing(await make_user(Role.MANAGER, team=made.team))
    return made


async def moves(lead: Lead) -> list[tuple[str, int | None, int | None, str | None]]:
    rows = await LeadAssignment.filter(lead_id=lead.id).order_by("id").values()
    return [(row["move"], row["from_owner_id"], row["to_owner_id"], row["rule"]) for row in rows]


async def now_is(lead: Lead) -> Lead:
    return await Lead.get(id=lead.id)


def follow_up(**facts: object) -> NewFollowUp:
    said = {"channel": FollowUpChannel.PHONE, "result": FollowUpResult.REACHED, "content": "hello"}
    return NewFollowUp(**(said | facts))  # type: ignore[arg-type]  # its fields


async def assign(viewer: Viewer, lead: Lead, to: User, *, anew: bool = False) -> int:
    return await assign_lead(
        viewer=viewer, lead_id=lead.id, to=HandOver(to_user_id=to.id), anew=anew, company=COMPANY, mutation="leadAssign"
    )


async def test_a_lead_goes_to_somebody_and_back_to_its_pool_and_the_history_says_so(floor: Floor) -> None:
    lead = await make_lead(
        pool=await make_pool(floor.team, head_start_minutes=5, head_start_value=10), expected_value=10
    )
    first, second, _ = floor.reps
    await assign(floor.manager, lead, first)
    await assign(floor.manager, lead, first)
    assert [error.code for error in await refusals(assign(floor.manager, lead, second))] == [ErrorCode.ALREADY_CLAIMED]
    await assign(floor.manager, lead, second, anew=True)
    with clock_set_to(NOON):
        await release_lead(viewer=floor.viewers[1], lead_id=lead.id, reason="wrong region", mutation="leadRelease")
    assert await moves(lead) == [
        (LeadMove.ASSIGNED, None, first.id, None),
        (LeadMove.REASSIGNED, first.id, second.id, None),
        (LeadMove.RELEASED, second.id, None, None),
    ]
    after = await now_is(lead)
    assert (after.owner_id, after.team_id, after.pooled_at) == (None, None, NOON)
    assert after.head_start_until == NOON + timedelta(minutes=5)


async def test_only_who_assigns_gives_leads_and_only_within_limits(floor: Floor) -> None:
    pool = await make_pool(floor.team, hold_limit=1)
    mine, lead = await make_lead(owner=floor.reps[0], pool=pool), await make_lead(pool=pool)
    outsider = await make_user(Role.REP, team=await make_team("Others"))
    for viewer, to, code in (
        (floor.viewers[0], floor.reps[1], ErrorCode.NOT_PERMITTED),
        (floor.manager, outsider, ErrorCode.NOT_PERMITTED),
        (floor.manager, floor.reps[0], ErrorCode.HOLD_LIMIT_REACHED),
    ):
        assert [error.code for error in await refusals(assign(viewer, lead, to))] == [code]
    free = await make_lead(owner=floor.reps[0])
    kept = release_lead(viewer=floor.viewers[0], lead_id=free.id, reason=None, mutation="leadRelease")
    assert [error.code for error in await refusals(kept)] == [ErrorCode.NOT_ELIGIBLE]
    assert await LeadAssignment.all().count() == 0
    assert mine.id


async def test_claims_and_assignments_together_never_pass_a_limit(floor: Floor) -> None:
    pool = await make_pool(floor.team, hold_limit=3)
    leads = [await make_lead(pool=pool) for _ in range(8)]
    rep, viewer = floor.reps[0], floor.viewers[0]

    async def claim(lead: Lead) -> object:
        [outcome] = await claim_leads(
            [ClaimRequest(viewer=viewer, mutation="leadClaim", lead_id=lead.id)], company=COMPANY
        )
        return outcome.settle()

    contestants = [
        (lambda lead=lead, place=place: claim(lead) if place % 2 else assign(floor.manager, lead, rep))
        for place, lead in enumerate(leads)
    ]
    await race(*contestants)
    assert await Lead.filter(owner_id=rep.id).count() == 3


async def test_the_first_follow_up_since_the_assignment_meets_the_first_deadline(floor: Floor) -> None:
    pool = await make_pool(floor.team, first_contact_minutes=60, follow_up_minutes=120)
    with clock_set_to(NOON - HOUR):
        lead = await make_lead(pool=pool)
    with clock_set_to(NOON):
        await assign(floor.manager, lead, floor.reps[0])
    me = floor.viewers[0]
    with clock_set_to(NOON + HOUR / 2):
        # What was done before the lead was mine meets nothing.
        await follow_up_lead(viewer=me, lead_id=lead.id, follow_up=follow_up(at=NOON - HOUR / 2))
        assert (await now_is(lead)).contact_by == NOON + HOUR
        missed = follow_up(result=FollowUpResult.NOT_REACHED)
        await follow_up_lead(viewer=me, lead_id=lead.id, follow_up=missed)
    after = await now_is(lead)
    assert (after.contact_by, after.follow_up_by) == (None, NOON + HOUR / 2 + 2 * HOUR)
    assert after.status is LeadStatus.CONTACTED  # by the first one
    with clock_set_to(NOON + HOUR):
        await follow_up_lead(viewer=me, lead_id=lead.id, follow_up=follow_up(qualifies=True, next_at=NOON + 9 * HOUR))
    after = await now_is(lead)
    assert (after.status, after.follow_up_by) == (LeadStatus.QUALIFIED, NOON + 3 * HOUR)
    assert after.next_follow_up_at == NOON + 9 * HOUR


async def test_deadlines_stand_still_while_the_customer_is_waited_for_and_move_with_the_calendar(floor: Floor) -> None:
    pool = await make_pool(floor.team, first_contact_minutes=60, convert_minutes=600)
    me = floor.viewers[0]
    with clock_set_to(NOON):
        lead = await make_lead(pool=pool)
        await assign(floor.manager, lead, floor.reps[0])
    with clock_set_to(NOON + HOUR / 4):
        await pause_lead(viewer=me, lead_id=lead.id)
        await pause_lead(viewer=me, lead_id=lead.id)
    waits = await now_is(lead)
    assert (waits.contact_by, waits.convert_by) == (None, None)
    with clock_set_to(NOON + 5 * HOUR):
        assert await settle_breaches() == 0
        await resume_lead(viewer=me, lead_id=lead.id)
    after = await now_is(lead)
    assert after.contact_by == NOON + HOUR + 4.75 * HOUR
    assert (after.convert_by, after.follow_up_by) == (NOON + 10 * HOUR + 4.75 * HOUR, None)
    await LeadPool.filter(id=pool.id).update(first_contact_minutes=120)
    assert await make_open_deadlines(_nobody_watches) == (2, 1)
    assert (await now_is(lead)).contact_by == NOON + 2 * HOUR + 4.75 * HOUR


async def _nobody_watches(**_: object) -> None:
    """Progress that nobody looks at."""


async def test_a_follow_up_is_neither_ahead_nor_by_strangers_but_may_be_by_whom_it_is_shared_with(floor: Floor) -> None:
    lead = await make_lead(owner=floor.reps[0])
    me, colleague, _ = floor.viewers
    ahead = follow_up(at=datetime.now(UTC) + HOUR)
    assert [error.path for error in await refusals(follow_up_lead(viewer=me, lead_id=lead.id, follow_up=ahead))] == [
        ("input", "at")
    ]
    theirs = await refusals(follow_up_lead(viewer=colleague, lead_id=lead.id, follow_up=follow_up()))
    assert [error.code for error in theirs] == [ErrorCode.NOT_FOUND]
    await share_lead(viewer=me, lead_id=lead.id, shares=[LeadShareEntry(user_id=colleague.user_id, percent=40)])
    assert await follow_up_lead(viewer=colleague, lead_id=lead.id, follow_up=follow_up())
    reassigned = release_lead(viewer=colleague, lead_id=lead.id, reason=None, mutation="leadRelease")
    assert [error.code for error in await refusals(reassigned)] == [ErrorCode.NOT_PERMITTED]


async def test_a_lead_becomes_one_customer_however_often_and_by_how_many_it_is_asked(floor: Floor) -> None:
    lead = await make_lead(owner=floor.reps[0], company="慧云科技", contact_name="Li Lei")
    me = floor.viewers[0]
    await race(*(lambda: convert_lead(viewer=me, lead_id=lead.id, customer_id=None) for _ in range(6)))
    [customer] = await Customer.all().prefetch_related("contacts")
    assert (customer.name, customer.owner_id, customer.team_id) == ("慧云科技", me.user_id, floor.team.id)
    assert [contact.name for contact in customer.contacts] == ["Li Lei"]  # type: ignore[attr-defined]  # Tortoise adds it
    after = await now_is(lead)
    assert (after.status, after.customer_id) == (LeadStatus.CONVERTED, customer.id)
    assert await moves(lead) == [(LeadMove.CONVERTED, me.user_id, me.user_id, None)]
    assert [kind for _, kind in await events("lead", lead.id)] == ["lead.converted"]


async def test_a_lead_is_closed_for_a_reason_of_the_list(floor: Floor) -> None:
    lead, me = await make_lead(owner=floor.reps[0]), floor.viewers[0]
    reason = await Reason.filter(kind=ReasonKind.DISQUALIFICATION).first()
    delay = await Reason.create(kind=ReasonKind.DELAY, code="late", labels={"en": "late"})
    if reason is None:
        reason = await Reason.create(kind=ReasonKind.DISQUALIFICATION, code="none", labels={"en": "none"})

    async def close(by: Reason) -> int:
        why = Disqualification(reason_id=by.id, note="no budget")
        return await disqualify_lead(viewer=me, lead_id=lead.id, why=why, mutation="leadDisqualify")

    assert [error.path for error in await refusals(close(delay))] == [("input", "reasonId")]
    await close(reason)
    assert [error.code for error in await refusals(close(reason))] == [ErrorCode.NOT_ELIGIBLE]
    assert (await now_is(lead)).status is LeadStatus.DISQUALIFIED


async def overdue(pool: LeadPool, owner: User, *, late: timedelta = HOUR, **facts: object) -> Lead:
    due = NOON - late
    return await make_lead(
        pool=pool, owner=owner, entered_at=due - HOUR, assigned_at=due - HOUR, contact_by=due, **facts
    )


async def test_leads_that_nobody_called_go_back_and_cool_down_for_whoever_had_them(floor: Floor) -> None:
    pool = await make_pool(floor.team, cool_down_minutes=60, first_contact_minutes=60)
    lead, early = await overdue(pool, floor.reps[0]), await overdue(pool, floor.reps[0], late=-HOUR)
    with clock_set_to(NOON):
        assert await settle_breaches() == 1
        assert await settle_breaches() == 0
        asked = [ClaimRequest(viewer=who, mutation="leadClaim", lead_id=lead.id) for who in floor.viewers[:2]]
        mine, theirs = await claim_leads(asked, company=COMPANY)
    assert (mine.errors[0].code, theirs.id) == (ErrorCode.COOLING_DOWN, lead.id)
    assert mine.errors[0].retry_at == NOON + HOUR  # type: ignore[attr-defined]  # CoolingDown
    assert (await moves(lead))[0] == (LeadMove.RECYCLED, floor.reps[0].id, None, "FIRST_CONTACT")
    assert (await now_is(early)).owner_id == floor.reps[0].id


async def test_a_lead_is_reassigned_to_anybody_but_those_who_missed_it_and_waits_when_all_have(floor: Floor) -> None:
    pool = await make_pool(
        floor.team, strategy=PoolStrategy.ROUND_ROBIN, on_breach=OnBreach.REASSIGN, first_contact_minutes=30
    )
    lead = await overdue(pool, floor.reps[0])
    owners = []
    for hours in range(4):
        with clock_set_to(NOON + hours * HOUR):
            await settle_breaches()
        owners.append((await now_is(lead)).owner_id)
    assert owners == [floor.reps[1].id, floor.reps[2].id, None, None]
    [first, *_] = await LeadAssignment.filter(lead_id=lead.id).order_by("id").values_list("candidates", flat=True)
    assert [(each["user"], each["standing"]) for each in first] == [
        (floor.reps[0].id, "MISSED_IT"),
        (floor.reps[1].id, "CHOSEN"),
        (floor.reps[2].id, "ELIGIBLE"),
    ]


async def test_managers_are_told_once_of_each_deadline(floor: Floor) -> None:
    pool = await make_pool(floor.team, on_breach=OnBreach.ESCALATE, follow_up_minutes=60)
    lead, me = await overdue(pool, floor.reps[0]), floor.viewers[0]
    with clock_set_to(NOON):
        assert [await settle_breaches(), await settle_breaches()] == [1, 0]
        await follow_up_lead(viewer=me, lead_id=lead.id, follow_up=follow_up())
    with clock_set_to(NOON + 2 * HOUR):
        assert await settle_breaches() == 1
    assert [rule for _, _, _, rule in await moves(lead)] == ["FIRST_CONTACT", "FOLLOW_UP"]
    assert (await now_is(lead)).owner_id == floor.reps[0].id


async def test_several_workers_settle_each_deadline_once_while_owners_hurry(floor: Floor) -> None:
    pool = await make_pool(floor.team)
    leads = [await overdue(pool, floor.reps[turn % 3]) for turn in range(30)]

    async def settle() -> int:
        with clock_set_to(NOON):
            return await settle_breaches(at_most=7)

    async def hurry(lead: Lead) -> int:
        [viewer] = [who for who in floor.viewers if who.user_id == lead.owner_id]
        with clock_set_to(NOON):
            return await follow_up_lead(viewer=viewer, lead_id=lead.id, follow_up=follow_up())

    await race(*(settle for _ in range(4)), *(lambda lead=lead: hurry(lead) for lead in leads[:10]))
    while await settle():
        pass
    for lead in leads:
        after, history = await now_is(lead), await moves(lead)
        assert len(history) == (after.owner_id is None)
        assert (after.contact_by is None) or after.owner_id is None


async def test_a_pool_that_assigns_gives_in_turn_under_concurrency_and_passes_who_is_on_leave(floor: Floor) -> None:
    pool = await make_pool(floor.team, strategy=PoolStrategy.ROUND_ROBIN)
    away = await make_user(Role.REP, team=floor.team)
    await Leave.create(user=away, starts_at=NOON - HOUR, ends_at=NOON + HOUR, entered_by=away)
    leads = [await make_lead(pool=pool) for _ in range(12)]

    async def give(lead: Lead) -> int:
        async with transaction() as client:
            return len(await give_leads(client, [lead.id], at=NOON))

    assert await race(*(lambda lead=lead: give(lead) for lead in leads)) == [1] * 12
    assert [await Lead.filter(owner_id=rep.id).count() for rep in floor.reps] == [4, 4, 4]
    owed = await LeadPoolStanding.all().values_list("credit", flat=True)
    assert all(abs(credit) < Decimal("1e-6") for credit in owed)


async def test_the_best_are_measured_by_what_they_converted(floor: Floor) -> None:
    pool = await make_pool(floor.team, head_start_percent=40)
    for rep, converted in zip(floor.reps, (3, 1, 0), strict=True):
        for turn in range(4):
            lead = await make_lead(pool=pool)
            facts = {"lead": lead, "from_pool": pool, "at": datetime.now(UTC)}
            await LeadAssignment.create(move=LeadMove.CLAIMED, to_owner=rep, **facts)
            if turn < converted:
                await LeadAssignment.create(move=LeadMove.CONVERTED, from_owner=rep, to_owner=rep, **facts)
    await measure_standings()
    rows = await LeadPoolStanding.filter(user_id__in=[rep.id for rep in floor.reps]).order_by("user_id").values()
    assert [(row["taken"], row["converted"], row["best"]) for row in rows] == [
        (4, 3, True),
        (4, 1, True),
        (4, 0, False),
    ]
    assert rows[0]["weight"] == Decimal("0.531746")  # (3 + 5 * 5 / 14) / 9


async def test_a_lead_that_nobody_could_have_is_given_once_somebody_can(floor: Floor) -> None:
    pool = await make_pool(floor.team, strategy=PoolStrategy.LEAST_LOADED, hold_limit=1)
    for rep in floor.reps:
        await make_lead(owner=rep, pool=pool)
    waits = await make_lead(pool=pool)
    assert await give_waiting([waits.id]) == 0
    held = await Lead.filter(owner_id=floor.reps[1].id).first()
    assert held
    await release_lead(viewer=floor.viewers[1], lead_id=held.id, reason=None, mutation="leadRelease")
    claimed = ClaimRequest(viewer=floor.viewers[1], mutation="leadClaim", lead_id=held.id)
    await claim_leads([claimed], company=COMPANY)
    assert await give_waiting() == 0
    await release_lead(viewer=floor.viewers[1], lead_id=held.id, reason=None, mutation="leadRelease")
    assert await give_waiting() == 1
    assert (await now_is(waits)).owner_id == floor.reps[1].id
