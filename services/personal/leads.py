"""The person on leads: contact, words, custom fields. Where a lead came from, its worth and its course stay."""

from domain.events import Aggregate, EventType
from domain.personal_data import ERASED
from models.connection import TransactionClient
from services.clock import now
from services.personal.orders import erase_words, tell
from services.personal.traces import Traces

OF_CUSTOMER = "l.customer_id = $1::bigint"
OF_EMAIL = "search_text(l.email) = search_text($1::text)"
OF_PHONE = "search_end(l.phone) = search_end($1::text)"

_ERASE = """
WITH picked AS (SELECT l.id FROM lead l WHERE {which} ORDER BY l.id FOR NO KEY UPDATE)
UPDATE lead l SET
    company = CASE WHEN l.company IS NULL OR {whole} THEN $3 ELSE l.company END,
    contact_name = NULL, email = NULL, phone = NULL, interest = NULL, custom_fields = '{{}}', tags = '{{}}',
    tax_id = CASE WHEN {whole} THEN NULL ELSE l.tax_id END, tax_key = CASE WHEN {whole} THEN NULL ELSE l.tax_key END,
    phone_key = NULL, email_key = NULL, company_key = CASE WHEN {whole} THEN NULL ELSE l.company_key END,
    version = l.version + 1, last_seq = l.last_seq + 1, updated_at = $2
FROM picked WHERE l.id = picked.id
RETURNING l.id, ARRAY[CASE WHEN {whole} THEN old.company END, old.contact_name, old.email, old.phone] AS texts
"""
_UNNAME = """
UPDATE reminder SET facts = facts || '{"name": null}' WHERE subject_kind = 'Lead' AND subject_id = ANY ($1::bigint[])
"""
_CHANGED = """
["company", "contactName", "email", "phone", "taxId", "interest", "customFields", "tags", "followUps", "assignments"]
"""


async def erase_leads(client: TransactionClient, traces: Traces, which: str, value: object, *, by: int) -> None:
    """Blank the person in the leads that `which` says of `value`; the company only with its customer."""
    statement = _ERASE.format(which=which, whole="true" if which == OF_CUSTOMER else "false")
    done = await client.connection.fetch(statement, value, now(), ERASED)
    ids = [row["id"] for row in done]
    await erase_words(client, "lead_follow_up", "lead_id", ids, said="content")
    await erase_words(client, "lead_assignment", "lead_id", ids)
    await client.connection.execute(_UNNAME, ids)
    await tell(client, Aggregate.LEAD, EventType.LEAD_ERASED, ids, by=by, changed=_CHANGED)
    for row in done:
        traces.found(*(text for text in row["texts"] if text != ERASED))
    traces.counts["leads"] = len(done)
