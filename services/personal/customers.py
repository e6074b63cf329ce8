"""A customer is erased, with contacts and addresses, and from their orders."""

from typing import Any

from domain.errors import NotFound, Refused
from domain.events import Aggregate, EventType
from domain.paths import INPUT
from domain.personal_data import ERASED
from models import Customer, CustomerAddress, CustomerContact
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import CUSTOMER
from rows.viewer import Viewer
from services.clock import now
from services.personal.leads import OF_CUSTOMER as OF_CUSTOMERS_LEADS
from services.personal.leads import erase_leads
from services.personal.orders import OF_CUSTOMER, erase_from_orders, erase_words, refuse_open_orders, tell
from services.personal.traces import Traces

# The number in the source channel stays: by it, the next import finds the customer instead of making them anew.
_BLANK: dict[str, Any] = {
    "name": ERASED,
    "email": None,
    "phone": None,
    "tax_id": None,
    "preferences": None,
    "tags": [],
    "birthday": None,
    "custom_fields": {},
}
_CHANGED = '["name", "email", "phone", "taxId", "preferences", "tags", "birthday", "contacts", "addresses"]'


async def erase_customer(client: TransactionClient, viewer: Viewer, customer_id: int) -> Traces:
    """Erase the customer; what is left to look for. Level, region, owner and figures stay.

    Raises Refused with NotFound, or with InUse while there are orders that are not over.
    """
    if not await visible_ids(client, CUSTOMER, viewer, [customer_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "customerId")))
    await refuse_open_orders(client, OF_CUSTOMER, customer_id, name="customerId")
    customer = await Customer.get(id=customer_id, using_db=client)
    traces = Traces(subject=(CUSTOMER, customer_id))
    traces.found(customer.name if customer.name != ERASED else None, customer.email, customer.phone)
    await _erase_parts(client, customer_id, traces)
    changed = {name for name, value in _BLANK.items() if getattr(customer, name) != value}
    traces.counts["customers"] = int(bool(changed))
    if changed or traces.counts["contacts"] or traces.counts["addresses"]:
        version, seq = customer.version + 1, customer.last_seq + 1
        await (
            Customer.filter(id=customer_id)
            .using_db(client)
            .update(**_BLANK, version=version, last_seq=seq, updated_at=now())
        )
        by = viewer.user_id
        await tell(client, Aggregate.CUSTOMER, EventType.CUSTOMER_ERASED, [customer_id], by=by, changed=_CHANGED)
    for history in ("customer_owner_change", "customer_level_change", "level_proposal"):
        await erase_words(client, history, "customer_id", [customer_id])
    await erase_leads(client, traces, OF_CUSTOMERS_LEADS, customer_id, by=viewer.user_id)
    await erase_from_orders(client, traces, OF_CUSTOMER, customer_id, by=viewer.user_id)
    return traces


async def _erase_parts(client: TransactionClient, customer_id: int, traces: Traces) -> None:
    for contact in await CustomerContact.filter(customer_id=customer_id).using_db(client):
        traces.found(contact.name, contact.email, contact.phone)
    for address in await CustomerAddress.filter(customer_id=customer_id).using_db(client):
        traces.found(address.recipient, address.phone)
    contacts = await CustomerContact.filter(customer_id=customer_id).using_db(client).delete()
    addresses = await CustomerAddress.filter(customer_id=customer_id).using_db(client).delete()
    traces.counts |= {"contacts": contacts, "addresses": addresses}
