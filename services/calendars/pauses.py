"""Deadlines stand still, and go on. Whoever calls holds the subject's row, and makes its deadline anew afterwards."""

from collections.abc import Sequence
from datetime import datetime

from domain.pauses import PauseReason, PauseSubject
from models.connection import TransactionClient

_PAUSE = """
INSERT INTO deadline_pause (subject_kind, subject_id, starts_at, running, reason) VALUES ($1, $2, $3, true, $4)
ON CONFLICT (subject_kind, subject_id, running) DO NOTHING
"""
_RESUME = """
UPDATE deadline_pause SET ends_at = greatest($3, starts_at), running = NULL
WHERE subject_kind = $1 AND subject_id = $2 AND running
"""
_RESUME_MANY = """
UPDATE deadline_pause SET ends_at = greatest($3, starts_at), running = NULL
WHERE subject_kind = $1 AND subject_id = ANY ($2::bigint[]) AND running
"""
_COPY = """
INSERT INTO deadline_pause (subject_kind, subject_id, starts_at, ends_at, running, reason)
SELECT subject_kind, $3, starts_at, ends_at, running, reason FROM deadline_pause
WHERE subject_kind = $1 AND subject_id = $2
"""


async def pause(
    client: TransactionClient, kind: PauseSubject, subject_id: int, reason: PauseReason, at: datetime
) -> None:
    """The subject's deadline stands still from this moment on, if it does not already."""
    await client.connection.execute(_PAUSE, kind.value, subject_id, at, reason.value)


async def resume(client: TransactionClient, kind: PauseSubject, subject_id: int, at: datetime) -> None:
    """The subject's deadline goes on from this moment on, if it stood still."""
    await client.connection.execute(_RESUME, kind.value, subject_id, at)


async def resume_many(client: TransactionClient, kind: PauseSubject, ids: Sequence[int], at: datetime) -> None:
    """As `resume`, of many subjects."""
    await client.connection.execute(_RESUME_MANY, kind.value, ids, at)


async def copy_pauses(client: TransactionClient, kind: PauseSubject, subject_id: int, to_id: int) -> bool:
    """The pauses of a subject hold for another one, too, which has none yet; whether there are any."""
    return str(await client.connection.execute(_COPY, kind.value, subject_id, to_id)) != "INSERT 0 0"
