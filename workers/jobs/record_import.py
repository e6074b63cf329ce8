"""The jobs that import customers, leads, products and prices from files."""

from collections.abc import Mapping

from domain.job_messages import JobMessage, JobMessageCode, said
from domain.jobs import JobKind
from models.connection import pool
from services.company import Company
from services.imports.records.cells import RecordKind
from services.imports.records.customers import CUSTOMERS, check_customers, write_customers
from services.imports.records.importing import Check, Imported, Write, import_records
from services.imports.records.leads import check_leads, lead_kind, write_leads
from services.imports.records.prices import PRICES, check_prices, write_prices
from services.imports.records.products import PRODUCTS, check_products, write_products
from services.imports.records.run import RecordParameters, RecordRun
from services.imports.unreadable import FileUnreadable
from services.sessions.viewers import OfUser, load_viewer
from workers.context import JobContext, JobFailed, JobOutcome, JobRunner

_KINDS: Mapping[JobKind, tuple[RecordKind, Check, Write]] = {
    JobKind.CUSTOMER_IMPORT: (CUSTOMERS, check_customers, write_customers),
    JobKind.PRODUCT_IMPORT: (PRODUCTS, check_products, write_products),
    JobKind.CHANNEL_PRICE_IMPORT: (PRICES, check_prices, write_prices),
}


def run_record_import(kind: JobKind) -> JobRunner:
    """The runner of `kind`. It raises JobFailed when a file is not what its columns say."""

    async def run(context: JobContext, job_id: int) -> JobOutcome:
        parameters = RecordParameters.model_validate(context.parameters)
        viewer = await load_viewer(pool().fetchrow, OfUser(context.started_by or 0, parameters.scopes))
        if viewer is None:
            raise JobFailed(said(JobMessageCode.STARTER_INACTIVE))
        record_run = RecordRun(
            job_id=job_id,
            attempt=context.attempt,
            viewer=viewer,
            company=context.company,
            parameters=parameters,
            home=context.home,
            kept_for=context.kept_for,
            progress=context.progress,
        )
        try:
            imported = await import_records(record_run, *_kind(kind, context.company))
        except FileUnreadable as error:
            raise JobFailed(error.message) from None
        return JobOutcome(
            message=_message(imported, dry_run=parameters.dry_run),
            report=imported.report,
            cancelled=imported.cancelled,
        )

    return run


def _kind(kind: JobKind, company: Company) -> tuple[RecordKind, Check, Write]:
    return (lead_kind(company.currency), check_leads, write_leads) if kind is JobKind.LEAD_IMPORT else _KINDS[kind]


def _message(imported: Imported, *, dry_run: bool) -> JobMessage:
    if dry_run:
        return said(JobMessageCode.RECORDS_CHECKED, rows=imported.read, refused=imported.refused)
    return said(
        JobMessageCode.RECORDS_IMPORTED,
        rows=imported.read,
        made=imported.made,
        changed=imported.changed,
        refused=imported.refused,
    )
