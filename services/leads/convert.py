"""A lead becomes a customer."""

from domain.errors import NotFound, Refused
from domain.events import Aggregate, EventType
from domain.leads.lead import LeadMove, LeadStatus
from domain.paths import INPUT
from domain.permissions import Action
from models import Customer, CustomerContact, Lead
from models.connection import TransactionClient
from rows.entities import CUSTOMER
from rows.viewer import Viewer
from services.clock import now
from services.idempotency import Request, once
from services.leads.close import close_lead
from services.leads.holding import check_open, hold_lead_to
from services.outbox import append
from services.references import sees
from services.transaction import retrying, transaction


@retrying
async def convert_lead(
    *, viewer: Viewer, lead_id: int, customer_id: int | None, idempotency_key: str | None = None
) -> int:
    """Make a customer of the lead, exactly one however often it is asked; the lead's id.

    The customer is `customer_id`, which `viewer` sees, else the one that the lead was found to belong to, else a new
    one of the lead's facts and its owner's. A lead that is converted already stays as it is, if it is asked for the
    same customer. Raises Refused with NotFound (also of the customer), NotPermitted, NotEligible (it is closed) or
    IdempotencyKeyReused.
    """
    asked = {"id": lead_id, "customerId": customer_id}
    request = Request(principal=viewer.user_id, mutation="leadConvert", key=idempotency_key, asked=asked)

    async def convert() -> int:
        if customer_id is not None and not await sees(client, viewer, CUSTOMER, customer_id):
            raise Refused(NotFound(path=(*INPUT, "customerId")))
        lead = await hold_lead_to(client, viewer, lead_id, Action.WORK_LEADS)
        if lead.status is LeadStatus.CONVERTED and customer_id in (None, lead.customer_id):
            return lead_id
        check_open(lead)
        becomes = customer_id or lead.customer_id or await _make_customer(client, viewer, lead)
        changed = {"status": LeadStatus.CONVERTED, "customer_id": becomes}
        await close_lead(client, viewer, lead, LeadMove.CONVERTED, changed)
        return lead_id

    async with transaction() as client:
        outcome = await once(client, request, convert)
    return outcome.settle()


async def _make_customer(client: TransactionClient, viewer: Viewer, lead: Lead) -> int:
    """A customer of the lead's facts: the company by its name if it has one, with the person as its contact."""
    names = (lead.company, lead.contact_name, lead.email, lead.phone)
    made = await Customer.create(
        using_db=client,
        name=next(name for name in names if name),
        industry=lead.industry,
        email=lead.email,
        phone=lead.phone,
        tax_id=lead.tax_id,
        region_id=lead.region_id,
        channel_id=lead.source_id,
        owner_id=lead.owner_id,
        team_id=lead.team_id,
        tags=list(lead.tags),
        created_at=now(),
        last_seq=1,
    )
    customer_id: int = made.id
    if lead.company and lead.contact_name:
        await CustomerContact.create(
            using_db=client, customer_id=customer_id, name=lead.contact_name, email=lead.email, phone=lead.phone
        )
    await append(
        client,
        aggregate=Aggregate.CUSTOMER,
        aggregate_id=customer_id,
        type=EventType.CUSTOMER_CREATED,
        before=None,
        payload={"version": made.version, "level": made.level, "by": viewer.user_id},
    )
    return customer_id
