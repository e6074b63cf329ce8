"""What is left of a person beside their records: in the audit, which is written at once, in reports, and in files."""

from dataclasses import dataclass, field

from domain.jobs import JobKind
from models.connection import TransactionClient
from rows.ids import global_id
from services.audit import Subject
from services.jobs.create import create_job

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


async def erase_traces(client: TransactionClient, traces: Traces, *, by: int) -> int | None:
    """Take the person out of the audit, and have a job look for them in reports and files; its id.

    There is none when nothing was found by which the person could be known.
    """
    if traces.subject or traces.user_id:
        subject = traces.subject and global_id(*traces.subject)
        await client.connection.execute("SET LOCAL sluice.erasure = 'on'")
        written = await client.connection.execute(_AUDIT, subject, traces.user_id)
        traces.counts["auditEntries"] = int(written.split()[-1])
        await client.connection.execute("SET LOCAL sluice.erasure = 'off'")
    if not traces.texts:
        return None
    parameters = {"texts": sorted(traces.texts)}
    return await create_job(client, kind=JobKind.PERSONAL_DATA_TRACES, started_by=by, parameters=parameters)
