"""Where a new lead goes: to whoever has the same person, to a named owner, or into a pool.

What follows for its owner's deadlines, and for pools that give their leads away, is not said here.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson

from domain.events import Aggregate, EventType
from domain.leads.lead import LeadMove
from domain.ownership import Ownership
from models import Lead, LeadAssignment
from models.connection import TransactionClient
from rows.entities import LEAD
from rows.filters import parse_filter
from rows.parameters import Parameters
from rows.sql import Compiler
from rows.tier_rules import EVERYBODYS, first_met, joined, values_of
from services.clock import now
from services.custom_fields.definitions import CustomFieldsInUse
from services.outbox import append

_POOLS = """
SELECT id, entry_filter FROM lead_pool WHERE active AND entry_filter IS NOT NULL ORDER BY rank, id FOR SHARE
"""
_HEAD_START = "SELECT head_start_minutes, head_start_value FROM lead_pool WHERE id = $1"


async def find_pool(client: TransactionClient, lead_id: int) -> int | None:
    """The first active pool, by rank, whose filter the stored lead meets; None if there is none."""
    pools = await client.connection.fetch(_POOLS)
    if not pools:
        return None
    fields = await CustomFieldsInUse(client.connection.fetch).latest()
    rules = joined([parse_filter(LEAD, orjson.loads(pool["entry_filter"]), fields) for pool in pools])
    compiler = Compiler(EVERYBODYS, Parameters({("own", 1): 1}))
    place = await client.connection.fetchval(
        f"SELECT {first_met(compiler, rules, LEAD, 't')} FROM lead t WHERE t.id = $1::bigint",  # noqa: S608  # values are bound
        lead_id,
        *values_of(compiler, rules),
    )
    return None if place is None else int(pools[place - 1]["id"])


async def pooled(client: TransactionClient, pool_id: int, *, worth: Decimal | None, at: datetime) -> dict[str, Any]:
    """The columns of a lead that begins to wait in a pool."""
    rule = await client.connection.fetchrow(_HEAD_START, pool_id)
    minutes, value = (rule["head_start_minutes"], rule["head_start_value"]) if rule else (None, None)
    early = minutes is not None and value is not None and worth is not None and worth >= value
    until = at + timedelta(minutes=minutes or 0) if early else None
    return {"pool_id": pool_id, "pooled_at": at, "head_start_until": until}


async def give(
    client: TransactionClient, lead: Lead, to: Ownership, *, move: LeadMove, rule: str | None, by: int | None
) -> None:
    """Make the locked `lead`, as it was read, that of `to`, who stays as they are; with history and event."""
    moment = now()
    columns = {"owner_id": to.owner_id, "team_id": to.team_id, "assigned_at": moment, "updated_at": moment}
    gone = {"pooled_at": None, "head_start_until": None}
    await Lead.filter(id=lead.id).using_db(client).update(**columns, **gone, last_seq=lead.last_seq + 1)
    await LeadAssignment.create(
        using_db=client,
        lead_id=lead.id,
        move=move,
        from_owner_id=lead.owner_id,
        from_team_id=lead.team_id,
        from_pool_id=lead.pool_id,
        to_owner_id=to.owner_id,
        to_team_id=to.team_id,
        to_pool_id=lead.pool_id,
        by_id=by,
        rule=rule,
        worth=lead.expected_value,
        at=moment,
    )
    facts = {"version": lead.version, "owner": to.owner_id, "team": to.team_id, "by": by}
    await append(
        client,
        aggregate=Aggregate.LEAD,
        aggregate_id=lead.id,
        type=EventType.LEAD_ASSIGNED,
        before=lead,
        payload=facts | {"fromOwner": lead.owner_id, "fromTeam": lead.team_id, "move": move},
    )


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
