"""Changing a lead."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.custom_fields.kinds import CustomFieldEntity
from domain.errors import AlreadyExists, Refused
from domain.events import Aggregate, EventType
from domain.leads.entry import (
    MATCHED_BY,
    NAMED_BY,
    LeadChanges,
    lead_problems,
    named_problems,
    source_problems,
)
from domain.leads.lead import OPEN, LeadMove
from domain.leads.matching import Keys
from domain.money import round_money
from domain.naming import camel
from domain.paths import INPUT
from domain.permissions import Action
from domain.text import is_storable
from domain.unset import given
from models import Lead
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import CHANNEL, LEAD, REGION
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.custom_fields.values import CheckedValues, changed_values
from services.idempotency import Request, once
from services.leads.locking import lock_lead_as
from services.leads.matching import Contact, find_match, hold_keys, key_columns
from services.leads.moving import Hands, move_leads
from services.outbox import append
from services.references import answering, unseen
from services.transaction import Forestalled, retrying, transaction


@dataclass(frozen=True, kw_only=True)
class _Held:
    """The keys of a lead that had this version."""

    keys: Keys
    version: int


@retrying
async def update_lead(
    *,
    viewer: Viewer,
    company: Company,
    lead_id: int,
    expected_version: int,
    changes: LeadChanges,
    idempotency_key: str | None = None,
) -> int:
    """Change the lead if it still has `expected_version`; its id.

    Its version grows by one, or not at all when nothing really changes. Where it becomes known by the change that it is
    the same person as somebody's customer or lead, it is linked to them, and goes there unless it has an owner. Raises
    Refused with NotFound, NotPermitted, VersionConflict, InvalidInput, AlreadyExists (the external id is taken) or
    IdempotencyKeyReused.
    """
    asked = {"id": lead_id, "expectedVersion": expected_version, "changes": changes}
    request = Request(principal=viewer.user_id, mutation="leadUpdate", key=idempotency_key, asked=asked)

    async def update() -> int:
        held = await _held(client, viewer, company, lead_id, changes)
        lead = await lock_lead_as(client, viewer, lead_id, expected_version, Action.ENTER_LEADS)
        if held and held.version != lead.version:
            raise Forestalled  # the keys are those of what it was before
        custom = await changed_values(
            client, viewer, CustomFieldEntity.LEAD, changes.custom_fields, before=lead.custom_fields
        )
        await _check(client, viewer, company, lead, changes, custom)
        changed = _changed(lead, changes, custom, company)
        if changed:
            with answering("lead_external_once", AlreadyExists(path=(*INPUT, "externalId"))):
                await _write(client, viewer, lead, changed, held)
            if held:
                await _match(client, viewer, company, lead_id, held.keys)
        return lead_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


async def _held(
    client: TransactionClient, viewer: Viewer, company: Company, lead_id: int, changes: LeadChanges
) -> _Held | None:
    """The keys that the lead will have, held; None where nothing is changed that it is matched by."""
    if MATCHED_BY.isdisjoint(changes.mentioned) or not await visible_ids(client, LEAD, viewer, [lead_id]):
        return None
    lead = await Lead.get(id=lead_id, using_db=client)
    contact = {name: given(getattr(changes, name), getattr(lead, name)) for name in MATCHED_BY}
    if not all(value is None or is_storable(value) for value in contact.values()):
        return None
    keys = await hold_keys(client, Contact(**contact), country=company.country)
    return _Held(keys=keys, version=lead.version)


async def _check(
    client: TransactionClient,
    viewer: Viewer,
    company: Company,
    lead: Lead,
    changes: LeadChanges,
    custom: CheckedValues,
) -> None:
    managed = {"sourceId": (CHANNEL, changes.source_id), "regionId": (REGION, changes.region_id)}
    problems = [
        *lead_problems(changes, currency=company.currency),
        *named_problems(*(given(getattr(changes, name), getattr(lead, name)) for name in NAMED_BY)),
        *source_problems(
            source_id=given(changes.source_id, lead.source_id),
            external_id=given(changes.external_id, lead.external_id),
        ),
        *await unseen(client, viewer, managed),
        *custom.problems,
    ]
    if problems:
        raise Refused(*problems)


def _changed(lead: Lead, changes: LeadChanges, custom: CheckedValues, company: Company) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(changes, name) for name in changes.mentioned}
    values["custom_fields"] = custom.after
    if "tags" in values:
        values["tags"] = list(values["tags"])
    if isinstance(worth := values.get("expected_value"), Decimal):
        values["expected_value"] = round_money(worth, company.currency)
    return {name: value for name, value in values.items() if getattr(lead, name) != value}


async def _write(
    client: TransactionClient, viewer: Viewer, lead: Lead, changed: dict[str, Any], held: _Held | None
) -> None:
    version, seq = lead.version + 1, lead.last_seq + 1
    keys = key_columns(held.keys) if held else {}
    await (
        Lead.filter(id=lead.id)
        .using_db(client)
        .update(**changed, **keys, version=version, last_seq=seq, updated_at=now())
    )
    await append(
        client,
        aggregate=Aggregate.LEAD,
        aggregate_id=lead.id,
        type=EventType.LEAD_UPDATED,
        before=lead,
        payload={"version": version, "changed": [camel(name) for name in changed], "by": viewer.user_id},
    )


async def _match(client: TransactionClient, viewer: Viewer, company: Company, lead_id: int, keys: Keys) -> None:
    """Link the lead to whoever it is known to be now, and leave it to their owner if it has none."""
    lead = await Lead.get(id=lead_id, using_db=client)
    if lead.status not in OPEN:
        return
    match = await find_match(client, keys, country=company.country, besides=lead_id)
    if match is None:
        return
    links = {"customer_id": lead.customer_id or match.customer_id}
    links |= {"duplicate_of_id": lead.duplicate_of_id or match.lead_id} if lead.owner_id is None else {}
    await Lead.filter(id=lead_id).using_db(client).update(**links)
    if match.owner and lead.owner_id is None:
        to = match.owner
        hands = Hands(lead_id=lead_id, owner_id=to.id, team_id=to.team_id, rule=match.key, by=viewer.user_id)
        await move_leads(client, LeadMove.ROUTED, [hands], at=now())
