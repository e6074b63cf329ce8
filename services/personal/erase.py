"""A person is erased: what is known of them goes, what happened stays."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.audit import AuditAction
from domain.errors import NotPermitted, Refused
from domain.permissions import Action, may
from domain.personal_data import Person, erasure_problems
from models.connection import TransactionClient, pool
from rows.entities import JOB
from rows.ids import global_id, number_of
from rows.viewer import Viewer
from services.audit import record
from services.idempotency import Request, once
from services.personal.customers import erase_customer
from services.personal.reached import erase_reached
from services.personal.subjects import subject_of
from services.personal.traces import Traces, erase_traces
from services.personal.users import erase_user
from services.transaction import retrying, transaction

Eraser = Callable[[TransactionClient, Viewer, Any], Awaitable[Traces]]
_ERASERS: Mapping[str, Eraser] = {
    "customerId": erase_customer,
    "userId": erase_user,
    "email": erase_reached,
    "phone": erase_reached,
}


@dataclass(frozen=True)
class Erased:
    """The ids of the audit entry, and of the job that looks through reports and files: None if there is nothing to look
    for."""

    entry_id: int
    job_id: int | None


@retrying
async def erase_person(
    *, viewer: Viewer, person: Person, reason: str, confirm: bool, idempotency_key: str | None = None
) -> Erased:
    """Erase `person`; the audit entry that tells what was found and blanked, and the job that looks for the rest, which
    whoever calls wakes a worker for. What is erased stays erased.

    Orders keep their money, lines and days; `domain.personal_data.MOST_ERASED` of them lose the person at a time, and
    the entry tells how many are left. Raises Refused with NotPermitted, NotFound, InvalidInput, InUse (there are orders
    that are not over, or the user is active) or IdempotencyKeyReused.
    """
    asked = {"person": person, "reason": reason, "confirm": confirm}
    request = Request(principal=viewer.user_id, mutation="personalDataErase", key=idempotency_key, asked=asked)

    async def erase() -> int:
        if not may(viewer, Action.ADMINISTER):
            raise Refused(NotPermitted())
        if problems := tuple(erasure_problems(person, reason=reason, confirm=confirm)):
            raise Refused(*problems)
        named_by, value = person.named_by
        traces = await _ERASERS[named_by](client, viewer, value)
        job_id = await erase_traces(client, traces, by=viewer.user_id)
        job = {} if job_id is None else {"job": global_id(JOB, job_id)}
        return await record(
            client,
            actor=viewer.user_id,
            action=AuditAction.PERSONAL_DATA_ERASED,
            subject=subject_of(person),
            facts={"by": named_by, "reason": reason, **traces.counts, **job},
        )

    async with transaction() as client:
        outcome = await once(client, request, erase)
    entry_id = outcome.settle()
    job = await pool().fetchval("SELECT facts ->> 'job' FROM audit_entry WHERE id = $1", entry_id)
    return Erased(entry_id, number_of(job, JOB) if job else None)
