"""Whole invoices, by number, some thousand lines of them in a transaction."""

from dataclasses import dataclass
from datetime import datetime

from models.connection import TransactionClient
from services.clock import now
from services.imports.run import ImportRun
from services.jobs.leases import hold_lease

LINES_AT_ONCE = 10_000

# The invoice to which that many lines reach, or the last one. An index alone answers it, however many lines there are.
_LAST = """
SELECT coalesce(
    (SELECT invoice FROM import_line WHERE job_id = $1 AND problem IS NULL AND invoice > $2
     ORDER BY invoice OFFSET $3::int - 1 LIMIT 1),
    (SELECT max(invoice) FROM import_line WHERE job_id = $1 AND problem IS NULL AND invoice > $2)
)
"""

# Rows are found by their keys, whatever the statistics say: tables that were empty a moment ago look as if they were
# best read as a whole, and a plan is kept for as long as its connection.
_BY_KEYS = "SET LOCAL enable_seqscan = off"


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Invoices in the transaction of `client`: those with numbers above `after` up to `last`; `at` is its time.

    Once they are grouped, they are the rows of `import_order` with the id of the job.
    """

    client: TransactionClient
    run: ImportRun
    channel_id: int
    after: str
    last: str
    at: datetime

    async def execute(self, statement: str, *values: object) -> int:
        """Run a statement in which $1 is the id of the job and `values` follow; how many rows it wrote."""
        tag = await self.client.connection.execute(statement, self.run.job_id, *values)
        return int(tag.rpartition(" ")[2])


async def next_batch(client: TransactionClient, run: ImportRun, *, channel_id: int, after: str) -> Batch | None:
    """The invoices that follow `after`, held for this run; None when there are no more. Raises LeaseLost."""
    await hold_lease(client, job_id=run.job_id, attempt=run.attempt)
    await client.connection.execute(_BY_KEYS)
    last = await client.connection.fetchval(_LAST, run.job_id, after, LINES_AT_ONCE)
    if last is None:
        return None
    return Batch(client=client, run=run, channel_id=channel_id, after=after, last=last, at=now())
