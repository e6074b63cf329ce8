"""The rules that propose levels: editing them, and what they say, as SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.customers import CustomerLevel
from domain.errors import InvalidInput, Refused
from domain.levels import LevelConfirmation, LevelRuleEntry
from domain.paths import INPUT
from domain.unset import Unset
from models.connection import TransactionClient
from rows.custom_fields import CustomFields
from rows.entities import CUSTOMER
from rows.filters import parse_filter
from rows.tier_rules import Rules, joined
from rows.viewer import Viewer
from services.custom_fields.definitions import CustomFieldsInUse
from services.lists.upsert import upsert_entry

_RULES = """
SELECT id, level, confirm, condition, (SELECT sum(version) FROM level_rule)::bigint AS version
FROM level_rule WHERE active ORDER BY rank, id
"""


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
    """As `upsert_entry`, of a rule; where its filter means nothing, the path leads into it. All customers are asked."""
    return await upsert_entry(
        viewer=viewer,
        entry=rule,
        expected_version=expected_version,
        idempotency_key=idempotency_key,
        problems=[] if isinstance(rule.filter, Unset) else _filter_problems(rule.filter, custom_fields),
    )


def _filter_problems(raw: Mapping[str, Any], custom_fields: CustomFields) -> list[InvalidInput]:
    try:
        parse_filter(CUSTOMER, raw, custom_fields)
    except Refused as refused:
        error = refused.errors[0]
        assert isinstance(error, InvalidInput)  # noqa: S101  # parse_filter raises no other
        return [InvalidInput(path=(*INPUT, "filter", *error.path), problem=error.problem, limit=error.limit)]
    return []


async def rules_in_force(client: TransactionClient) -> LevelRules | None:
    """The active rules; None if there are none. Raises Refused where one means nothing any more."""
    rows = await client.connection.fetch(_RULES)
    if not rows:
        return None
    fields = await CustomFieldsInUse(client.connection.fetch).latest()
    return LevelRules(
        version=rows[0]["version"],
        rules=joined([parse_filter(CUSTOMER, orjson.loads(row["condition"]), fields) for row in rows]),
        ids=[row["id"] for row in rows],
        levels=[CustomerLevel(row["level"]) for row in rows],
        automatic=[row["confirm"] == LevelConfirmation.AUTOMATICALLY for row in rows],
    )
