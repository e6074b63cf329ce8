"""Business calendars and leave over the API: who keeps them, what is read of them, who hears why somebody is away."""

from typing import Any

import pytest

from models import AuditEntry, Leave, User
from services.calendars.refresh import keep_calendars
from tests.api.administering import USER_UPDATE
from tests.api.conftest import Client
from tests.api.selling import Company, make_company
from tests.api.writing import ERRORS, payload, refused, told, written
from workers.public_holidays import library, look_up

FIELDS = """businessCalendar { id version code label timeZone country subdivision companyDefault
    weeklyHours { weekday hours } exceptions { date hours reason } holidays { date name worked } holidaysKnownUntil
    workedOutUntil job { kind state } }"""
UPSERT = f"""mutation($input: BusinessCalendarUpsertInput!) {{ businessCalendarUpsert(input: $input) {{
    {FIELDS} {ERRORS} }} }}"""
DELETE = f"""mutation($input: BusinessCalendarDeleteInput!) {{ businessCalendarDelete(input: $input) {{
    deletedId {ERRORS} }} }}"""
LEAVE = f"""mutation($input: LeaveCreateInput!) {{ leaveCreate(input: $input) {{
    leave {{ id startsAt endsAt reason user {{ name }} enteredBy {{ name }} }} {ERRORS} }} }}"""
CANCEL = f"mutation($input: LeaveCancelInput!) {{ leaveCancel(input: $input) {{ deletedId {ERRORS} }} }}"
AWAY = """query($filter: LeaveFilter) { leaves(filter: $filter) { nodes { startsAt endsAt reason user { name } } }
    users(filter: {name: {eq: "Ann"}}) { nodes { calendar { code } leaves { totalCount nodes { reason } } } } }"""
CHINESE: dict[str, Any] = {
    "code": "sh",
    "labels": {"en": "Shanghai", "zh": "上海"},
    "timeZone": "Asia/Shanghai",
    "country": "CN",
    "weeklyHours": [
        {"weekday": "TUESDAY", "hours": ["09:00-12:00", "13:30-18:00"]},
        {"weekday": "MONDAY", "hours": ["10:00-18:00"]},
        {"weekday": "SUNDAY", "hours": []},
    ],
    "exceptions": [
        {"date": "2026-12-31", "hours": [], "reason": "盘点"},
        {"date": "2026-01-24", "hours": ["09:00-24:00"]},
    ],
}


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    return await make_company()


async def test_an_administrator_keeps_calendars_and_everybody_reads_them(client: Client, company: Company) -> None:
    made = await written(client, UPSERT, CHINESE | {"idempotencyKey": "a"}, as_=company.ada)
    assert await written(client, UPSERT, CHINESE | {"idempotencyKey": "a"}, as_=company.ada) == made
    assert (made["version"], made["label"], made["companyDefault"], made["holidays"]) == (1, "Shanghai", False, [])
    assert made["weeklyHours"] == [
        {"weekday": "MONDAY", "hours": ["10:00-18:00"]},
        {"weekday": "TUESDAY", "hours": ["09:00-12:00", "13:30-18:00"]},
    ]
    assert [day["date"] for day in made["exceptions"]] == ["2026-01-24", "2026-12-31"]
    assert made["job"] == {"kind": "WORKING_TIME", "state": "QUEUED"}
    assert told(await refused(client, UPSERT, CHINESE, as_=company.ada)) == [("input.code", "ALREADY_EXISTS")]
    assert told(await refused(client, UPSERT, CHINESE | {"code": "x"}, as_=company.mia)) == [("", "NOT_PERMITTED")]
    await keep_calendars(library(), look_up)
    selected = FIELDS.removeprefix("businessCalendar")
    node = f"node(id: $id) {{ ... on BusinessCalendar {selected} }}"
    document = f"query($id: ID!) {{ businessCalendars {{ totalCount }} {node} }}"
    found = await client.data(document, {"id": made["id"]}, as_=company.ann, **{"accept-language": "zh"})
    assert found["businessCalendars"]["totalCount"] == 1
    assert (found["node"]["label"], found["node"]["job"]) == ("上海", None)
    days = {day["date"]: (day["name"], day["worked"]) for day in found["node"]["holidays"]}
    assert (days["2026-02-17"], days["2026-02-28"]) == (("春节", False), ("调休上班", True))
    changes = {"code": "sh", "expectedVersion": 1, "country": None, "companyDefault": True}
    changed = await written(client, UPSERT, changes, as_=company.ada)
    assert (changed["version"], changed["companyDefault"], changed["holidays"]) == (2, True, [])
    [stale] = await refused(client, UPSERT, changes, as_=company.ada)
    assert (stale["code"], stale["currentVersion"]) == ("VERSION_CONFLICT", 2)
    empty = {"code": "sh", "expectedVersion": 2, "weeklyHours": [], "timeZone": "Mars/Olympus"}
    wrong = await refused(client, UPSERT, empty, as_=company.ada)
    assert told(wrong) == [("input.weeklyHours", "no_working_hours"), ("input.timeZone", "unknown_zone")]
    null = {"code": "sh", "expectedVersion": 2, "timeZone": None}
    assert told(await refused(client, UPSERT, null, as_=company.ada)) == [("input.timeZone", "null")]
    assert told(await refused(client, DELETE, {"id": made["id"]}, as_=company.ada)) == [("input.id", "IN_USE")]
    assert told(await refused(client, DELETE, {"id": "bcl_99"}, as_=company.ada)) == [("input.id", "NOT_FOUND")]


async def test_people_are_off_duty_for_all_to_see_and_why_is_for_whom_it_concerns(
    client: Client, company: Company
) -> None:
    calendar = await written(client, UPSERT, CHINESE, as_=company.ada)
    mover = {"id": f"usr_{company.ann.id}", "expectedVersion": 1, "calendarId": calendar["id"]}
    await written(client, USER_UPDATE, mover, as_=company.ada)
    days = {"startsOn": "2026-02-28", "endsOn": "2026-03-01", "reason": "搬家", "idempotencyKey": "x"}
    own = await written(client, LEAVE, days, as_=company.ann)
    assert await written(client, LEAVE, days, as_=company.ann) == own
    # Whole days by the clock in Shanghai, where Ann works.
    assert (own["startsAt"], own["endsAt"]) == ("2026-02-27T16:00:00.000Z", "2026-03-01T16:00:00.000Z")
    assert (own["user"]["name"], own["enteredBy"]["name"]) == ("Ann", "Ann")
    anns = {"userId": f"usr_{company.ann.id}"}
    moments = {"startsAt": "2026-05-01T07:00:00Z", "endsAt": "2026-05-01T09:30:00Z", "reason": "doctor"}
    led = await written(client, LEAVE, anns | moments, as_=company.mia)
    assert led["enteredBy"]["name"] == "Mia"
    assert told(await refused(client, LEAVE, anns | moments, as_=company.bob)) == [("input.userId", "NOT_PERMITTED")]
    bobs = {"userId": f"usr_{company.bob.id}"} | moments
    assert told(await refused(client, LEAVE, bobs, as_=company.mia)) == [("input.userId", "NOT_PERMITTED")]
    reasons = {}
    for who in (company.ann, company.mia, company.ada, company.bob):
        seen = await client.data(AWAY, as_=who)
        reasons[who.name] = [each["reason"] for each in seen["leaves"]["nodes"]]
        [ann] = seen["users"]["nodes"]
        assert (ann["leaves"]["totalCount"], ann["calendar"]) == (2, {"code": "sh"})
        assert [each["reason"] for each in ann["leaves"]["nodes"]] == reasons[who.name]
    why = ["doctor", "搬家"]
    assert reasons == {"Ann": why, "Mia": why, "Ada": why, "Bob": [None, None]}
    now_away = {"startsAt": {"lte": "2026-05-01T08:00:00Z"}, "endsAt": {"gt": "2026-05-01T08:00:00Z"}}
    [away] = (await client.data(AWAY, {"filter": now_away}, as_=company.bob))["leaves"]["nodes"]
    assert away == {"startsAt": led["startsAt"], "endsAt": led["endsAt"], "reason": None, "user": {"name": "Ann"}}
    assert told(await refused(client, CANCEL, {"id": own["id"]}, as_=company.bob)) == [("input.id", "NOT_PERMITTED")]
    assert (await payload(client, CANCEL, {"id": own["id"]}, as_=company.mia))["deletedId"] == own["id"]
    assert told(await refused(client, CANCEL, {"id": own["id"]}, as_=company.ann)) == [("input.id", "NOT_FOUND")]
    entries = await AuditEntry.filter(action__in=["LEAVE_ENTERED", "LEAVE_CANCELLED"]).order_by("id")
    assert [(entry.action, "搬家" in str(entry.facts)) for entry in entries] == [
        ("LEAVE_ENTERED", False),
        ("LEAVE_ENTERED", False),
        ("LEAVE_CANCELLED", False),
    ]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, [("input.startsOn", "missing"), ("input.endsOn", "missing")]),
        ({"startsOn": "2026-01-05"}, [("input.endsOn", "missing")]),
        ({"startsOn": "2026-01-05", "endsOn": "2026-01-04"}, [("input.endsOn", "too_early")]),
        ({"startsOn": "2026-01-05", "endsOn": "2027-03-04"}, [("input.endsOn", "too_late")]),
        ({"startsOn": "3026-01-05", "endsOn": "3026-01-06"}, [("input.startsOn", "too_late")]),
        ({"startsOn": "2026-01-05", "endsAt": "2026-01-05T08:00:00Z"}, [("input.endsAt", "not_together")]),
        (
            {"startsAt": "2026-01-05T08:00:00Z", "endsAt": "2026-01-05T08:00:00Z", "reason": " "},
            [("input.reason", "blank"), ("input.endsAt", "too_early")],
        ),
    ],
)
async def test_what_is_no_leave_is_refused(
    client: Client, company: Company, given: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    assert told(await refused(client, LEAVE, given, as_=company.ann)) == wrong


async def test_who_is_shut_out_has_no_new_leave(client: Client, company: Company) -> None:
    await User.filter(id=company.ann.id).update(active=False)
    given = {"userId": f"usr_{company.ann.id}", "startsOn": "2026-01-05", "endsOn": "2026-01-05"}
    assert told(await refused(client, LEAVE, given, as_=company.ada)) == [("input.userId", "user_inactive")]
    assert not await Leave.all().exists()
