"""Making a business calendar, or changing the one that there is."""

from typing import Any
from zoneinfo import ZoneInfo

from tortoise.exceptions import IntegrityError

from domain.audit import AuditAction
from domain.calendars import BusinessCalendarEntry, calendar_problems, exception_facts, week_facts
from domain.errors import AlreadyExists, DomainError, InvalidInput, NotFound, NotPermitted, Refused, VersionConflict
from domain.jobs import JobKind
from domain.labels import Labels
from domain.naming import camel
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.problems import Problem
from domain.text import is_storable
from domain.unset import Unset
from models import BusinessCalendar
from models.connection import TransactionClient, pool
from rows.entities import BUSINESS_CALENDAR
from rows.viewer import Viewer
from services.audit import record
from services.calendars.periods import hold_calendars, work_out
from services.idempotency import Request, once
from services.jobs.create import create_job
from services.references import violates
from services.transaction import retrying, savepoint, transaction

_NEEDED = ("labels", "time_zone", "weekly_hours")
_WORKED_OUT = frozenset({"time_zone", "week", "country", "subdivision", "exceptions"})
"""The columns on which working time depends."""
_TAKEN = AlreadyExists(path=(*INPUT, "code"))


@retrying
async def upsert_calendar(
    *,
    viewer: Viewer,
    calendar: BusinessCalendarEntry,
    expected_version: int | None,
    idempotency_key: str | None = None,
) -> int:
    """Make the calendar with this code if `expected_version` is None, else change it if it still has that version.

    Gives its id. Its version grows by one, or not at all when nothing really changes. Working time is by it from the
    commit on; open deadlines follow by a job, and so do holidays of a country that nobody has asked for before. Where
    it becomes the company's default, another one ceases to be that. Raises Refused with NotPermitted, InvalidInput,
    NotFound (there is none to change), VersionConflict (also where there is one already), AlreadyExists, TooManyJobs or
    IdempotencyKeyReused.
    """
    asked = {"expectedVersion": expected_version, "calendar": calendar}
    request = Request(principal=viewer.user_id, mutation="businessCalendarUpsert", key=idempotency_key, asked=asked)

    async def upsert() -> int:
        if not may(viewer, Action.ADMINISTER):
            raise Refused(NotPermitted())
        await hold_calendars(client)
        found = await _find(client, calendar.code)
        if found and expected_version is None:
            raise Refused(_TAKEN)
        if found and found["version"] != expected_version:
            raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=found["version"]))
        if wrong := _problems(calendar, found, expected_version):
            raise Refused(*wrong)
        return await _write(client, viewer, calendar.code, _columns(calendar), found)

    async with transaction() as client:
        outcome = await once(client, request, upsert)
    return outcome.settle()


async def _find(client: TransactionClient, code: str) -> dict[str, Any] | None:
    if not is_storable(code):
        return None
    found = await BusinessCalendar.filter(code=code).using_db(client).select_for_update().values()
    return found[0] if found else None


def _problems(
    calendar: BusinessCalendarEntry, found: dict[str, Any] | None, expected_version: int | None
) -> list[DomainError]:
    wrong: list[DomainError] = list(calendar_problems(calendar))
    if isinstance(calendar.time_zone, str) and not is_zone(calendar.time_zone):
        wrong.append(InvalidInput(path=(*INPUT, "timeZone"), problem=Problem.UNKNOWN_ZONE))
    before = found or {"country": None, "subdivision": None}
    country, part = (
        before[name] if isinstance(getattr(calendar, name), Unset) else getattr(calendar, name)
        for name in ("country", "subdivision")
    )
    if part is not None and country is None:
        wrong.append(InvalidInput(path=(*INPUT, "country"), problem=Problem.MISSING))
    if found:
        return wrong
    if expected_version is not None:
        return [*wrong, NotFound(path=(*INPUT, "code"))]
    missing = [name for name in _NEEDED if isinstance(getattr(calendar, name), Unset)]
    return [*wrong, *(InvalidInput(path=(*INPUT, camel(name)), problem=Problem.MISSING) for name in missing)]


def is_zone(key: str) -> bool:
    """Whether this is the name of a time zone such as Asia/Shanghai, or UTC."""
    if key != "UTC" and ("/" not in key or key.startswith(("posix/", "right/"))):
        return False
    try:
        ZoneInfo(key)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _columns(calendar: BusinessCalendarEntry) -> dict[str, Any]:
    columns = {name: getattr(calendar, name) for name in calendar.mentioned if name != "code"}
    if isinstance(columns.get("labels"), Labels):
        columns["labels"] = columns["labels"].by_language()
    if "weekly_hours" in columns:
        columns["week"] = week_facts(columns.pop("weekly_hours"))
    if "exceptions" in columns:
        columns["exceptions"] = exception_facts(columns["exceptions"])
    if "company_default" in columns:
        columns["company_default"] = columns["company_default"] or None
    return columns


async def _write(
    client: TransactionClient, viewer: Viewer, code: str, columns: dict[str, Any], found: dict[str, Any] | None
) -> int:
    changed = {name: value for name, value in columns.items() if not found or found[name] != value}
    if found and not changed:
        calendar_id: int = found["id"]
        return calendar_id
    if changed.get("company_default"):
        await _replace_default(client, viewer)
    calendar_id = await (_change(client, found, changed) if found else _make(client, code, columns))
    if not found or _WORKED_OUT & set(changed):
        await work_out(client, calendar_id)
    if not found or (_WORKED_OUT | {"company_default"}) & set(changed):
        await _have_deadlines_made(client, viewer, calendar_id)
    before = {"from": {name: found[name] for name in changed}, "to": changed} if found else columns
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.LIST_ENTRY_UPDATED if found else AuditAction.LIST_ENTRY_CREATED,
        subject=(BUSINESS_CALENDAR, calendar_id),
        facts={"code": code, **before},
    )
    return calendar_id


async def _replace_default(client: TransactionClient, viewer: Viewer) -> None:
    """No calendar is the company's default any more; whose was hears of it."""
    earlier = await BusinessCalendar.get_or_none(company_default=True, using_db=client)
    if earlier is None:
        return
    changed = {"company_default": None, "version": earlier.version + 1}
    await BusinessCalendar.filter(id=earlier.id).using_db(client).update(**changed)
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.LIST_ENTRY_UPDATED,
        subject=(BUSINESS_CALENDAR, earlier.id),
        facts={"code": earlier.code, "from": {"company_default": True}, "to": {"company_default": None}},
    )


async def _make(client: TransactionClient, code: str, columns: dict[str, Any]) -> int:
    row = BusinessCalendar(code=code, **columns)
    try:
        async with savepoint(client):
            await row.save(using_db=client)
    except IntegrityError as error:
        if not violates(error, "business_calendar_code_once"):
            raise
        raise Refused(_TAKEN) from error
    return int(row.id)


async def _change(client: TransactionClient, found: dict[str, Any], changed: dict[str, Any]) -> int:
    version = found["version"] + 1
    await BusinessCalendar.filter(id=found["id"]).using_db(client).update(**changed, version=version)
    return int(found["id"])


async def _have_deadlines_made(client: TransactionClient, viewer: Viewer, calendar_id: int) -> None:
    job_id = await create_job(
        client, kind=JobKind.WORKING_TIME, started_by=viewer.user_id, parameters={"calendar_id": calendar_id}
    )
    await BusinessCalendar.filter(id=calendar_id).using_db(client).update(job_id=job_id)


async def calendar_job(calendar_id: int) -> int | None:
    """The job that makes deadlines anew after the calendar's last change."""
    job_id: int | None = await pool().fetchval("SELECT job_id FROM business_calendar WHERE id = $1", calendar_id)
    return job_id
