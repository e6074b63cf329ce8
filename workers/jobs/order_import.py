"""The job that imports orders from files."""

from domain.job_messages import JobMessage, JobMessageCode, said
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
        raise JobFailed(error.message) from None
    return JobOutcome(
        message=_message(result.applied, dry_run=run.parameters.dry_run),
        report=result.report,
        cancelled=result.cancelled,
    )


def _message(applied: Applied, *, dry_run: bool) -> JobMessage:
    return said(
        JobMessageCode.ORDERS_CHECKED if dry_run else JobMessageCode.ORDERS_IMPORTED,
        orders=applied.orders,
        returns=applied.returns,
        known=applied.known,
        refused=applied.refused,
    )
