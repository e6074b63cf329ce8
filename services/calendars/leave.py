"""People enter when they are away, or whoever leads them does."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.audit import AuditAction
from domain.calendars import NewLeave, leave_problems
from domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, Refused
from domain.moments import write_moment
from domain.paths import INPUT
from domain.permissions import Action, may_with
from domain.problems import Problem
from models import Leave, User
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import LEAVE, USER
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.company import Company
from services.idempotency import Request, once
from services.transaction import retrying, transaction

_ZONE = """
SELECT c.time_zone FROM app_user u JOIN business_calendar c ON c.id = coalesce(u.calendar_id, company_calendar())
WHERE u.id = $1
"""
_LOCK = "SELECT user_id, starts_at, ends_at FROM user_leave WHERE id = $1 FOR UPDATE"


@retrying
async def create_leave(*, viewer: Viewer, company: Company, leave: NewLeave, idempotency_key: str | None = None) -> int:
    """Enter the leave; its id. Days are those in the zone of the person's calendar, or the company's.

    Raises Refused with NotFound (the person), NotPermitted (neither oneself, nor of a team that one leads),
    InvalidInput or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="leaveCreate", key=idempotency_key, asked=leave)

    async def create() -> int:
        user_id = viewer.user_id if leave.user_id is None else leave.user_id
        path = (*INPUT, "userId")
        user = await _person(client, viewer, user_id, path)
        wrong: list[DomainError] = list(leave_problems(leave, now=now()))
        if not user.active:
            wrong.append(InvalidInput(path=path, problem=Problem.USER_INACTIVE))
        if wrong:
            raise Refused(*wrong)
        begin, end = await _bounds(client, company, user_id, leave)
        made = await Leave.create(
            using_db=client,
            user_id=user_id,
            starts_at=begin,
            ends_at=end,
            reason=leave.reason,
            entered_by_id=viewer.user_id,
        )
        await _tell(client, viewer, AuditAction.LEAVE_ENTERED, user_id, begin, end)
        return int(made.id)

    async with transaction() as client:
        outcome = await once(client, request, create)
    return outcome.settle()


@retrying
async def cancel_leave(*, viewer: Viewer, leave_id: int, idempotency_key: str | None = None) -> int:
    """Remove the leave; the id that it had. Raises Refused with NotFound, NotPermitted or IdempotencyKeyReused."""
    request = Request(principal=viewer.user_id, mutation="leaveCancel", key=idempotency_key, asked={"id": leave_id})

    async def cancel() -> int:
        path = (*INPUT, "id")
        found = await client.connection.fetchrow(_LOCK, leave_id)
        if found is None or not await visible_ids(client, LEAVE, viewer, [leave_id]):
            raise Refused(NotFound(path=path))
        await _person(client, viewer, found["user_id"], path)
        await client.connection.execute("DELETE FROM user_leave WHERE id = $1", leave_id)
        told = (found["user_id"], found["starts_at"], found["ends_at"])
        await _tell(client, viewer, AuditAction.LEAVE_CANCELLED, *told)
        return leave_id

    async with transaction() as client:
        outcome = await once(client, request, cancel)
    return outcome.settle()


async def _person(client: TransactionClient, viewer: Viewer, user_id: int, path: tuple[str, ...]) -> User:
    """Whose leave it is. Raises Refused with NotFound, or NotPermitted where `viewer` may not enter it."""
    if not await visible_ids(client, USER, viewer, [user_id]):
        raise Refused(NotFound(path=path))
    user = await User.get(id=user_id, using_db=client)
    may_enter = may_with(viewer, Action.KEEP_LEAVE, owner_id=None, team_id=user.team_id)
    if user_id != viewer.user_id and not may_enter:
        raise Refused(NotPermitted(path=path))
    return user


async def _bounds(
    client: TransactionClient, company: Company, user_id: int, leave: NewLeave
) -> tuple[datetime, datetime]:
    if leave.starts_at is not None and leave.ends_at is not None:
        return leave.starts_at, leave.ends_at
    assert leave.starts_on is not None  # noqa: S101  # leave_problems has seen to it
    assert leave.ends_on is not None  # noqa: S101  # as above
    key = await client.connection.fetchval(_ZONE, user_id)
    zone = ZoneInfo(key) if key else company.zone
    first, behind = leave.starts_on, leave.ends_on + timedelta(days=1)
    begin, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, behind))
    return begin, end


async def _tell(
    client: TransactionClient, viewer: Viewer, action: AuditAction, user_id: int, begin: datetime, end: datetime
) -> None:
    """Why somebody is away is not for the audit."""
    facts = {"startsAt": write_moment(begin), "endsAt": write_moment(end)}
    await record(client, actor=viewer.user_id, action=action, subject=(USER, user_id), facts=facts)
