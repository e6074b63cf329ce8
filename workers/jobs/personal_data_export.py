"""The job that puts together what is held about a person."""

from domain.job_messages import JobMessageCode, said
from domain.people import Role
from domain.personal_data import Person
from models import User
from services.personal.document import write_document
from workers.context import JobContext, JobFailed, JobOutcome


async def run_personal_data_export(context: JobContext, job_id: int) -> JobOutcome:
    """Write the file. Raises JobFailed when whoever asked for it is no administrator any more."""
    asked = await User.filter(id=context.started_by, active=True).values_list("roles", flat=True)
    if not asked or Role.ADMIN not in asked[0]:
        raise JobFailed(said(JobMessageCode.STARTER_NO_ADMIN))

    async def progress(rows: int, total: int | None = None) -> None:
        await context.progress(done=rows, total=total)

    file_id, rows = await write_document(
        Person(**context.parameters),
        owner_id=context.started_by,
        home=context.home,
        name=f"personal-data-{job_id}.json",
        progress=progress,
    )
    await progress(rows, rows)
    return JobOutcome(message=said(JobMessageCode.PERSON_COLLECTED, rows=rows), result=file_id)
