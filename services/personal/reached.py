"""Somebody who is known by an email address or a phone number alone is erased wherever it stands."""

from domain.events import Aggregate, EventType
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.clock import now
from services.personal import leads
from services.personal.leads import erase_leads
from services.personal.orders import OF_EMAIL, OF_PHONE, erase_from_orders, refuse_open_orders, tell
from services.personal.traces import Traces

_SAME_EMAIL = "lower({column}) = lower($1::text)"
_SAME_PHONE = "search_end({column}) = search_end($1::text)"
# Customers first: what belongs to one is written under its lock.
_LOCK = """
SELECT id FROM customer c WHERE {own}
    OR EXISTS (SELECT FROM customer_contact p WHERE p.customer_id = c.id AND {contact})
    OR EXISTS (SELECT FROM customer_address a WHERE a.customer_id = c.id AND {address})
ORDER BY id FOR NO KEY UPDATE
"""
_CONTACTS = "DELETE FROM customer_contact p WHERE {contact} RETURNING name"
_ADDRESSES = "DELETE FROM customer_address a WHERE {address} RETURNING recipient"
_CUSTOMERS = "UPDATE customer c SET {column} = NULL WHERE {own} RETURNING id"
_VERSIONS = """
UPDATE customer SET version = version + 1, last_seq = last_seq + 1, updated_at = $2 WHERE id = ANY ($1::bigint[])
"""
_CHANGED = '["email", "phone", "contacts", "addresses"]'


async def erase_reached(client: TransactionClient, viewer: Viewer, value: str) -> Traces:
    """Erase contacts, addresses and order snapshots with this email address or phone number; what is left to look for.

    Of a customer's own record that field alone is blanked. Case and the spelling of a number do not count. Raises
    Refused with InUse while there are orders with it that are not over.
    """
    by_email = "@" in value
    column, same, which = ("email", _SAME_EMAIL, OF_EMAIL) if by_email else ("phone", _SAME_PHONE, OF_PHONE)
    await refuse_open_orders(client, which, value, name=column)
    parts = {
        "column": column,
        "own": same.format(column=f"c.{column}"),
        "contact": same.format(column=f"p.{column}"),
        "address": "false AND $1::text IS NOT NULL" if by_email else same.format(column="a.phone"),
    }
    traces = Traces()
    traces.found(value)
    customers = [row["id"] for row in await client.connection.fetch(_LOCK.format(**parts), value)]
    contacts = await client.connection.fetch(_CONTACTS.format(**parts), value)
    addresses = await client.connection.fetch(_ADDRESSES.format(**parts), value)
    own = await client.connection.fetch(_CUSTOMERS.format(**parts), value)
    traces.found(*(row["name"] for row in contacts), *(row["recipient"] for row in addresses))
    traces.counts |= {"contacts": len(contacts), "addresses": len(addresses), "customers": len(own)}
    await client.connection.execute(_VERSIONS, customers, now())
    by = viewer.user_id
    await tell(client, Aggregate.CUSTOMER, EventType.CUSTOMER_UPDATED, customers, by=by, changed=_CHANGED)
    await erase_leads(client, traces, leads.OF_EMAIL if by_email else leads.OF_PHONE, value, by=by)
    await erase_from_orders(client, traces, which, value, by=by)
    return traces
