"""Entering a lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.custom_fields.kinds import CustomFieldEntity
from domain.errors import AlreadyExists, DomainError, InvalidInput, NotPermitted, Refused
from domain.events import Aggregate, EventType
from domain.leads.entry import NAMED_BY, NewLead, lead_problems, named_problems, source_problems
from domain.leads.lead import LeadMove
from domain.leads.matching import Keys, Match
from domain.money import round_money
from domain.ownership import Ownership
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.problems import Problem
from models import Lead, LeadPool
from models.connection import TransactionClient
from rows.entities import CHANNEL, LEAD_POOL, REGION
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.custom_fields.values import CheckedValues, new_values
from services.idempotency import Request, once
from services.leads.matching import find_match, hold_keys, key_columns
from services.leads.placing import find_pool, give, pooled
from services.outbox import append
from services.ownership import choose_owner
from services.references import answering, refused, sound, unseen
from services.transaction import retrying, transaction


@dataclass(frozen=True, kw_only=True)
class _Entered:
    """A lead that may be stored: whose it is unless somebody has the same person, and if no pool takes it."""

    lead: NewLead
    keys: Keys
    match: Match | None
    ownership: Ownership
    custom: CheckedValues


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
    return outcome.settle()


async def _create(client: TransactionClient, viewer: Viewer, company: Company, lead: NewLead) -> int:
    if not may(viewer, Action.ENTER_LEADS):
        raise Refused(NotPermitted())
    custom = await new_values(client, viewer, CustomFieldEntity.LEAD, lead.custom_fields)
    if wrong := [*await _problems(client, viewer, company, lead), *custom.problems]:
        ownership = await choose_owner(client, viewer, Action.ENTER_LEADS, owner_id=lead.owner_id)
        raise Refused(*wrong, *refused(ownership))
    keys = await hold_keys(
        client, country=company.country, company=lead.company, email=lead.email, phone=lead.phone, tax_id=lead.tax_id
    )
    ownership = sound(await choose_owner(client, viewer, Action.ENTER_LEADS, owner_id=lead.owner_id))
    match = await find_match(client, keys, country=company.country)
    entered = _Entered(lead=lead, keys=keys, match=match, ownership=ownership, custom=custom)
    with answering("lead_external_once", AlreadyExists(path=(*INPUT, "externalId"))):
        return await _store(client, viewer, company, entered)


async def _problems(
    client: TransactionClient, viewer: Viewer, company: Company, lead: NewLead
) -> Sequence[DomainError]:
    managed = {
        "sourceId": (CHANNEL, lead.source_id),
        "regionId": (REGION, lead.region_id),
        "poolId": (LEAD_POOL, lead.pool_id),
    }
    problems: list[DomainError] = [
        *lead_problems(lead, currency=company.currency),
        *named_problems(*(getattr(lead, name) for name in NAMED_BY)),
        *source_problems(source_id=lead.source_id, external_id=lead.external_id),
        *await unseen(client, viewer, managed),
    ]
    if lead.pool_id is not None and not problems:
        if not may(viewer, Action.ASSIGN):
            problems.append(NotPermitted(path=(*INPUT, "poolId")))
        elif not (await LeadPool.get(id=lead.pool_id, using_db=client)).active:
            problems.append(InvalidInput(path=(*INPUT, "poolId"), problem=Problem.POOL_INACTIVE))
    return problems


async def _store(client: TransactionClient, viewer: Viewer, company: Company, entered: _Entered) -> int:
    row = _row(entered, company)
    await row.save(using_db=client)
    lead_id: int = row.id
    to, move = _owner(entered)
    if to is None and not (entered.match and entered.match.waits_elsewhere):
        pool_id = entered.lead.pool_id or await find_pool(client, lead_id)
        if pool_id is not None:
            waits = await pooled(client, pool_id, worth=row.expected_value, at=row.entered_at)
            await Lead.filter(id=lead_id).using_db(client).update(**waits)
        elif entered.ownership.owner_id is not None:
            to = entered.ownership
    await _tell(client, viewer, row)
    if to is not None:
        stored = await Lead.get(id=lead_id, using_db=client)
        rule = entered.match.key.value if entered.match and move is LeadMove.ROUTED else None
        await give(client, stored, to, move=move, rule=rule, by=viewer.user_id)
    return lead_id


def _owner(entered: _Entered) -> tuple[Ownership | None, LeadMove]:
    """To whom the lead goes before any pool is asked, and why."""
    if entered.match and entered.match.owner:
        owner = entered.match.owner
        return Ownership(owner_id=owner.id, team_id=owner.team_id), LeadMove.ROUTED
    return (entered.ownership if entered.lead.owner_id is not None else None), LeadMove.ASSIGNED


def _row(entered: _Entered, company: Company) -> Lead:
    lead, keys, match, moment = entered.lead, entered.keys, entered.match, now()
    worth = lead.expected_value
    columns: dict[str, Any] = {
        name: getattr(lead, name)
        for name in (
            *("company", "contact_name", "email", "phone", "tax_id", "industry", "region_id", "source_id"),
            *("external_id", "intent", "interest"),
        )
    }
    return Lead(
        **columns,
        **key_columns(keys),
        expected_value=None if worth is None else round_money(worth, company.currency),
        tags=list(lead.tags),
        customer_id=match and match.customer_id,
        duplicate_of_id=match and match.lead_id,
        entered_at=moment,
        custom_fields=dict(entered.custom.after),
        last_seq=1,
    )


async def _tell(client: TransactionClient, viewer: Viewer, lead: Lead) -> None:
    await append(
        client,
        aggregate=Aggregate.LEAD,
        aggregate_id=lead.id,
        type=EventType.LEAD_CREATED,
        before=None,
        payload={"version": lead.version, "by": viewer.user_id},
    )
