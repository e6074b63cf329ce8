"""Files that have served their time go, with the reports of the jobs that they belong to."""

from datetime import timedelta

from services.clock import now
from services.transaction import transaction

_FILES = """
DELETE FROM stored_file WHERE id IN (
    SELECT id FROM stored_file f WHERE expires_at < $1 AND NOT EXISTS (
        SELECT FROM job WHERE state IN ('QUEUED', 'RUNNING') AND job.parameters -> 'files' @> jsonb_build_array(
            jsonb_build_object('file_id', f.id)))
    ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_REPORTS = """
DELETE FROM job_report_row WHERE id IN (
    SELECT r.id FROM job_report_row r JOIN job ON job.id = r.job_id WHERE job.finished_at < $1 LIMIT $2)
RETURNING id
"""


async def purge_file() -> int:
    """Remove one of the files whose time is over, but for those that a job still needs; how many: 1, or 0 at the end.

    One at a time, for a file may be hundreds of megabytes.
    """
    return await _purge(_FILES, now())


async def purge_reports(*, kept_for: timedelta, at_most: int = 20_000) -> int:
    """Remove rows of the reports of jobs that ended longer ago than `kept_for`; how many."""
    return await _purge(_REPORTS, now() - kept_for, at_most)


async def _purge(statement: str, *values: object) -> int:
    async with transaction() as client:
        return len(await client.connection.fetch(statement, *values))
