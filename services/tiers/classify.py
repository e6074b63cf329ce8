"""Orders are classified in the transaction that writes them.

A statement compiled from the rules in force does it, and says whether these rules still are: if not, it has done
nothing, and is made anew. Who reads the rules holds a lock on a row already, so that the transaction has a number: by
this the job that classifies after a publication knows for whom it has to wait.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg

from domain.events import Aggregate, EventType
from models import Order
from models.connection import TransactionClient
from rows.events import SUBJECTS
from rows.tier_rules import COLUMNS
from services.calendars.deadlines import due_in, new_due_in
from services.clock import now
from services.outbox import events_of
from services.tiers.rules import IN_FORCE, InForce, forget, known_rules, look_again, rules_that_stay

GIVEN = 6
_CURRENT = f"{IN_FORCE} = $1::uuid"
_RESULT = "($3::bigint[])[{0}], ($4::bigint[])[{0}], ($5::int[])[{0}], ($6::int[])[{0}]"
_TIER = "t.tier_rule_id, t.tier_id, t.priority, t.response_minutes, t.respond_by"
_MET = f"{_RESULT.format('met.place')}, met.respond_by"
# A statement of its own after the locks, so that it sees what was committed meanwhile. Most orders stay where they are,
# and those do whose tier somebody has overridden.
_CLASSIFY = f"""
WITH placed AS (
    SELECT t.id, t.placed_at, {{place}} AS place FROM sales_order t
    WHERE t.id = ANY ($7::bigint[]) AND t.tier_override_id IS NULL AND {_CURRENT}
), met AS MATERIALIZED (
    SELECT id, place, {due_in("($6::int[])[place]")} AS respond_by FROM placed t
), written AS (
    UPDATE sales_order t SET
        (tier_rule_id, tier_id, priority, response_minutes, respond_by, tier_version, last_seq) = (
            {_MET}, $2::int, t.last_seq + ($8 AND ({_TIER}) IS DISTINCT FROM ({_MET}))::int)
    FROM met
    WHERE t.id = met.id AND ({_TIER}, t.tier_version) IS DISTINCT FROM ({_MET}, $2)
    RETURNING new.*, old.last_seq <> new.last_seq AS moved
), told AS (
    {
    events_of(
        Aggregate.ORDER,
        EventType.ORDER_CLASSIFIED,
        rows="written t WHERE t.moved ORDER BY t.id",
        payload="jsonb_build_object('version', t.version, 'tierVersion', t.tier_version)",
        at="$9::timestamptz",
        before={name: f"t.{name}" for name in SUBJECTS[Aggregate.ORDER].facts},
    )
} RETURNING 1
)
SELECT ({_CURRENT}) IS TRUE AS current, (SELECT count(*) FROM told) AS told
"""  # noqa: S608  # of our own making
_NEW_COLUMNS = ", ".join(
    f"${number}::{of} AS {name}" for number, (name, of) in enumerate(COLUMNS.items(), start=GIVEN + 1)
)
_CLASSIFY_NEW = f"""
SELECT ({_CURRENT}) IS TRUE AS current, met.* FROM (
    SELECT ($3::bigint[])[place] AS tier_rule_id, ($4::bigint[])[place] AS tier_id, ($5::int[])[place] AS priority,
           ($6::int[])[place] AS response_minutes, {new_due_in("($6::int[])[place]")} AS respond_by,
           $2::int AS tier_version
    FROM (SELECT t.placed_at, {{place}} AS place FROM (SELECT NULL::bigint AS id, {_NEW_COLUMNS}) t) t
) met
"""  # noqa: S608  # of columns of ours
_NUMBERED = "SELECT pg_current_xact_id()::text"
_STALE = "INSERT INTO stale_tiers (customer_id, placed_from) VALUES ($1, $2)"
# Of the customer that it had, as of when it was placed, and of the one that it has.
_STALE_WRITTEN = """
INSERT INTO stale_tiers (customer_id, placed_from)
SELECT customer_id, min(placed_at)
FROM (SELECT $2::bigint AS customer_id, $3::timestamptz AS placed_at
      UNION ALL SELECT customer_id, placed_at FROM sales_order WHERE id = $1) placed
WHERE customer_id IS NOT NULL GROUP BY customer_id
"""
_STALE_OF_IMPORT = """
INSERT INTO stale_tiers (customer_id, placed_from)
SELECT customer_id, min(placed_at) FROM import_order
WHERE job_id = $1 AND order_id IS NOT NULL AND customer_id IS NOT NULL GROUP BY customer_id
"""
_STALE_CUSTOMERS = "INSERT INTO stale_tiers (customer_id) SELECT unnest($1::bigint[])"


async def classify_new(client: TransactionClient, order: Order) -> InForce | None:
    """Give `order`, which is not stored yet, its tier; the rules that did, if there are any. Its customer is held."""
    if order.customer_id is None:
        await client.connection.fetchval(_NUMBERED)
    values = [getattr(order, name) for name in COLUMNS]
    rules, found = await _by_rules(client, _CLASSIFY_NEW, values)
    if found is not None:
        for name in ("tier_rule_id", "tier_id", "priority", "response_minutes", "respond_by", "tier_version"):
            setattr(order, name, found[name])
    return rules


async def classify_written(client: TransactionClient, order: Order) -> None:
    """Classify the order, which is locked and was just written; `order` is what it was before."""
    rules, _ = await _classify(client, [order.id], tell=False)
    if rules and rules.rules.by_frequency:
        await client.connection.execute(_STALE_WRITTEN, order.id, order.customer_id, order.placed_at)


async def others_may_change(client: TransactionClient, order: Order, rules: InForce | None) -> None:
    """Where `rules` look at frequencies, tiers of the customer's later orders may: have them looked at, soon."""
    if order.customer_id is not None and rules and rules.rules.by_frequency:
        await client.connection.execute(_STALE, order.customer_id, order.placed_at)


async def classify_again(client: TransactionClient, order_ids: Sequence[int]) -> int:
    """Classify orders, locked before, that nobody writes otherwise: an event tells of each that moved; how many did."""
    _, told = await _classify(client, order_ids, tell=True)
    return told


async def classify_moved(client: TransactionClient, order_ids: Sequence[int]) -> None:
    """Classify orders that are locked and were just written, of which an event tells already.

    Their customers are not held: who changes one has its orders classified again, which waits for these locks.
    """
    await _classify(client, order_ids, tell=False)


async def customers_changed(client: TransactionClient, customer_ids: Sequence[int]) -> None:
    """Have the open orders of customers, which were just written, classified again within seconds if rules look there.

    Rules that are published later look at the customers as they are then.
    """
    rules = await rules_that_stay(client) if customer_ids else None
    if rules and rules.rules.by_customer:
        await client.connection.execute(_STALE_CUSTOMERS, list(customer_ids))


async def import_changed(client: TransactionClient, job_id: int, rules: InForce | None) -> None:
    """As `others_may_change`, for a batch of an import."""
    if rules and rules.rules.by_frequency:
        await client.connection.execute(_STALE_OF_IMPORT, job_id)


async def _classify(client: TransactionClient, order_ids: Sequence[int], *, tell: bool) -> tuple[InForce | None, int]:
    """By which rules, if there are any, and of how many orders an event tells."""
    rules, found = await _by_rules(client, _CLASSIFY, [list(order_ids), tell, now()])
    return rules, found["told"] if found else 0


async def _by_rules(
    client: TransactionClient, statement: str, own: Sequence[Any]
) -> tuple[InForce | None, asyncpg.Record | None]:
    """The rules in force, and the one row that the statement gives by them; None, twice, where there are none."""
    rules = await known_rules(client)
    while rules:
        sql, values = rules.compiled(statement, own=GIVEN + len(own))
        try:
            found = await client.connection.fetchrow(sql, *rules.given, *own, *values)
        except BaseException:  # a time that is over, too
            forget()
            raise
        assert found is not None  # noqa: S101  # it selects one row
        if found["current"]:
            return rules, found
        rules = await look_again(client)
    return None, None
