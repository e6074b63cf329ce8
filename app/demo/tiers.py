"""The demo company's tier rules, in force, and its orders classified by them."""

from datetime import datetime
from typing import Any

import orjson

from models.connection import TransactionClient
from services.tiers.classify import classify_moved

_OF_KEY_ACCOUNTS = {"customer": {"level": {"eq": "KEY_ACCOUNT"}}}
_SIZEABLE = {"or": [{"baseTotal": {"gte": "1000"}}, {"frequency": {"days": 90, "gte": 10}}]}
RULES: tuple[tuple[str, str, int, int, dict[str, Any]], ...] = (
    ("strategic", "Large, or of a key account", 1, 60, {"or": [{"baseTotal": {"gte": "5000"}}, _OF_KEY_ACCOUNTS]}),
    (
        "key",
        "Sizeable, or of a frequent customer",
        2,
        240,
        _SIZEABLE,
    ),
    ("tail", "Small", 4, 2_880, {"baseTotal": {"lt": "50"}}),
    ("standard", "All others", 3, 1_440, {}),
)
"""The code of the tier, name, priority, minutes to respond, filter."""
_SET = """
INSERT INTO tier_rule_set (version, state, sole, number, stamp, edited_by_id, published_by_id, published_at, created_at,
                           updated_at)
VALUES (2, 'PUBLISHED', true, 1, gen_random_uuid(), $1, $1, $2, $2, $2) RETURNING id
"""
_RULE = """
INSERT INTO tier_rule (rule_set_id, rank, name, tier_id, priority, response_minutes, condition)
SELECT $1, $2, $3, id, $5, $6, $7::jsonb FROM tier WHERE code = $4
"""
_ORDERS = "SELECT id FROM sales_order ORDER BY id"


async def classify_by_rules(client: TransactionClient, *, by: int, at: datetime) -> None:
    """Put the rules into force as user `by` did `at` this moment, and give all orders their tiers."""
    rule_set = await client.connection.fetchval(_SET, by, at)
    for rank, (tier, name, priority, minutes, raw) in enumerate(RULES, start=1):
        condition = orjson.dumps(raw).decode()
        await client.connection.execute(_RULE, rule_set, rank, name, tier, priority, minutes, condition)
    await classify_moved(client, [row["id"] for row in await client.connection.fetch(_ORDERS)])
