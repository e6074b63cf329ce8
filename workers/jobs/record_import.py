"""The jobs that import customers and products from files."""

from domain.jobs import JobKind
from models.connection import pool
from services.imports.records.customers import CUSTOMERS, check_customers, write_customers
from services.imports.records.importing import Imported, import_records
from services.imports.records.products import PRODUCTS, check_products, write_products
from services.imports.records.run import RecordParameters, RecordRun
from services.imports.unreadable import FileUnreadable
from services.sessions.viewers import OfUser, load_viewer
from workers.context import JobContext, JobFailed, JobOutcome, JobRunner

_KINDS = {
    JobKind.CUSTOMER_IMPORT: (CUSTOMERS, check_customers, write_customers),
    JobKind.PRODUCT_IMPORT: (PRODUCTS, check_products, write_products),
}


def run_record_import(kind: JobKind) -> JobRunner:
    """The runner of `kind`. It raises JobFailed when a file is not what its columns say."""

    async def run(context: JobContext, job_id: int) -> JobOutcome:
        parameters = RecordParameters.model_validate(context.parameters)
        viewer = await load_viewer(pool().fetchrow, OfUser(context.started_by or 0, parameters.scopes))
        if viewer is None:
            raise JobFailed("Whoever asked for it is not active any more.")
        record_run = RecordRun(
            job_id=job_id,
            attempt=context.attempt,
            viewer=viewer,
            parameters=parameters,
            home=context.home,
            kept_for=context.kept_for,
            progress=context.progress,
        )
        try:
            imported = await import_records(record_run, *_KINDS[kind])
        except FileUnreadable as error:
            raise JobFailed(str(error)) from None
        return JobOutcome(
            message=_summary(imported, dry_run=parameters.dry_run),
            report=imported.report,
            cancelled=imported.cancelled,
        )

    return run


def _summary(imported: Imported, *, dry_run: bool) -> str:
    if dry_run:
        return f"Checked, and nothing was written. Rows read: {imported.read:,}; refused: {imported.refused:,}."
    begin = "Cancelled before its end; what was written by then stays. " if imported.cancelled else ""
    return (
        f"{begin}Rows read: {imported.read:,}; made: {imported.made:,}; changed: {imported.changed:,}; "
        f"not imported: {imported.refused:,}."
    )
