"""The demo company's tier rules, in force, and its orders classified by them."""

from datetime import datetime
from typing import Any

import asyncpg
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
_OVERRIDE = """
INSERT INTO order_tier_override (order_id, tier_id, priority, reason, at, expires_at, by_id)
SELECT o.id, t.id, 1, (ARRAY['Their shop opens on Monday', '客户要求加急'])[1 + o.id % 2], $2::timestamptz,
       $2::timestamptz + interval '7 days', $1::bigint
FROM sales_order o JOIN tier t ON t.code = 'strategic'
JOIN app_user u ON u.id = $1 JOIN team_closure c ON c.ancestor_id = u.team_id AND c.descendant_id = o.team_id
WHERE o.status IN ('APPROVED', 'PICKING', 'PENDING_REVIEW') AND o.tier_id <> t.id AND o.id % 5 = 0 ORDER BY o.id LIMIT 8
"""
_HOLDS = """
UPDATE sales_order o SET tier_override_id = v.id, tier_id = v.tier_id, priority = v.priority, tier_rule_id = NULL
FROM order_tier_override v WHERE v.order_id = o.id
"""
_ORDERS = "SELECT id FROM sales_order ORDER BY id"


async def classify_by_rules(client: TransactionClient, *, by: int, at: datetime) -> None:
    """Put the rules into force as user `by` did `at` this moment, and give all orders their tiers."""
    rule_set = await client.connection.fetchval(_SET, by, at)
    for rank, (tier, name, priority, minutes, raw) in enumerate(RULES, start=1):
        condition = orjson.dumps(raw).decode()
        await client.connection.execute(_RULE, rule_set, rank, name, tier, priority, minutes, condition)
    await classify_moved(client, [row["id"] for row in await client.connection.fetch(_ORDERS)])


async def override_some(connection: asyncpg.Connection, *, by: int, at: datetime) -> None:
    """A few orders of the manager's teams have another tier for a week, given by user `by` at the moment `at`."""
    await connection.execute(_OVERRIDE, by, at)
    await connection.execute(_HOLDS)
