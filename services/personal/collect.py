"""What is held about a person, part by part, as it is stored; secrets, and what only machines need, are left out."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from domain.personal_data import Person
from models.connection import pool
from rows.ids import global_id
from services.personal.orders import OF_CUSTOMER, OF_EMAIL, OF_PHONE
from services.personal.subjects import subject_of

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Part:
    """Rows of `table` for which `which` holds of what names the person, $1; `json` is what is told of row `r`."""

    name: str
    table: str
    which: str
    json: str = "to_jsonb(r)"


_CUSTOMER = "to_jsonb(r) - '{last_seq}'::text[]"
_USER = "to_jsonb(r) - '{password_hash}'::text[]"
_BELOW = {
    "lines": ("order_line", "position, b.id", "to_jsonb(b)"),
    "payments": ("payment", "id", "to_jsonb(b) - 'turn'"),
    "feedback": ("feedback", "id", "to_jsonb(b)"),
    "complaints": ("complaint", "id", "to_jsonb(b)"),
    "complaintChanges": ("complaint_change", "id", "to_jsonb(b)"),
}
"""What is told with an order: its table, order, and a row `b` as JSON."""
_WITH = ", ".join(
    f"'{name}', (SELECT coalesce(jsonb_agg({json} ORDER BY b.{order}), '[]') FROM {table} b WHERE b.order_id = r.id)"  # noqa: S608  # of names of ours
    for name, (table, order, json) in _BELOW.items()
)
_ORDER = f"to_jsonb(r) - '{{content_hash,last_seq}}'::text[] || jsonb_build_object({_WITH})"
_LEAD = """to_jsonb(r) - '{last_seq,phone_key,email_key,tax_key,company_key}'::text[] || jsonb_build_object(
    'followUps', (SELECT coalesce(jsonb_agg(to_jsonb(b) ORDER BY b.at, b.id), '[]')
                  FROM lead_follow_up b WHERE b.lead_id = r.id),
    'assignments', (SELECT coalesce(jsonb_agg(to_jsonb(b) - 'candidates' ORDER BY b.at, b.id), '[]')
                    FROM lead_assignment b WHERE b.lead_id = r.id))"""
_OF_THIS_CUSTOMER = "r.customer_id = $1::bigint"
_OF_THIS_USER = "r.user_id = $1::bigint"
_CONSIDERED = """(
SELECT to_jsonb(r) - '{candidates,open,matches,standings}'::text[]
    || jsonb_build_object('open', c.open, 'matches', c.matches, 'standing', c.standing)
FROM unnest(r.candidates, r.open, r.matches, r.standings) c (user_id, open, matches, standing)
WHERE c.user_id = $1::bigint)"""
"""A decision about an order, with what was known of this user alone."""
_EMAIL = "lower(r.email) = lower($1::text)"
_PHONE = "search_end(r.phone) = search_end($1::text)"


def _orders(which: str) -> Part:
    return Part(name="orders", table="sales_order", which=which.replace("o.", "r."), json=_ORDER)


_PARTS: Mapping[str, Sequence[Part]] = {
    "customerId": (
        Part(name="customers", table="customer", which="r.id = $1::bigint", json=_CUSTOMER),
        Part(name="contacts", table="customer_contact", which=_OF_THIS_CUSTOMER),
        Part(name="addresses", table="customer_address", which=_OF_THIS_CUSTOMER),
        Part(name="ownerChanges", table="customer_owner_change", which=_OF_THIS_CUSTOMER),
        Part(name="levelChanges", table="customer_level_change", which=_OF_THIS_CUSTOMER),
        Part(name="levelProposals", table="level_proposal", which=_OF_THIS_CUSTOMER, json="to_jsonb(r) - 'sole'"),
        Part(name="leads", table="lead", which=_OF_THIS_CUSTOMER, json=_LEAD),
        _orders(OF_CUSTOMER),
    ),
    "userId": (
        Part(name="users", table="app_user", which="r.id = $1::bigint", json=_USER),
        Part(
            name="sessions",
            table="session",
            which=_OF_THIS_USER,
            json="to_jsonb(r) - '{token_hash,rotations,generation}'::text[]",
        ),
        Part(name="identities", table="user_identity", which=_OF_THIS_USER),
        Part(name="skills", table="user_skill", which=_OF_THIS_USER),
        Part(
            name="assignmentDecisions",
            table="assignment_decision",
            which="$1::bigint = ANY (r.candidates)",
            json=_CONSIDERED,
        ),
        Part(name="apiTokens", table="api_token", which=_OF_THIS_USER, json="to_jsonb(r) - '{token_hash}'::text[]"),
        Part(name="segments", table="segment", which="r.owner_id = $1::bigint"),
        Part(name="reminders", table="reminder", which="r.recipient_id = $1::bigint AND r.fired_at IS NOT NULL"),
        Part(
            name="reminderDeliveries",
            table="reminder_delivery",
            which="EXISTS (SELECT FROM reminder b WHERE b.id = r.reminder_id AND b.recipient_id = $1::bigint)",
        ),
        Part(name="leaves", table="user_leave", which=_OF_THIS_USER),
        Part(name="actions", table="audit_entry", which="r.actor_id = $1::bigint"),
    ),
    "email": (
        Part(name="customers", table="customer", which=_EMAIL, json=_CUSTOMER),
        Part(name="contacts", table="customer_contact", which=_EMAIL),
        Part(name="users", table="app_user", which=_EMAIL, json=_USER),
        Part(name="leads", table="lead", which=_EMAIL, json=_LEAD),
        _orders(OF_EMAIL),
    ),
    "phone": (
        Part(name="customers", table="customer", which=_PHONE, json=_CUSTOMER),
        Part(name="contacts", table="customer_contact", which=_PHONE),
        Part(name="addresses", table="customer_address", which=_PHONE),
        Part(name="users", table="app_user", which=_PHONE, json=_USER),
        Part(name="leads", table="lead", which=_PHONE, json=_LEAD),
        _orders(OF_PHONE),
    ),
}
_AUDIT = Part(name="audit", table="audit_entry", which="r.subject_id = $1::text")
_READ = """
SELECT id, ({json})::text AS json FROM {table} r
WHERE {which} AND ($2::text IS NULL OR r.id > $2::text::{key}) ORDER BY id LIMIT {batch}
"""


async def collect(person: Person) -> AsyncIterator[tuple[str, Sequence[str]]]:
    """The name of each part with JSON objects of it, up to `BATCH` at a time; a part without rows comes once, empty."""
    named_by, value = person.named_by
    for part in _PARTS[named_by]:
        async for rows in _batches(part, value):
            yield part.name, rows
    if subject := subject_of(person):
        async for rows in _batches(_AUDIT, global_id(*subject)):
            yield _AUDIT.name, rows


async def _batches(part: Part, value: object) -> AsyncIterator[Sequence[str]]:
    key = "uuid" if part.table == "session" else "bigint"
    statement = _READ.format(json=part.json, table=part.table, which=part.which, key=key, batch=BATCH)
    last: str | None = None
    while True:
        rows = await pool().fetch(statement, value, last)
        yield [row["json"] for row in rows]
        if len(rows) < BATCH:
            return
        last = str(rows[-1]["id"])
