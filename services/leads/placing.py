"""Into which pool a new lead goes."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson

from models.connection import TransactionClient
from rows.entities import LEAD
from rows.filters import parse_filter
from rows.parameters import Parameters
from rows.sql import Compiler
from rows.tier_rules import EVERYBODYS, first_met, joined, values_of
from services.custom_fields.definitions import CustomFieldsInUse

_POOLS = """
SELECT id, entry_filter FROM lead_pool WHERE active AND entry_filter IS NOT NULL ORDER BY rank, id FOR KEY SHARE
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
