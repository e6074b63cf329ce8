"""Removing a business calendar by which nobody works."""

import asyncpg

from domain.audit import AuditAction
from domain.errors import InUse, NotFound, NotPermitted, Refused
from domain.paths import INPUT
from domain.permissions import Action, may
from models.connection import TransactionClient
from rows.entities import BUSINESS_CALENDAR
from rows.viewer import Viewer
from services.audit import record
from services.calendars.periods import hold_calendars
from services.idempotency import Request, once
from services.transaction import retrying, savepoint, transaction

_FIND = "SELECT code, company_default FROM business_calendar WHERE id = $1 FOR UPDATE"
_PATH = (*INPUT, "id")


@retrying
async def delete_calendar(*, viewer: Viewer, calendar_id: int, idempotency_key: str | None = None) -> int:
    """Remove the calendar; the id that it had. Raises Refused with NotPermitted, NotFound, InUse (it is the company's
    default, or that of people or of anything else) or IdempotencyKeyReused.
    """
    request = Request(
        principal=viewer.user_id, mutation="businessCalendarDelete", key=idempotency_key, asked={"id": calendar_id}
    )

    async def delete() -> int:
        if not may(viewer, Action.ADMINISTER):
            raise Refused(NotPermitted())
        await hold_calendars(client)
        found = await client.connection.fetchrow(_FIND, calendar_id)
        if found is None:
            raise Refused(NotFound(path=_PATH))
        if found["company_default"]:
            raise Refused(InUse(path=_PATH))
        await _remove(client, calendar_id)
        await record(
            client,
            actor=viewer.user_id,
            action=AuditAction.LIST_ENTRY_DELETED,
            subject=(BUSINESS_CALENDAR, calendar_id),
            facts={"code": found["code"]},
        )
        return calendar_id

    async with transaction() as client:
        outcome = await once(client, request, delete)
    return outcome.settle()


async def _remove(client: TransactionClient, calendar_id: int) -> None:
    """Foreign keys know who refers to it, whatever tables there will be."""
    try:
        async with savepoint(client):
            await client.connection.execute("DELETE FROM business_calendar WHERE id = $1", calendar_id)
    except (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError) as reference:
        raise Refused(InUse(path=_PATH)) from reference
