"""The person on orders: snapshots, notes, and texts of custom fields. Money, lines, days and the country stay."""

from domain.errors import InUse, Refused
from domain.events import Aggregate, EventType
from domain.paths import INPUT
from domain.personal_data import MOST_ERASED
from models.connection import TransactionClient
from rows.events import SUBJECTS
from services.clock import now
from services.outbox import events_of
from services.personal.traces import Traces
from services.records.moving import NOT_OVER

OF_CUSTOMER = "o.customer_id = $1::bigint"
OF_EMAIL = "search_grams(o.contact_email) @> search_grams($1::text) AND lower(o.contact_email) = lower($1)"
OF_PHONE = "search_end(o.contact_phone) = search_end($1::text)"

_TELLS = """num_nonnulls(
    CASE WHEN {named} THEN o.customer_name END, o.contact_name, o.contact_email, o.contact_phone, o.notes,
    o.ship_to ->> 'street', o.bill_to ->> 'street'
) > 0"""
_ERASE = """
WITH picked AS (SELECT o.id FROM sales_order o WHERE {which} AND {tells} ORDER BY o.id LIMIT $2 FOR NO KEY UPDATE)
UPDATE sales_order o SET
    customer_name = CASE WHEN {named} THEN NULL ELSE o.customer_name END,
    contact_name = NULL, contact_email = NULL, contact_phone = NULL, notes = NULL,
    ship_to = CASE WHEN o.ship_to IS NOT NULL THEN jsonb_build_object('country', o.ship_to -> 'country') END,
    bill_to = CASE WHEN o.bill_to IS NOT NULL THEN jsonb_build_object('country', o.bill_to -> 'country') END,
    custom_fields = o.custom_fields - ARRAY(SELECT key FROM custom_field WHERE entity = 'ORDER' AND type = 'TEXT'),
    version = o.version + 1, last_seq = o.last_seq + 1, updated_at = $3
FROM picked WHERE o.id = picked.id
RETURNING o.id, ARRAY[CASE WHEN {named} THEN old.customer_name END, old.contact_name, old.contact_email,
    old.contact_phone, old.ship_to ->> 'recipient', old.ship_to ->> 'phone', old.bill_to ->> 'recipient',
    old.bill_to ->> 'phone'] AS texts
"""
_LEFT = "SELECT count(*) FROM sales_order o WHERE {which} AND {tells}"
_CHANGED = '["customerName", "contact", "shipTo", "billTo", "notes", "customFields"]'


async def erase_from_orders(client: TransactionClient, traces: Traces, which: str, value: object, *, by: int) -> None:
    """Blank the person in the orders that `which` says of `value`; their customer's name only with the customer."""
    named = "true" if which == OF_CUSTOMER else "o.customer_id IS NULL"
    parts = {"which": which, "named": named, "tells": _TELLS.format(named=named)}
    done = await client.connection.fetch(_ERASE.format(**parts), value, MOST_ERASED, now())
    await tell(client, Aggregate.ORDER, EventType.ORDER_UPDATED, [row["id"] for row in done], by=by, changed=_CHANGED)
    for row in done:
        traces.found(*row["texts"])
    traces.counts["orders"] = len(done)
    traces.counts["ordersLeft"] = await client.connection.fetchval(_LEFT.format(**parts), value)


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
