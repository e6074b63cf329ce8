"""Entering a customer."""

from collections.abc import Sequence

from domain.custom_fields.kinds import CustomFieldEntity
from domain.customer_entry import NewCustomer, customer_problems, origin_problems
from domain.errors import AlreadyExists, DomainError, NotPermitted, Refused
from domain.events import Aggregate, EventType
from domain.leads.matching import Match
from domain.ownership import Ownership
from domain.paths import INPUT
from domain.permissions import Action, may
from models import Customer
from models.connection import TransactionClient
from rows.entities import CHANNEL, REGION
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.custom_fields.values import new_values
from services.customers.parts import insert_parts
from services.idempotency import Request, once
from services.leads.linking import link_to_customer
from services.leads.matching import Contact, find_match, hold_keys
from services.outbox import append
from services.ownership import choose_owner
from services.references import answering, refused, sound, unseen
from services.transaction import retrying, transaction


@retrying
async def create_customer(
    *, viewer: Viewer, company: Company, customer: NewCustomer, idempotency_key: str | None = None
) -> int:
    """Enter `customer`; its id. It belongs to whoever enters it, unless they may assign and name another owner.

    One that is somebody's customer or open lead already, by phone, email, tax number or name, is left to them.

    Raises Refused with InvalidInput, NotFound, NotPermitted, AlreadyExists (the external id is taken) or
    IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="customerCreate", key=idempotency_key, asked=customer)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _create(client, viewer, company, customer))
    return outcome.settle()


async def _create(client: TransactionClient, viewer: Viewer, company: Company, customer: NewCustomer) -> int:
    if not may(viewer, Action.KEEP_CUSTOMERS):
        raise Refused(NotPermitted())
    custom = await new_values(client, viewer, CustomFieldEntity.CUSTOMER, customer.custom_fields)
    ownership = await _checked_owner(client, viewer, customer, custom.problems)
    match = await _known(client, company, customer)
    if match and match.owner:
        ownership = Ownership(owner_id=match.owner.id, team_id=match.owner.team_id)
    with answering("customer_external_once", AlreadyExists(path=(*INPUT, "externalId"))):
        row = _customer_row(customer, ownership)
        row.custom_fields = dict(custom.after)
        row.created_at = now()
        await row.save(using_db=client)
    customer_id: int = row.id
    await insert_parts(client, customer_id, customer.contacts)
    await insert_parts(client, customer_id, customer.addresses)
    await append(
        client,
        aggregate=Aggregate.CUSTOMER,
        aggregate_id=customer_id,
        type=EventType.CUSTOMER_CREATED,
        before=None,
        payload={"version": row.version, "level": row.level, "by": viewer.user_id},
    )
    if match and match.lead_id:
        await link_to_customer(client, match.lead_id, customer_id, by=viewer.user_id)
    return customer_id


async def _known(client: TransactionClient, company: Company, customer: NewCustomer) -> Match | None:
    """Whose customer or lead this is already; nobody else enters the same one until the transaction ends."""
    contact = Contact(company=customer.name, email=customer.email, phone=customer.phone, tax_id=customer.tax_id)
    keys = await hold_keys(client, contact, country=company.country)
    return await find_match(client, keys, country=company.country)


async def _checked_owner(
    client: TransactionClient, viewer: Viewer, customer: NewCustomer, faults: Sequence[DomainError]
) -> Ownership:
    """Whose `customer` will be. Raises Refused with everything that is wrong with it, `faults` among that."""
    ownership = await choose_owner(client, viewer, Action.KEEP_CUSTOMERS, owner_id=customer.owner_id)
    managed = {"channelId": (CHANNEL, customer.channel_id), "regionId": (REGION, customer.region_id)}
    problems = [
        *customer_problems(customer, now=now()),
        *origin_problems(channel_id=customer.channel_id, external_id=customer.external_id),
        *refused(ownership),
        *await unseen(client, viewer, managed),
        *faults,
    ]
    if problems:
        raise Refused(*problems)
    return sound(ownership)


def _customer_row(customer: NewCustomer, ownership: Ownership) -> Customer:
    return Customer(
        name=customer.name,
        level=customer.level,
        value_class=customer.value_class,
        industry=customer.industry,
        email=customer.email,
        phone=customer.phone,
        tax_id=customer.tax_id,
        region_id=customer.region_id,
        channel_id=customer.channel_id,
        external_id=customer.external_id,
        owner_id=ownership.owner_id,
        team_id=ownership.team_id,
        preferences=customer.preferences,
        tags=list(customer.tags),
        birthday=customer.birthday,
        contract_day=customer.contract_day,
        last_seq=1,
    )
