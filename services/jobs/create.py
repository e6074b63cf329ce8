"""A job comes into being."""

from collections.abc import Mapping
from typing import Any

from domain.jobs import JobKind
from models import Job
from models.connection import TransactionClient


async def create_job(
    client: TransactionClient, *, kind: JobKind, started_by: int | None, parameters: Mapping[str, Any]
) -> int:
    """Store a queued job, in the transaction of `client`; gives its id.

    `started_by` is the id of a user, `parameters` what JSON can hold. Whoever calls wakes a worker after the commit;
    a job that nobody woke is found by the next sweep.
    """
    job = await Job.create(kind=kind, started_by_id=started_by, parameters=dict(parameters), using_db=client)
    return int(job.id)
