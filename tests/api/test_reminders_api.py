"""Reminders over the API: everybody reads, acknowledges and puts off their own, and says how they want to be told."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.reminders import MOST_AT_ONCE, ReminderKind
from models import Lead, Reminder, User
from services.clock import now
from tests.api.conftest import Client
from tests.api.selling import Company, make_company
from tests.api.writing import ERRORS, payload, refused, told, written
from tests.lead_factories import make_lead

REMINDERS = """query($filter: ReminderFilter, $first: Int, $after: String) {
    reminders(filter: $filter, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
    nodes { id kind state message causeAt dueAt firedAt snoozedUntil
      subject { __typename id ... on Lead { company owner { name } } } } } }"""
ACK = f"mutation($input: ReminderAckInput!) {{ reminderAck(input: $input) {{ reminders {{ id state }} {ERRORS} }} }}"
SNOOZE = f"""mutation($input: ReminderSnoozeInput!) {{ reminderSnooze(input: $input) {{
    reminder {{ state snoozedUntil dueAt }} {ERRORS} }} }}"""
SETTINGS = f"""mutation($input: ReminderSettingsSetInput!) {{ reminderSettingsSet(input: $input) {{
    user {{ reminderChannels language version }} {ERRORS} }} }}"""
ZONE = "Asia/Shanghai"


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    return await make_company()


async def reminded(user: User, lead: Lead, *, minutes: int = 0, **columns: Any) -> str:
    """The id of a reminder that fired, so many minutes ago."""
    moment = datetime.fromisoformat("2026-03-02T12:00:00Z") - timedelta(minutes=minutes)
    of: dict[str, Any] = {"kind": ReminderKind.FIRST_CONTACT_DUE, "state": "FIRED", "fired_at": moment}
    of |= {"subject_kind": "Lead", "subject_id": lead.id, "cause_at": moment, "due_at": moment}
    row = await Reminder.create(recipient=user, facts={"name": lead.company, "zone": ZONE}, **(of | columns))
    return f"rmd_{row.id}"


async def test_people_read_their_own_newest_first_and_what_they_are_about_as_far_as_they_see_it(
    client: Client, company: Company
) -> None:
    anns, bobs = await make_lead(owner=company.ann, company="Acme"), await make_lead(owner=company.bob, company="Bolt")
    older = await reminded(company.ann, anns, minutes=5)
    newer = await reminded(company.ann, bobs, kind=ReminderKind.LEAD_LOST)
    await reminded(company.ann, anns, kind=ReminderKind.CONVERSION_DUE, state="SCHEDULED", fired_at=None)
    await reminded(company.bob, bobs)
    page = (await client.data(REMINDERS, {"first": 1}, as_=company.ann))["reminders"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (2, True)
    assert page["nodes"] == [
        {
            "id": newer,
            "kind": "LEAD_LOST",
            "state": "FIRED",
            "message": "A deadline was missed: the lead Bolt is not yours any more.",
            **dict.fromkeys(("causeAt", "dueAt", "firedAt"), "2026-03-02T12:00:00.000Z"),
            "snoozedUntil": None,
            "subject": None,
        }
    ]
    after = {"first": 1, "after": page["pageInfo"]["endCursor"]}
    [other] = (await client.data(REMINDERS, after, as_=company.ann, **{"accept-language": "zh"}))["reminders"]["nodes"]
    assert (other["id"], other["message"]) == (older, f"请在 2026-03-02 19:55 ({ZONE}) 前首次联系线索“Acme”。")
    assert other["subject"] == {
        "__typename": "Lead",
        "id": f"lea_{anns.id}",
        "company": "Acme",
        "owner": {"name": "Ann"},
    }
    for who in (company.ada, company.mia):
        assert (await client.data(REMINDERS, as_=who))["reminders"]["totalCount"] == 0
        assert (await client.data(f'{{ node(id: "{newer}") {{ id }} }}', as_=who))["node"] is None


async def test_what_was_seen_is_not_counted_any_more(client: Client, company: Company) -> None:
    lead = await make_lead(owner=company.ann)
    ids = [await reminded(company.ann, lead, minutes=minutes) for minutes in range(3)]
    others = await reminded(company.bob, lead)
    given = {"reminderIds": ids[:2], "idempotencyKey": "a"}
    seen = [{"id": each, "state": "ACKNOWLEDGED"} for each in ids[:2]]
    for _ in range(2):
        assert await written(client, ACK, given, as_=company.ann) == seen
    unacknowledged = {"filter": {"state": {"eq": "FIRED"}}}
    page = (await client.data(REMINDERS, unacknowledged, as_=company.ann))["reminders"]
    assert (page["totalCount"], [node["id"] for node in page["nodes"]]) == (1, ids[2:])
    wrong = {"reminderIds": [ids[2], others, "lea_1"]}
    assert told(await refused(client, ACK, wrong, as_=company.ann)) == [
        ("input.reminderIds.1", "NOT_FOUND"),
        ("input.reminderIds.2", "NOT_FOUND"),
    ]
    many = {"reminderIds": ids * MOST_AT_ONCE}
    assert told(await refused(client, ACK, many, as_=company.ann)) == [("input.reminderIds", "too_many")]


async def test_a_reminder_is_put_off_to_a_moment_ahead_as_long_as_it_stands(client: Client, company: Company) -> None:
    row = await reminded(company.ann, await make_lead(owner=company.ann))
    later = (now() + timedelta(days=1)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for problem, until in (("too_early", "2026-01-01T00:00:00Z"), ("too_late", "2036-01-01T00:00:00Z")):
        errors = await refused(client, SNOOZE, {"id": row, "until": until}, as_=company.ann)
        assert told(errors) == [("input.until", problem)]
    off = await written(client, SNOOZE, {"id": row, "until": later}, as_=company.ann)
    assert off == {"state": "SNOOZED", "snoozedUntil": later, "dueAt": later}
    assert told(await refused(client, SNOOZE, {"id": row, "until": later}, as_=company.ada)) == [
        ("input.id", "NOT_FOUND")
    ]
    await written(client, ACK, {"reminderIds": [row]}, as_=company.ann)
    assert told(await refused(client, SNOOZE, {"id": row, "until": later}, as_=company.ann)) == [
        ("input.id", "not_in_state")
    ]


async def test_people_say_how_they_want_to_be_told(client: Client, company: Company) -> None:
    assert await written(client, SETTINGS, {}, as_=company.ann) == {
        "reminderChannels": ["EMAIL"],
        "language": None,
        "version": 1,
    }
    chosen = await written(client, SETTINGS, {"channels": [], "language": "ZH"}, as_=company.ann)
    assert chosen == {"reminderChannels": [], "language": "ZH", "version": 1}
    back = await written(client, SETTINGS, {"channels": ["EMAIL"], "language": None}, as_=company.ann)
    assert back == {"reminderChannels": ["EMAIL"], "language": None, "version": 1}
    twice = await refused(client, SETTINGS, {"channels": ["EMAIL", "EMAIL"]}, as_=company.ann)
    assert told(twice) == [("input.channels.1", "duplicate")]
    null = await payload(client, SETTINGS, {"channels": None}, as_=company.ann)
    assert null["user"]["reminderChannels"] == []
