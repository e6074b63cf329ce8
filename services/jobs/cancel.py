"""Somebody wants a job to stop."""

from domain.audit import AuditAction
from domain.errors import InvalidInput, JobEnded, NotFound, Refused
from domain.jobs import FINAL, OWED, JobState
from domain.paths import INPUT
from domain.problems import Problem
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import JOB
from rows.viewer import Viewer
from services.audit import record
from services.idempotency import Request, once
from services.transaction import retrying, transaction

# What was done stays done, and the row says how much that is.
END_CANCELLED = """
UPDATE job SET state = 'CANCELLED', finished_at = now(), cancel_asked_at = coalesce(cancel_asked_at, now()),
               message_code = CASE WHEN started_at IS NULL THEN 'NOT_BEGUN' ELSE 'STOPPED' END,
               message_facts = CASE WHEN started_at IS NULL THEN '{}' ELSE jsonb_build_object('done', done) END
WHERE id = ANY ($1::bigint[])
"""
_ASK = "UPDATE job SET cancel_asked_at = coalesce(cancel_asked_at, now()) WHERE id = $1"


@retrying
async def cancel_job(*, viewer: Viewer, job_id: int, idempotency_key: str | None = None) -> int:
    """Stop the job: at once if it waits, at its next step if it runs. What it has done stays. Gives its id.

    Whoever sees a job may stop it: who started it, and ADMIN. One that was stopped before stays as it is. Raises
    Refused with NotFound, JobEnded, InvalidInput (a job that somebody has a right to) or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="jobCancel", key=idempotency_key, asked={"id": job_id})
    async with transaction() as client:
        outcome = await once(client, request, lambda: _cancel(client, viewer, job_id))
    return outcome.settle()


async def _cancel(client: TransactionClient, viewer: Viewer, job_id: int) -> int:
    if not await visible_ids(client, JOB, viewer, [job_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    [row] = await client.connection.fetch("SELECT kind, state FROM job WHERE id = $1", job_id)
    state = JobState(row["state"])
    if row["kind"] in OWED and state not in FINAL:
        raise Refused(InvalidInput(path=(*INPUT, "id"), problem=Problem.NOT_STOPPABLE))
    if state is JobState.QUEUED:
        await client.connection.execute(END_CANCELLED, [job_id])
    elif state is JobState.RUNNING:
        await client.connection.execute(_ASK, job_id)
    elif state in FINAL - {JobState.CANCELLED}:
        raise Refused(JobEnded(path=(*INPUT, "id"), state=state))
    if state is not JobState.CANCELLED:
        await record(client, actor=viewer.user_id, action=AuditAction.JOB_CANCELLED, subject=(JOB, job_id))
    return job_id
