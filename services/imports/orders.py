"""An import of orders: files are staged, applied in batches, and what was refused is reported.

It may be stopped at any instant and run again: the files are staged anew, and invoices that are orders by then are
compared with these and left as they are.
"""

from dataclasses import dataclass

from services.imports.applying import Applied, apply_batch
from services.imports.making import make_channel
from services.imports.report import write_report
from services.imports.run import ImportRun
from services.imports.staging import Staged, StagingLost, clear_staging, stage_files
from services.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """What became of an import, and where the refused lines are told, below the home."""

    applied: Applied
    report: str | None


async def import_orders(run: ImportRun) -> ImportResult:
    """Import the files of `run`.

    Raises FileUnreadable, in which case nothing is imported, LeaseLost, StagingLost (run it again), and what
    `run.progress` raises.
    """
    staged = await stage_files(run)
    applied = await _apply_all(run, staged)
    report = await write_report(run, refused=applied.refused)
    await clear_staging(run)
    return ImportResult(applied=applied, report=report)


async def _apply_all(run: ImportRun, staged: Staged) -> Applied:
    """Make orders of all staged invoices; what was refused before is among the lines."""
    channel_id = await _channel(run)
    so_far = Applied(lines=staged.refused, refused=staged.refused)
    while batch := await apply_batch(run, channel_id=channel_id, after=so_far.last):
        so_far += batch
        await run.progress(done=so_far.lines, failed=so_far.refused, total=staged.lines)
    if so_far.lines != staged.lines:
        raise StagingLost("staged lines are gone")
    return so_far


async def _channel(run: ImportRun) -> int:
    async with transaction() as client:
        return await make_channel(client, run.parameters.preset.channel)
