"""A worker holds a job for as long as it shows signs of life."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import orjson

from domain.jobs import OWED, JobKind, JobState, states_before
from models.connection import TransactionClient
from services.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class LeasedJob:
    """A job in the hands of one worker; `attempt` tells this lease from earlier and later ones.

    `age` is the time since it was begun first.
    """

    id: int
    kind: JobKind
    attempt: int
    parameters: Mapping[str, Any]
    started_by: int | None
    age: timedelta


class CancelAsked(Exception):
    """Somebody asked for the job to stop: what is done stays done, and nothing more is."""


class LeaseLost(Exception):
    """The job is no longer this worker's: it was silent for too long, or the job was ended by somebody else."""


async def lease_job(job_id: int) -> LeasedJob | None:
    """Take a queued job; None if it is not queued, which is how a second wake-up ends."""
    async with transaction() as client:
        row = await client.connection.fetchrow(
            """UPDATE job SET state = $2, attempts = attempts + 1, heartbeat_at = now(),
                              started_at = coalesce(started_at, now())
               WHERE id = $1 AND state = ANY ($3::text[])
               RETURNING id, kind, attempts, parameters, started_by_id, now() - started_at AS age""",
            job_id,
            JobState.RUNNING,
            [*states_before(JobState.RUNNING)],
        )
    if row is None:
        return None
    return LeasedJob(
        id=row["id"],
        kind=JobKind(row["kind"]),
        attempt=row["attempts"],
        parameters=orjson.loads(row["parameters"]),
        started_by=row["started_by_id"],
        age=row["age"],
    )


async def renew_lease(job: LeasedJob) -> None:
    """Show a sign of life. Raises LeaseLost."""
    await change_leased(job, "heartbeat_at = now()")


async def report_progress(job: LeasedJob, *, done: int, failed: int, total: int | None, unchanged: int = 0) -> None:
    """Store how many items are done, how many of them failed or changed nothing, which is a sign of life too.

    Once known, a total is kept until another is told.

    Raises LeaseLost, and CancelAsked when the job is to stop.
    """
    changes = "done = $3, failed = $4, unchanged = $5, total = coalesce($6, total), heartbeat_at = now()"
    changed = await change_leased(job, changes, done, failed, unchanged, total)
    if changed["cancel_asked_at"] and job.kind not in OWED:
        raise CancelAsked


async def hold_lease(client: TransactionClient, *, job_id: int, attempt: int) -> None:
    """Keep the job from other workers until the transaction of `client` ends. Raises LeaseLost."""
    held = await client.connection.fetchval(
        "SELECT id FROM job WHERE id = $1 AND attempts = $2 AND state = 'RUNNING' FOR UPDATE", job_id, attempt
    )
    if held is None:
        raise LeaseLost


async def hand_back(job: LeasedJob) -> None:
    """Put the job into the queue again, for another worker to complete. Raises LeaseLost."""
    await change_leased(job, "state = $3, heartbeat_at = now()", JobState.QUEUED)


async def change_leased(job: LeasedJob, changes: str, *values: object) -> asyncpg.Record:
    """Write `changes`, SQL in which `values` are $3 and on, unless the lease is lost; the row. Raises LeaseLost."""
    async with transaction() as client:
        changed = await client.connection.fetchrow(
            f"UPDATE job SET {changes} WHERE id = $1 AND attempts = $2 AND state = 'RUNNING' RETURNING *",  # noqa: S608  # `changes` is written in this package
            job.id,
            job.attempt,
            *values,
        )
    if changed is None:
        raise LeaseLost
    return changed
