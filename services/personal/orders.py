"""The person on orders: snapshots, notes, reasons in words, custom fields. Money, lines, days and the country stay."""

from collections.abc import Sequence

from domain.errors import InUse, Refused
from domain.events import Aggregate, EventType
from domain.imports import IMPORTED
from domain.paths import INPUT
from domain.personal_data import ERASED, MOST_ERASED
from models.connection import TransactionClient
from rows.events import SUBJECTS
from services.clock import now
from services.outbox import events_of
from services.personal.traces import Traces
from services.records.open import NOT_OVER

OF_CUSTOMER = "o.customer_id = $1::bigint"
OF_EMAIL = "search_grams(o.contact_email) @> search_grams($1::text) AND lower(o.contact_email) = lower($1)"
OF_PHONE = "search_end(o.contact_phone) = search_end($1::text)"

# Texts and people, and numbers that may be those of telephones.
_DIGITS = "length(regexp_replace(split_part(o.custom_fields ->> f.key, '.', 1), '[^0-9]', '', 'g'))"
_FIELDS = f"""ARRAY(
    SELECT f.key FROM custom_field f
    WHERE f.entity = 'ORDER' AND (f.type IN ('TEXT', 'PERSON') OR (f.type = 'NUMBER' AND {_DIGITS} >= 7))
)"""  # noqa: S608  # ours
_WORDS = {
    "order_status_change": "reason",
    "order_owner_change": "reason",
    "order_tier_override": "reason",
    "payment": "reason",
    "feedback": "comment",
    "complaint": "description",
    "complaint_change": "note",
}
"""The tables in which something is said of an order in words, and where."""
_IN_WORDS = "{said} IS NOT NULL AND h.{said} NOT IN ('" + f"{IMPORTED}', '{ERASED}')"
_TOLD_WHY = " OR ".join(
    f"EXISTS (SELECT FROM {table} h WHERE h.order_id = o.id AND h.{_IN_WORDS.format(said=said)})"
    for table, said in _WORDS.items()
)
_TRACKED = "EXISTS (SELECT FROM shipment h WHERE h.order_id = o.id AND h.tracking_number IS NOT NULL)"
_TELLS = f"""(num_nonnulls(
    CASE WHEN {{named}} THEN o.customer_name END, o.contact_name, o.contact_email, o.contact_phone, o.notes,
    o.ship_to ->> 'street', o.bill_to ->> 'street'
) > 0 OR o.custom_fields ?| {_FIELDS} OR {_TOLD_WHY} OR {_TRACKED})"""
_ERASE = """
WITH picked AS (SELECT o.id FROM sales_order o WHERE {which} AND {tells} ORDER BY o.id LIMIT $2 FOR NO KEY UPDATE)
UPDATE sales_order o SET
    customer_name = CASE WHEN {named} THEN NULL ELSE o.customer_name END,
    contact_name = NULL, contact_email = NULL, contact_phone = NULL, notes = NULL,
    ship_to = CASE WHEN o.ship_to IS NOT NULL THEN jsonb_build_object('country', o.ship_to -> 'country') END,
    bill_to = CASE WHEN o.bill_to IS NOT NULL THEN jsonb_build_object('country', o.bill_to -> 'country') END,
    custom_fields = o.custom_fields - {fields},
    version = o.version + 1, last_seq = o.last_seq + 1, updated_at = $3
FROM picked WHERE o.id = picked.id
RETURNING o.id, ARRAY[CASE WHEN {named} THEN old.customer_name END, old.contact_name, old.contact_email,
    old.contact_phone, old.ship_to ->> 'recipient', old.ship_to ->> 'phone', old.bill_to ->> 'recipient',
    old.bill_to ->> 'phone'] AS texts
"""
_ERASE_WORDS = """
UPDATE {table} h SET {said} = $2 WHERE h.{column} = ANY ($1::bigint[]) AND h.{in_words}
"""
_FORGET_PARCELS = """
UPDATE shipment SET tracking_number = NULL, version = version + 1
WHERE order_id = ANY ($1::bigint[]) AND tracking_number IS NOT NULL
"""
_LEFT = "SELECT count(*) FROM sales_order o WHERE {which} AND {tells}"
_CHANGED = """
["customerName", "contact", "shipTo", "billTo", "notes", "customFields", "statusChanges", "ownerChanges",
 "tierOverrides", "shipments", "payments", "feedback", "complaints"]
"""


async def erase_from_orders(client: TransactionClient, traces: Traces, which: str, value: object, *, by: int) -> None:
    """Blank the person in the orders that `which` says of `value`; their customer's name only with the customer."""
    named = "true" if which == OF_CUSTOMER else "o.customer_id IS NULL"
    parts = {"which": which, "named": named, "tells": _TELLS.format(named=named), "fields": _FIELDS}
    done = await client.connection.fetch(_ERASE.format(**parts), value, MOST_ERASED, now())
    ids = [row["id"] for row in done]
    for table, said in _WORDS.items():
        await erase_words(client, table, "order_id", ids, said=said)
    await client.connection.execute(_FORGET_PARCELS, ids)
    await tell(client, Aggregate.ORDER, EventType.ORDER_UPDATED, ids, by=by, changed=_CHANGED)
    for row in done:
        traces.found(*row["texts"])
    traces.counts["orders"] = len(done)
    traces.counts["ordersLeft"] = await client.connection.fetchval(_LEFT.format(**parts), value)


async def erase_words(
    client: TransactionClient, table: str, column: str, ids: Sequence[int], *, said: str = "reason"
) -> None:
    """Take the words out of what is `said` of these rows in a table; who, when, from and to what stay."""
    statement = _ERASE_WORDS.format(table=table, column=column, said=said, in_words=_IN_WORDS.format(said=said))
    await client.connection.execute(statement, ids, ERASED)


async def refuse_open_orders(client: TransactionClient, which: str, value: object, *, name: str) -> None:
    """Raises Refused with InUse while there is an order that is not over: somebody has to be sent the goods."""
    found = f"SELECT EXISTS (SELECT FROM sales_order o WHERE {which} AND {NOT_OVER})"  # noqa: S608  # ours
    if await client.connection.fetchval(found, value):
        raise Refused(InUse(path=(*INPUT, name)))


async def tell(
    client: TransactionClient, aggregate: Aggregate, event: EventType, ids: list[int], *, by: int, changed: str
) -> None:
    """An event about each of these rows, after they were written; `changed` is a JSON list of fields."""
    facts = {name: f"t.{name}" for name in SUBJECTS[aggregate].facts}
    payload = f"jsonb_build_object('version', t.version, 'changed', '{changed}'::jsonb, 'by', $2::bigint)"
    table = SUBJECTS[aggregate].entity.table
    rows = f"unnest($1::bigint[]) done (id) JOIN {table} t USING (id) ORDER BY t.id"
    statement = events_of(aggregate, event, rows=rows, payload=payload, at="$3::timestamptz", before=facts)
    await client.connection.execute(statement, ids, by, now())
