"""What was not imported becomes the job's report."""

from services.imports.run import ImportRun
from services.imports.staging import StagingLost
from services.jobs.leases import hold_lease
from services.jobs.reporting import add_to_report, file_report, forget_report
from services.transaction import transaction

ROWS_AT_ONCE = 5_000

_REFUSED = """
SELECT file, line, invoice, problem FROM import_line
WHERE job_id = $1 AND problem IS NOT NULL AND (file, line) > ($2, $3) ORDER BY file, line LIMIT $4
"""


async def write_report(run: ImportRun, *, refused: int | None) -> int | None:
    """Report the lines of the import that were `refused`, None being as many as there are; the report as a file.

    Gives None if there are none. Raises StagingLost when these lines are gone, and LeaseLost.
    """
    await forget_report(job_id=run.job_id, attempt=run.attempt)
    written, last = 0, (-1, -1)
    while found := await _report_some(run, written, last):
        written, last = written + found[0], found[1]
    if refused is not None and written != refused:
        raise StagingLost("refused lines are gone")
    return await file_report(job_id=run.job_id, owner_id=run.started_by, folder=run.home, kept_for=run.kept_for)


async def _report_some(run: ImportRun, written: int, last: tuple[int, int]) -> tuple[int, tuple[int, int]] | None:
    """Report the next refused lines behind `last`; how many, and the last of them, or None if there are no more."""
    names = [file.name for file in run.parameters.files]
    async with transaction() as client:
        await hold_lease(client, job_id=run.job_id, attempt=run.attempt)
        rows = await client.connection.fetch(_REFUSED, run.job_id, *last, ROWS_AT_ONCE)
        refusals = [(names[row["file"]], row["line"], row["invoice"], row["problem"]) for row in rows]
        await add_to_report(client, job_id=run.job_id, after=written, refusals=refusals)
    return (len(rows), (rows[-1]["file"], rows[-1]["line"])) if rows else None
