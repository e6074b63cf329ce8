"""Whatever Redis forgot is found again here."""

from datetime import timedelta

import asyncpg

from domain.jobs import JobKind, JobState, after_silence
from models.connection import TransactionClient
from services.jobs.cancel import END_CANCELLED
from services.transaction import transaction

_AT_ONCE = 500
_GIVE_UP = """
UPDATE job SET state = 'FAILED', message_code = 'GIVEN_UP', message_facts = jsonb_build_object('attempts', attempts),
               finished_at = now()
WHERE id = ANY ($1::bigint[])
"""


async def take_forgotten_jobs(*, silent_for: timedelta) -> list[int]:
    """The ids of jobs that a worker should be woken for, oldest first.

    These are queued ones of which nobody has taken notice for `silent_for`, and running ones without a sign of life
    for as long: they are queued again, failed if they were begun too often, or ended if they were to stop anyway.
    Sweeps that run at the same time share the jobs; a job that was given out comes again only after `silent_for`.
    """
    async with transaction() as client:
        silent = await _lock_silent(client, silent_for)
        states = {row["id"]: _after_silence(row) for row in silent}
        cancelled = [job_id for job_id, state in states.items() if state is JobState.CANCELLED]
        failed = [job_id for job_id, state in states.items() if state is JobState.FAILED]
        queued = [job_id for job_id, state in states.items() if state is JobState.QUEUED]
        await client.connection.execute(
            "UPDATE job SET state = 'QUEUED', heartbeat_at = now() WHERE id = ANY ($1::bigint[])", queued
        )
        await client.connection.execute(_GIVE_UP, failed)
        await client.connection.execute(END_CANCELLED, cancelled)
    return queued


def _after_silence(row: asyncpg.Record) -> JobState:
    cancel_asked = row["cancel_asked_at"] is not None
    return after_silence(JobKind(row["kind"]), JobState(row["state"]), row["attempts"], cancel_asked=cancel_asked)


async def _lock_silent(client: TransactionClient, silent_for: timedelta) -> list[asyncpg.Record]:
    """Id, kind, state and number of attempts of the jobs in question, which are locked."""
    return await client.connection.fetch(
        """SELECT id, kind, state, attempts, cancel_asked_at FROM job
           WHERE state IN ('QUEUED', 'RUNNING') AND (heartbeat_at IS NULL OR heartbeat_at < now() - $1::interval)
           ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED""",
        silent_for,
        _AT_ONCE,
    )
