"""The job that looks for what is left of an erased person."""

from services.jobs.leases import CancelAsked
from services.personal.search import Reached, Search, forget_texts, search
from workers.context import JobContext, JobOutcome


async def run_personal_data_traces(context: JobContext, job_id: int) -> JobOutcome:
    """Blank rows of reports, and remove files. It needs nobody's rights: an administrator asked for it."""
    names = vars(Reached())
    run = Search(
        job_id=job_id,
        attempt=context.attempt,
        texts=context.parameters.get("texts", []),
        progress=context.progress,
        reached=Reached(**{name: value for name, value in context.parameters.items() if name in names}),
    )
    try:
        return JobOutcome(message=_summary(await search(run)))
    except CancelAsked:
        await forget_texts(job_id)
        begin = "Cancelled: files that it did not come to may hold the person. "
        return JobOutcome(message=begin + _summary(run.reached), cancelled=True)


def _summary(reached: Reached) -> str:
    files = f"Files looked at: {reached.looked_at:,}; removed: {reached.files:,}"
    return f"{files}; rows of reports blanked: {reached.rows:,}."
