"""The job that looks for what is left of an erased person."""

from domain.job_messages import JobMessageCode, said
from services.personal.search import Reached, Search, search
from workers.context import JobContext, JobOutcome


async def run_personal_data_traces(context: JobContext, job_id: int) -> JobOutcome:
    """Blank texts, and remove files. It needs nobody's rights: an administrator asked for it."""
    names = vars(Reached())
    run = Search(
        job_id=job_id,
        attempt=context.attempt,
        texts=context.parameters.get("texts", []),
        progress=context.progress,
        reached=Reached(**{name: value for name, value in context.parameters.items() if name in names}),
    )
    reached = await search(run)
    return JobOutcome(
        message=said(JobMessageCode.PERSON_SOUGHT, looked_at=reached.looked_at, files=reached.files, rows=reached.rows)
    )
