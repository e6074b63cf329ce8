"""An import of orders: files are staged, applied in batches, and what was refused is reported.

It may be stopped at any instant and run again: the files are staged anew, and invoices that are orders by then are
compared with these and left as they are.
"""

from dataclasses import dataclass, field

from services.imports.applying import Applied, apply_batch
from services.imports.making import make_channel
from services.imports.report import write_report
from services.imports.run import ImportRun
from services.imports.staging import Staged, StagingLost, clear_staging, stage_files
from services.jobs.leases import CancelAsked
from services.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """What became of an import, and the file that tells of refused lines. `cancelled`: somebody stopped it."""

    applied: Applied
    report: int | None
    cancelled: bool = False


async def import_orders(run: ImportRun) -> ImportResult:
    """Import the files of `run`; when it is cancelled, as far as it has come.

    Raises FileUnreadable, in which case nothing is imported, LeaseLost, StagingLost (run it again), and what
    `run.progress` raises.
    """
    so_far = SoFar()
    try:
        staged = await stage_files(run)
        await _apply_all(run, staged, so_far)
        cancelled = False
    except CancelAsked:
        cancelled = True
    report = await write_report(run, refused=None if cancelled else so_far.applied.refused)
    await clear_staging(run)
    return ImportResult(applied=so_far.applied, report=report, cancelled=cancelled)


@dataclass
class SoFar:
    """What has become of an import until now."""

    applied: Applied = field(default_factory=lambda: Applied(lines=0, refused=0))


async def _apply_all(run: ImportRun, staged: Staged, so_far: SoFar) -> None:
    """Make orders of all staged invoices; what was refused before is among the lines."""
    channel_id = await _channel(run)
    so_far.applied = Applied(lines=staged.refused, refused=staged.refused)
    while batch := await apply_batch(run, channel_id=channel_id, after=so_far.applied.last):
        so_far.applied += batch
        applied = so_far.applied
        await run.progress(done=applied.lines, failed=applied.refused, unchanged=applied.unchanged, total=staged.lines)
    if so_far.applied.lines != staged.lines:
        raise StagingLost("staged lines are gone")


async def _channel(run: ImportRun) -> int:
    async with transaction() as client:
        return await make_channel(client, run.parameters.preset.channel)
