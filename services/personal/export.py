"""Somebody asks what is held about a person: a job puts it together, as a file of JSON."""

from dataclasses import asdict

from domain.audit import AuditAction
from domain.errors import NotFound, NotPermitted, Refused
from domain.jobs import JobKind
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.personal_data import Person, person_problems
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import JOB
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.idempotency import Request, once
from services.jobs.create import create_job
from services.personal.subjects import SUBJECTS, subject_of
from services.transaction import retrying, transaction


@retrying
async def start_personal_export(*, viewer: Viewer, person: Person, idempotency_key: str | None = None) -> int:
    """Store a job that puts together what is held about `person`; its id. Whoever calls wakes a worker.

    Raises Refused with NotPermitted, NotFound, InvalidInput or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="personalDataExport", key=idempotency_key, asked=person)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _start(client, viewer, person))
    return outcome.settle()


async def _start(client: TransactionClient, viewer: Viewer, person: Person) -> int:
    if not may(viewer, Action.ADMINISTER):
        raise Refused(NotPermitted())
    if problems := tuple(person_problems(person)):
        raise Refused(*problems)
    named_by, value = person.named_by
    if (entity := SUBJECTS.get(named_by)) and not await visible_ids(client, entity, viewer, [value]):
        raise Refused(NotFound(path=(*INPUT, named_by)))
    job_id = await create_job(
        client, kind=JobKind.PERSONAL_DATA_EXPORT, started_by=viewer.user_id, parameters=asdict(person)
    )
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.PERSONAL_DATA_EXPORTED,
        subject=subject_of(person),
        facts={"by": named_by, "job": global_id(JOB, job_id)},
    )
    return job_id
