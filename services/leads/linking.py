"""Leads whose person is a customer."""

from domain.events import Aggregate, EventType
from models import Lead
from models.connection import TransactionClient
from services.clock import now
from services.outbox import append


async def link_to_customer(client: TransactionClient, lead_id: int, customer_id: int, *, by: int) -> None:
    """The person of this lead is a customer now; one that belongs to a customer already stays with them."""
    lead = await Lead.filter(id=lead_id).using_db(client).select_for_update().get()
    if lead.customer_id is not None:
        return
    version = lead.version + 1
    changed = {"customer_id": customer_id, "version": version, "last_seq": lead.last_seq + 1, "updated_at": now()}
    await Lead.filter(id=lead_id).using_db(client).update(**changed)
    await append(
        client,
        aggregate=Aggregate.LEAD,
        aggregate_id=lead_id,
        type=EventType.LEAD_UPDATED,
        before=lead,
        payload={"version": version, "changed": ["customer"], "by": by},
    )
