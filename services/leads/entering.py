"""A lead that is sound is stored, with what follows from who it is: the one way in, from wherever it comes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.custom_fields.values import Stored
from domain.events import Aggregate, EventType
from domain.leads.entry import NewLead
from domain.leads.lead import LeadMove
from domain.leads.matching import Keys, Match
from domain.money import round_money
from domain.ownership import Ownership
from models import Lead
from models.connection import TransactionClient
from services.clock import now
from services.company import Company
from services.leads.matching import find_match, key_columns
from services.leads.moving import Hands, move_leads
from services.leads.placing import find_pool, pooled
from services.outbox import append

_PLAIN = (
    *("company", "contact_name", "email", "phone", "tax_id", "industry", "region_id", "source_id"),
    *("external_id", "intent", "interest"),
)


@dataclass(frozen=True, kw_only=True)
class SoundLead:
    """A lead with nothing wrong, and whose it is: `named` if somebody said so, else `otherwise` if no pool takes it.

    `keys` are held; `by` is the user who enters it, None for nobody.
    """

    lead: NewLead
    keys: Keys
    by: int | None
    named: Ownership | None = None
    otherwise: Ownership | None = None
    custom: Mapping[str, Stored] = field(default_factory=dict)


async def enter_lead(client: TransactionClient, company: Company, sound: SoundLead) -> int:
    """Store the lead; its id. Who it is named to stays as they are until the transaction ends.

    Raises IntegrityError by the constraint `lead_external_once`.
    """
    match = await find_match(client, sound.keys, country=company.country)
    row = _row(sound, match, company)
    await row.save(using_db=client)
    lead_id: int = row.id
    to, move = _owner(sound, match)
    if to is None and not (match and match.waits_elsewhere):
        pool_id = sound.lead.pool_id or await find_pool(client, lead_id)
        if pool_id is not None:
            waits = await pooled(client, pool_id, worth=row.expected_value, at=row.entered_at)
            await Lead.filter(id=lead_id).using_db(client).update(**waits)
        else:
            to = sound.otherwise
    await append(
        client,
        aggregate=Aggregate.LEAD,
        aggregate_id=lead_id,
        type=EventType.LEAD_CREATED,
        before=None,
        payload={"version": row.version, "by": sound.by},
    )
    if to is not None:
        rule = match.key.value if match and move is LeadMove.ROUTED else None
        hands = Hands(lead_id=lead_id, owner_id=to.owner_id, team_id=to.team_id, rule=rule, by=sound.by)
        await move_leads(client, move, [hands], at=row.entered_at)
    return lead_id


def _owner(sound: SoundLead, match: Match | None) -> tuple[Ownership | None, LeadMove]:
    """To whom the lead goes before any pool is asked, and why."""
    if match and match.owner:
        return Ownership(owner_id=match.owner.id, team_id=match.owner.team_id), LeadMove.ROUTED
    return sound.named, LeadMove.ASSIGNED


def _row(sound: SoundLead, match: Match | None, company: Company) -> Lead:
    worth = sound.lead.expected_value
    columns: dict[str, Any] = {name: getattr(sound.lead, name) for name in _PLAIN}
    return Lead(
        **columns,
        **key_columns(sound.keys),
        expected_value=None if worth is None else round_money(worth, company.currency),
        tags=list(sound.lead.tags),
        customer_id=match and match.customer_id,
        duplicate_of_id=match and match.lead_id,
        entered_at=now(),
        custom_fields=dict(sound.custom),
        last_seq=1,
    )
