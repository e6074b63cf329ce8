"""Reminders fire once for each recipient and cause, and go when their cause goes."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.calendars import BusinessCalendarEntry, DayHours, Weekday
from domain.labels import Labels
from domain.leads.lead import LeadStatus
from domain.leads.pools import OnBreach
from domain.leads.working import FollowUpChannel, FollowUpResult, HandOver, NewFollowUp
from domain.people import Role
from domain.reminders import ReminderKind, ReminderState
from models import BusinessCalendar, Lead, LeadPool, Reminder, ReminderDelivery, Team, User
from rows.viewer import Viewer
from services.calendars.upsert import upsert_calendar
from services.clock import clock_set_to as at
from services.feed.positions import position_events
from services.leads.breaches import settle_breaches
from services.leads.follow_up import follow_up_lead
from services.leads.hand_over import assign_lead
from services.reminders.answer import acknowledge_reminders, snooze_reminder
from services.reminders.find import find_causes
from services.reminders.fire import fire_reminders, withdraw_reminders
from services.reminders.purge import KEPT_FOR, purge_reminders
from tests.factories import make_team, make_user
from tests.integration.writes import COMPANY, viewing
from tests.lead_factories import make_lead, make_pool

K, S = ReminderKind, ReminderState
LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Floor:
    """A team with a manager and two REPs, below a team with a manager; a pool that reminds an hour before."""

    team: Team
    boss: User
    manager: User
    ann: User
    bob: User
    pool: LeadPool

    async def lead(self, **columns: Any) -> Lead:
        return await make_lead(
            **({"owner": self.ann, "pool": self.pool, "assigned_at": NOON - HOUR, "entered_at": NOON - HOUR} | columns)
        )


@pytest.fixture
async def floor(database: str) -> Floor:  # noqa: ARG001  # emptied before
    made = Floor()
    above = await make_team("All")
    made.team = await make_team("North", parent=above)
    made.boss = await make_user(Role.MANAGER, team=above)
    made.manager = await make_user(Role.MANAGER, team=made.team)
    made.ann, made.bob = [await make_user(Role.REP, team=made.team) for _ in range(2)]
    rules = {"remind_before_minutes": 60, "follow_up_minutes": 6_000, "on_breach": OnBreach.ESCALATE}
    made.pool = await make_pool(made.team, **rules)
    await look(NOON)
    return made


async def look(moment: datetime) -> None:
    """What workers do at a moment."""
    with at(moment):
        while await position_events():
            pass
        while (found := await find_causes(zone=LONDON)) is None or found.more:
            pass
        await withdraw_reminders()
        while (await fire_reminders()).taken:
            pass


async def told(**which: Any) -> list[tuple[ReminderKind, int, ReminderState]]:
    rows = await Reminder.filter(**which).order_by("cause_at", "kind", "recipient_id")
    return [(row.kind, row.recipient_id, row.state) for row in rows]


async def test_an_owner_is_reminded_before_each_deadline_and_not_twice(floor: Floor) -> None:
    ann = floor.ann.id
    lead = await floor.lead(contact_by=NOON + 2 * HOUR, convert_by=NOON + 5 * HOUR, next_follow_up_at=NOON + 9 * HOUR)
    waits = await floor.lead(owner=None, assigned_at=None, team_id=None, contact_by=NOON)
    silent = await floor.lead(pool=await make_pool(floor.team), contact_by=NOON)
    await look(NOON + 45 * MINUTE)
    assert not await Reminder.exists()
    await look(NOON + 55 * MINUTE)
    assert await told() == [(K.FIRST_CONTACT_DUE, ann, S.SCHEDULED)]
    await look(NOON + 60 * MINUTE)
    await look(NOON + 61 * MINUTE)
    [row] = await Reminder.all()
    assert (row.state, row.due_at, row.fired_at) == (S.FIRED, NOON + HOUR, NOON + HOUR)
    assert (row.subject_kind, row.subject_id, row.facts) == (
        "Lead",
        lead.id,
        {"name": lead.company, "zone": LONDON.key},
    )
    # Nobody was there for hours: what was due is told, also where its moment is past.
    await look(NOON + 9 * HOUR)
    fired = [(K.CONVERSION_DUE, ann, S.FIRED), (K.FOLLOW_UP_PLANNED, ann, S.FIRED)]
    assert await told(subject_id=lead.id) == [(K.FIRST_CONTACT_DUE, ann, S.FIRED), *fired]
    assert not await Reminder.filter(subject_id__in=[waits.id, silent.id]).exists()


async def test_a_deadline_that_is_met_or_moves_takes_its_reminder_along(floor: Floor) -> None:
    ann = await viewing(floor.ann)
    met, moved = [await floor.lead(contact_by=NOON + HOUR + 5 * MINUTE) for _ in range(2)]
    late = await floor.lead(follow_up_by=NOON + HOUR)
    await look(NOON)
    assert Counter(state for _, _, state in await told()) == {S.SCHEDULED: 2, S.FIRED: 1}
    with at(NOON + MINUTE):
        followed = NewFollowUp(channel=FollowUpChannel.PHONE, result=FollowUpResult.REACHED, content="x")
        for lead in (met, late):
            await follow_up_lead(viewer=ann, lead_id=lead.id, follow_up=followed)
    await Lead.filter(id=moved.id).update(contact_by=NOON + HOUR + 7 * MINUTE)
    # Before anybody looks whose cause is gone, one is due.
    with at(NOON + 5 * MINUTE):
        fired = await fire_reminders()
    assert (fired.taken, fired.fired) == (2, 0)
    await look(NOON + 8 * MINUTE)
    assert await told(subject_id=met.id) == [(K.FIRST_CONTACT_DUE, ann.user_id, S.WITHDRAWN)]
    assert await told(subject_id=late.id) == [(K.FOLLOW_UP_DUE, ann.user_id, S.WITHDRAWN)]
    assert [state for _, _, state in await told(subject_id=moved.id)] == [S.WITHDRAWN, S.FIRED]
    await User.filter(id=floor.ann.id).update(active=False)
    await look(NOON + 9 * MINUTE)
    assert not await Reminder.filter(state__in=[S.FIRED, S.SCHEDULED]).exists()


async def test_time_before_a_deadline_is_the_working_time_of_who_is_reminded(floor: Floor) -> None:
    await office(await viewing(await make_user(Role.ADMIN)))
    await User.filter(id=floor.ann.id).update(calendar_id=(await BusinessCalendar.get(code="office")).id)
    monday = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
    await floor.lead(contact_by=monday)
    around_the_clock = await floor.lead(owner=floor.bob, contact_by=monday)
    await look(friday - timedelta(seconds=1))
    assert await Reminder.all().values_list("state", "due_at") == [(S.SCHEDULED, friday)]
    await look(friday)
    [row] = await Reminder.all()
    assert (row.state, row.facts["zone"]) == (S.FIRED, "Europe/Berlin")
    await look(monday - HOUR)
    assert await told(subject_id=around_the_clock.id) == [(K.FIRST_CONTACT_DUE, floor.bob.id, S.FIRED)]


async def test_who_gets_or_loses_a_lead_and_who_leads_them_is_told_of_it(floor: Floor) -> None:
    ann, bob, manager = floor.ann, floor.bob, await viewing(floor.manager)
    given, lost = await floor.lead(owner=None, assigned_at=None, team_id=None), await floor.lead(contact_by=NOON)
    await Lead.filter(id=lost.id).update(pool_id=(await make_pool(floor.team, first_contact_minutes=60)).id)
    missed = await floor.lead(contact_by=NOON, pool=await make_pool(floor.team, on_breach=OnBreach.ESCALATE))
    with at(NOON):
        hand = {"anew": True, "company": COMPANY, "mutation": "leadAssign"}
        await assign_lead(viewer=manager, lead_id=given.id, to=HandOver(to_user_id=bob.id), **hand)
        assert await settle_breaches() == 2
    await look(NOON + MINUTE)
    await look(NOON + 2 * MINUTE)
    assert await told(subject_id=given.id) == [(K.LEAD_RECEIVED, bob.id, S.FIRED)]
    assert await told(subject_id=lost.id) == [(K.LEAD_LOST, ann.id, S.FIRED)]
    assert await told(subject_id=missed.id) == [(K.DEADLINE_MISSED, floor.manager.id, S.FIRED)]
    # Their own doing is nothing to be told of, and what they know already goes.
    with at(NOON + 3 * MINUTE):
        followed = NewFollowUp(channel=FollowUpChannel.PHONE, result=FollowUpResult.REACHED, content="x")
        await follow_up_lead(viewer=await viewing(bob), lead_id=given.id, follow_up=followed)
        await follow_up_lead(viewer=await viewing(ann), lead_id=missed.id, follow_up=followed)
        await assign_lead(viewer=manager, lead_id=lost.id, to=HandOver(to_user_id=floor.manager.id), **hand)
    await look(NOON + 4 * MINUTE)
    assert [state for _, _, state in await told()].count(S.WITHDRAWN) == 2
    assert await told(subject_id=lost.id) == [(K.LEAD_LOST, ann.id, S.FIRED)]
    # Where a team has no manager, that of the nearest team above is told.
    await User.filter(id=floor.manager.id).update(active=False)
    await Lead.filter(id=missed.id).update(follow_up_by=NOON + 4 * MINUTE)
    with at(NOON + 4 * MINUTE):
        assert await settle_breaches() == 1
    await look(NOON + 5 * MINUTE)
    assert (K.DEADLINE_MISSED, floor.boss.id, S.FIRED) in await told(subject_id=missed.id)


async def test_many_workers_fire_once_for_each_recipient_and_cause(floor: Floor) -> None:
    leads = [await floor.lead(contact_by=NOON + HOUR - MINUTE * place) for place in range(40)]
    with at(NOON):
        await asyncio.gather(*(find_causes(zone=LONDON) for _ in range(6)))
        fired = await asyncio.gather(*(fire_reminders(at_most=7) for _ in range(12)))
        more = await asyncio.gather(*(fire_reminders(at_most=7) for _ in range(12)))
        await asyncio.gather(*(find_causes(zone=LONDON) for _ in range(6)))
        await fire_reminders()
    assert sum(each.fired for each in (*fired, *more)) == len(leads) == await Reminder.filter(state=S.FIRED).count()


async def test_what_waited_longest_fires_first(floor: Floor) -> None:
    leads = []
    with at(NOON):
        for minutes in (30, 10, 20):
            leads.append(await floor.lead(contact_by=NOON + MINUTE * minutes))
            await find_causes(zone=LONDON)
        await fire_reminders(at_most=1)
        assert await Reminder.filter(state=S.FIRED).values_list("subject_id", flat=True) == [leads[1].id]


async def test_a_reminder_that_was_put_off_fires_once_more_unless_it_has_no_cause_any_more(floor: Floor) -> None:
    ann = await viewing(floor.ann)
    await User.filter(id=floor.ann.id).update(reminder_channels=[])
    stays, goes = [await floor.lead(contact_by=NOON + 9 * HOUR) for _ in range(2)]
    await look(NOON + 8 * HOUR)
    again = NOON + 8 * HOUR + 5 * MINUTE
    for row in await Reminder.all():
        with at(NOON + 8 * HOUR):
            await snooze_reminder(viewer=ann, reminder_id=row.id, until=again)
    await Lead.filter(id=goes.id).update(contact_by=None, status=LeadStatus.DISQUALIFIED, closed_at=NOON + 8 * HOUR)
    await look(again - timedelta(seconds=1))
    assert await told(subject_id=stays.id) == [(K.FIRST_CONTACT_DUE, ann.user_id, S.SNOOZED)]
    assert await told(subject_id=goes.id) == [(K.FIRST_CONTACT_DUE, ann.user_id, S.WITHDRAWN)]
    await look(again)
    [row] = await Reminder.filter(subject_id=stays.id)
    assert (row.state, row.fired_at) == (S.FIRED, again)
    await acknowledge_reminders(viewer=ann, reminder_ids=[row.id])
    await look(again + HOUR)
    assert await told(subject_id=stays.id) == [(K.FIRST_CONTACT_DUE, ann.user_id, S.ACKNOWLEDGED)]
    with at(NOON + KEPT_FOR + 10 * HOUR):
        assert await purge_reminders() == 2
    assert not await ReminderDelivery.exists()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["move", "meet", "own", "look", "snooze", "ack"]), st.integers(0, 120)), max_size=9
    )
)
async def test_whatever_happens_nobody_is_told_twice_of_one_cause_and_nothing_that_is_not_so(
    floor: Floor, steps: list[tuple[str, int]]
) -> None:
    await Reminder.all().delete()
    lead, moment = await floor.lead(contact_by=NOON + HOUR), NOON
    fired: Counter[tuple[int, datetime]] = Counter()
    allowed: Counter[tuple[int, datetime]] = Counter()
    for step, minutes in [*steps, ("look", 61)]:
        row = await Reminder.filter(state=S.FIRED).first()
        match step:
            case "move":
                await Lead.filter(id=lead.id).update(contact_by=moment + minutes * MINUTE)
            case "meet":
                await Lead.filter(id=lead.id).update(contact_by=None)
            case "own":
                await Lead.filter(id=lead.id).update(owner_id=(floor.ann, floor.bob)[minutes % 2].id)
            case "snooze" if row:
                allowed[row.recipient_id, row.cause_at] += 1
                await Reminder.filter(id=row.id).update(state=S.SNOOZED, due_at=moment + minutes * MINUTE)
            case "ack" if row:
                await Reminder.filter(id=row.id).update(state=S.ACKNOWLEDGED)
            case "look":
                moment += minutes * MINUTE
                await look(moment)
                now_is = await Lead.get(id=lead.id)
                for each in await Reminder.filter(state=S.FIRED):
                    assert (each.recipient_id, each.cause_at) == (now_is.owner_id, now_is.contact_by)
                    assert each.due_at <= moment
                    if each.fired_at == moment:
                        fired[each.recipient_id, each.cause_at] += 1
                due = now_is.contact_by is not None and now_is.contact_by - HOUR <= moment
                assert (
                    await Reminder.filter(recipient_id=now_is.owner_id, cause_at=now_is.contact_by).exists() or not due
                )
    assert all(times <= 1 + allowed[cause] for cause, times in fired.items())
    await Lead.all().delete()


async def office(admin: Viewer) -> int:
    """A calendar: Mondays to Fridays from ten to six in Berlin, from nine to five in London."""
    week = tuple(DayHours(weekday=day, hours=("10:00-18:00",)) for day in list(Weekday)[:5])
    entry = BusinessCalendarEntry(
        code="office", labels=Labels(en="Berlin"), time_zone="Europe/Berlin", weekly_hours=week
    )
    return await upsert_calendar(viewer=admin, calendar=entry, expected_version=None)
