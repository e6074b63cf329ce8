"""The rules that propose levels: editing them, and what they say, as SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson

from domain.customers import CustomerLevel
from domain.levels import LevelConfirmation, LevelRuleEntry
from domain.unset import Unset
from rows.custom_fields import CustomFields
from rows.entities import CUSTOMER
from rows.filters import parse_filter
from rows.tier_rules import Rules, joined
from rows.viewer import Viewer
from services.custom_fields.definitions import CustomFieldsInUse
from services.lists.filters import filter_problems
from services.lists.upsert import upsert_entry

_RULES = """
SELECT id, level, confirm, condition, (SELECT sum(version) FROM level_rule)::bigint AS version
FROM level_rule WHERE active ORDER BY rank, id
"""
_OTHERS = "SELECT condition FROM level_rule WHERE active AND code <> $1 ORDER BY rank, id"


@dataclass(frozen=True)
class LevelRules:
    """Active rules in their order. `version` grows whenever one is made or changed, for entries are never removed."""

    version: int
    rules: Rules
    ids: Sequence[int]
    levels: Sequence[CustomerLevel]
    automatic: Sequence[bool]


async def upsert_level_rule(
    *,
    viewer: Viewer,
    rule: LevelRuleEntry,
    custom_fields: CustomFields,
    expected_version: int | None,
    idempotency_key: str | None,
) -> int:
    """As `upsert_entry`, of a rule; where its filter means nothing, the path leads into it. All customers are asked.

    Active rules together may ask as much as tier rules may.
    """
    return await upsert_entry(
        viewer=viewer,
        entry=rule,
        expected_version=expected_version,
        idempotency_key=idempotency_key,
        problems=[]
        if isinstance(rule.filter, Unset)
        else await filter_problems(
            CUSTOMER, rule.filter, custom_fields, code=rule.code, column="filter", others=_OTHERS
        ),
    )


async def rules_in_force(connection: "asyncpg.Connection[Any]") -> LevelRules | None:
    """The active rules; None if there are none. Raises Refused where one means nothing any more."""
    rows = await connection.fetch(_RULES)
    if not rows:
        return None
    fields = await CustomFieldsInUse(connection.fetch).latest()
    return LevelRules(
        version=rows[0]["version"],
        rules=joined([parse_filter(CUSTOMER, orjson.loads(row["condition"]), fields) for row in rows]),
        ids=[row["id"] for row in rows],
        levels=[CustomerLevel(row["level"]) for row in rows],
        automatic=[row["confirm"] == LevelConfirmation.AUTOMATICALLY for row in rows],
    )
