"""A job comes into being."""

from collections.abc import Mapping
from typing import Any

from domain.errors import Refused, TooManyJobs
from domain.jobs import FINAL, MOST_OPEN, OWED, JobKind, JobState
from models import Job
from models.connection import TransactionClient
from services.origin import origin


async def create_job(
    client: TransactionClient, *, kind: JobKind, started_by: int | None, parameters: Mapping[str, Any]
) -> int:
    """Store a queued job, in the transaction of `client`; gives its id.

    `started_by` is the id of a user, `parameters` what JSON can hold; its report will be in the language of the
    request. Whoever calls wakes a worker after the commit;
    a job that nobody woke is found by the next sweep. Raises Refused with TooManyJobs.
    """
    if started_by is not None and kind not in OWED and await _open(client, started_by) >= MOST_OPEN:
        raise Refused(TooManyJobs(most=MOST_OPEN))
    job = await Job.create(
        kind=kind, started_by_id=started_by, parameters=dict(parameters), language=origin().language, using_db=client
    )
    return int(job.id)


async def _open(client: TransactionClient, user_id: int) -> int:
    """How many jobs of the user wait or run."""
    states = [state for state in JobState if state not in FINAL]
    return await Job.filter(started_by_id=user_id, state__in=states).using_db(client).count()
