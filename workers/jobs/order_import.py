"""The job that imports orders from files."""

from services.imports.applying import Applied
from services.imports.orders import import_orders
from services.imports.run import ImportParameters, ImportRun
from services.imports.unreadable import FileUnreadable
from workers.context import JobContext, JobFailed, JobOutcome


async def run_order_import(context: JobContext, job_id: int) -> JobOutcome:
    """Import the files that the job names. Raises JobFailed when one of them is not what the preset says."""
    run = ImportRun(
        job_id=job_id,
        attempt=context.attempt,
        started_by=context.started_by,
        parameters=ImportParameters.model_validate(context.parameters),
        company=context.company,
        home=context.home,
        kept_for=context.kept_for,
        progress=context.progress,
    )
    try:
        result = await import_orders(run)
    except FileUnreadable as error:
        raise JobFailed(str(error)) from None
    return JobOutcome(
        message=_summary(result.applied, begin=_BEGINS[run.parameters.dry_run, result.cancelled]),
        report=result.report,
        cancelled=result.cancelled,
    )


_BEGINS = {
    (False, False): "",
    (False, True): "Cancelled before its end; what was made by then stays. ",
    (True, False): "Checked, and nothing was made; it would be: ",
    (True, True): "Cancelled while it checked; nothing was made. It would have been: ",
}


def _summary(applied: Applied, *, begin: str) -> str:
    return begin + (
        f"Orders made: {applied.orders:,}; returns made: {applied.returns:,}; there already: {applied.known:,}; "
        f"lines not imported: {applied.refused:,}."
    )
