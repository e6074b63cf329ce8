"""The jobs that export orders, customers and products."""

from domain.errors import Refused
from domain.job_messages import JobMessageCode, said, took_too_long
from domain.jobs import JobKind
from models.connection import pool
from services.exports.parameters import EXPORTED, ExportParameters
from services.exports.run import ExportRun, TookTooLong, export_rows
from services.exports.writers import TooManyRows
from services.sessions.viewers import OfUser, load_viewer
from workers.context import JobContext, JobFailed, JobOutcome, JobRunner


def run_export(kind: JobKind) -> JobRunner:
    """The runner of `kind`. It raises JobFailed when the export cannot be made as it was asked for."""

    async def run(context: JobContext, job_id: int) -> JobOutcome:
        parameters = ExportParameters.model_validate(context.parameters)
        viewer = await load_viewer(pool().fetchrow, OfUser(context.started_by or 0, parameters.scopes))
        if viewer is None:
            raise JobFailed(said(JobMessageCode.STARTER_INACTIVE))
        try:
            exported = await export_rows(
                ExportRun(
                    job_id=job_id,
                    viewer=viewer,
                    entity=EXPORTED[kind],
                    parameters=parameters,
                    company=context.company,
                    home=context.home,
                    kept_for=context.kept_for,
                    progress=context.progress,
                )
            )
        except TooManyRows as error:
            raise JobFailed(said(JobMessageCode.TOO_MANY_ROWS, format=error.format, limit=error.limit)) from None
        except TookTooLong:
            raise JobFailed(took_too_long(kind)) from None
        except Refused:
            raise JobFailed(said(JobMessageCode.FIELD_GONE)) from None
        return JobOutcome(message=said(JobMessageCode.ROWS_EXPORTED, rows=exported.rows), result=exported.file_id)

    return run
