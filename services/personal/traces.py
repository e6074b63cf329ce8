"""What is left of a person beside their records: in the audit, in reports of jobs, in files."""

from dataclasses import dataclass, field

from models.connection import TransactionClient
from rows.ids import global_id
from services.audit import Subject

SHORTEST_TRACE = 5
"""Characters: a shorter text would be found in what is about others."""


@dataclass
class Traces:
    """Texts that give the person away, what the audit calls them, and how much was erased so far, by kind."""

    texts: set[str] = field(default_factory=set)
    subject: Subject | None = None
    user_id: int | None = None
    counts: dict[str, int] = field(default_factory=dict)

    def found(self, *texts: str | None) -> None:
        """Look for these as well."""
        self.texts |= {text for text in texts if text and len(text) >= SHORTEST_TRACE}


# The network is that of who acted; who could not sign in is known by the account alone.
_AUDIT = """
UPDATE audit_entry SET
    facts = CASE WHEN subject_id = $1 THEN facts - 'person' ELSE facts END,
    address = CASE WHEN actor_id = $2 OR (actor_id IS NULL AND subject_id = $1) THEN NULL ELSE address END
WHERE (subject_id = $1 AND facts ? 'person')
    OR (address IS NOT NULL AND (actor_id = $2 OR (actor_id IS NULL AND subject_id = $1)))
"""
_REPORTS = """
UPDATE job_report_row SET subject = NULL, reason = '(erased)'
WHERE EXISTS (
    SELECT FROM unnest($1::text[]) text WHERE position(lower(text) IN lower(concat(subject, ' ', reason))) > 0)
"""
# A text may lie across two pieces of a file. What is compressed cannot be looked into, and is made or sent again.
_FILES = """
DELETE FROM stored_file WHERE completed_at IS NOT NULL
  AND NOT EXISTS (
      SELECT FROM job WHERE state IN ('QUEUED', 'RUNNING')
        AND job.parameters -> 'files' @> jsonb_build_array(jsonb_build_object('file_id', stored_file.id)))
  AND (media_type NOT LIKE 'text/%' AND media_type NOT LIKE '%json' OR EXISTS (
      SELECT FROM (
          SELECT data || coalesce(substring(lead(data) OVER (ORDER BY position) FROM 1 FOR 1000), '') AS data
          FROM stored_file_chunk WHERE file_id = stored_file.id
      ) piece, unnest($1::text[]) text WHERE position(convert_to(text, 'UTF8') IN piece.data) > 0))
"""


_EXPORTS = """
UPDATE job SET parameters = '{}' WHERE kind = 'PERSONAL_DATA_EXPORT' AND state NOT IN ('QUEUED', 'RUNNING')
  AND (lower(parameters ->> 'email') = ANY ($1::text[]) OR parameters ->> 'phone' = ANY ($1))
"""


async def erase_traces(client: TransactionClient, traces: Traces) -> None:
    """Take the person out of the audit, of reports, and drop files that hold them."""
    if traces.subject or traces.user_id:
        subject = traces.subject and global_id(*traces.subject)
        await client.connection.execute("SET LOCAL sluice.erasure = 'on'")
        traces.counts["auditEntries"] = await _run(client, _AUDIT, subject, traces.user_id)
        await client.connection.execute("SET LOCAL sluice.erasure = 'off'")
    texts = sorted(traces.texts)
    traces.counts["reportRows"] = await _run(client, _REPORTS, texts) if texts else 0
    await _run(client, _EXPORTS, [*texts, *map(str.lower, texts)])
    traces.counts["files"] = await _run(client, _FILES, texts) if texts else 0


async def _run(client: TransactionClient, statement: str, *values: object) -> int:
    """How many rows the statement wrote."""
    return int((await client.connection.execute(statement, *values)).split()[-1])
