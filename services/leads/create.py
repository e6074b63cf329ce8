"""Entering a lead."""

from collections.abc import Sequence

from domain.custom_fields.kinds import CustomFieldEntity
from domain.errors import AlreadyExists, DomainError, NotPermitted, Refused
from domain.leads.entry import NAMED_BY, NewLead, lead_problems, named_problems, source_problems
from domain.paths import INPUT
from domain.permissions import Action, may
from models.connection import TransactionClient
from rows.entities import CHANNEL, REGION
from rows.viewer import Viewer
from services.company import Company
from services.custom_fields.values import new_values
from services.idempotency import Request, once
from services.leads.entering import SoundLead, enter_lead
from services.leads.giving import give_waiting
from services.leads.matching import contact_of, hold_keys
from services.leads.pools import pool_problems
from services.ownership import choose_owner
from services.references import answering, refused, sound, unseen
from services.transaction import retrying, transaction


@retrying
async def create_lead(*, viewer: Viewer, company: Company, lead: NewLead, idempotency_key: str | None = None) -> int:
    """Enter `lead`; its id.

    If the same person is a customer, or an open lead, of somebody, it goes to them; if they wait for somebody, it waits
    with them. Else it goes to the owner or into the pool that were named, or into the first pool that takes it, or to
    whoever enters it. Raises Refused with InvalidInput, NotFound, NotPermitted, AlreadyExists (the external id is
    taken) or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="leadCreate", key=idempotency_key, asked=lead)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _create(client, viewer, company, lead))
    lead_id = outcome.settle()
    await give_waiting([lead_id])
    return lead_id


async def _create(client: TransactionClient, viewer: Viewer, company: Company, lead: NewLead) -> int:
    if not may(viewer, Action.ENTER_LEADS):
        raise Refused(NotPermitted())
    custom = await new_values(client, viewer, CustomFieldEntity.LEAD, lead.custom_fields)
    if wrong := [*await _problems(client, viewer, company, lead), *custom.problems]:
        ownership = await choose_owner(client, viewer, Action.ENTER_LEADS, owner_id=lead.owner_id)
        raise Refused(*wrong, *refused(ownership))
    keys = await hold_keys(client, contact_of(lead), country=company.country)
    ownership = sound(await choose_owner(client, viewer, Action.ENTER_LEADS, owner_id=lead.owner_id))
    owned = ownership if ownership.owner_id is not None else None
    entered = SoundLead(
        lead=lead,
        keys=keys,
        by=viewer.user_id,
        named=owned if lead.owner_id is not None else None,
        otherwise=owned,
        custom=custom.after,
    )
    with answering("lead_external_once", AlreadyExists(path=(*INPUT, "externalId"))):
        return await enter_lead(client, company, entered)


async def _problems(
    client: TransactionClient, viewer: Viewer, company: Company, lead: NewLead
) -> Sequence[DomainError]:
    managed = {"sourceId": (CHANNEL, lead.source_id), "regionId": (REGION, lead.region_id)}
    return [
        *lead_problems(lead, currency=company.currency),
        *named_problems(*(getattr(lead, name) for name in NAMED_BY)),
        *source_problems(source_id=lead.source_id, external_id=lead.external_id),
        *await unseen(client, viewer, managed),
        *(await pool_problems(client, viewer, lead.pool_id) if lead.pool_id is not None else ()),
    ]
